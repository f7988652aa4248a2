"""Every buyer is told once: from an order's event through the gate to WhatsApp, and what stops it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from messaging_scene import NOON, PHONE, Talk, add_number
from orders_made import seen, write
from sqlalchemy import select, update

from cube_demper.core.errors import PermissionDenied
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM
from cube_demper.domain.messaging import contacts, scheduling
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason
from cube_demper.domain.messaging.ports import (
    NewChatQuota,
    NotOnWhatsApp,
    RefusalReason,
    RefusedSend,
    UnknownSend,
)
from cube_demper.domain.messaging.scheduling import Draft
from cube_demper.domain.orders.statuses import Facts
from cube_demper.models.accounts import User
from cube_demper.models.messages import MessageStatus, QueueStatus, WhatsAppMessage
from cube_demper.models.messaging import (
    PauseReason,
    WhatsAppContact,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.operations import Notification
from cube_demper.models.orders import Order

SENT = Facts(is_handed_over=True)


class TestOnce:
    async def test_a_new_order_is_told_once_with_its_words(self, talk: Talk) -> None:
        await talk.order()
        (text,) = await talk.work()
        assert "790686780" in text
        assert "12\u00a0990\u00a0₸" in text
        assert "Айгерим Тестова" in text
        assert [to.chat_id for to, _ in talk.whatsapp.sent] == ["77010000001@c.us"]
        assert talk.whatsapp.typed == ["77010000001@c.us"]
        order = await talk.read("790686780")
        assert order.wa_approved_sent_at is not None
        assert await talk.work(hours=1) == []

    async def test_a_status_seen_twice_is_one_message(self, talk: Talk) -> None:
        await talk.order()
        assert await talk.follow() == 0
        assert len(await talk.queue()) == 1

    async def test_the_moment_of_sending_is_written_once(self, talk: Talk) -> None:
        order = await talk.order()
        async with talk.db.write() as tx:
            await tx.execute(update(Order).values(wa_approved_sent_at=NOON))
        await talk.work()
        assert (await talk.read(order.kaspi_order_code)).wa_approved_sent_at == NOON

    async def test_the_first_import_of_old_orders_schedules_nothing(self, talk: Talk) -> None:
        old = seen("1", "NEW", "APPROVED_BY_BANK", NOON - timedelta(days=3))
        await write(
            talk.db, talk.store, [old], talk.clock.now(),
            secrets=talk.services.secrets, started_at=talk.clock.now(), is_importing=True,
        )  # fmt: skip
        assert await talk.follow() == 0
        assert await talk.queue() == []

    async def test_the_whole_way_of_an_order(self, talk: Talk) -> None:
        await talk.order()
        await talk.work()
        talk.clock.move(hours=1)
        way = ("KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT")
        await talk.see("790686780", *way, facts=SENT)
        assert "отправлен" in (await talk.work())[0]
        talk.clock.move(hours=1)
        await talk.see("790686780", *way, facts=Facts(is_handed_over=True, has_arrived=True))
        assert "можно забрать" in (await talk.work())[0]
        talk.clock.move(hours=1)
        await talk.see("790686780", "ARCHIVE", "COMPLETED")
        assert await talk.work() == []
        assert "отзыв" in (await talk.work(days=1))[0]
        order = await talk.read("790686780")
        assert order.wa_shipped_sent_at
        assert order.wa_delivered_sent_at
        assert order.wa_review_sent_at
        assert order.wa_completed_sent_at is None

    async def test_the_same_text_is_not_sent_to_the_same_person_twice(self, talk: Talk) -> None:
        for number in (1, 2):
            await _say(talk, f"broadcast:{number}", "Скидки до пятницы", MessageKind.BROADCAST)
        assert await talk.work() == ["Скидки до пятницы"]
        assert await talk.work(minutes=5) == []
        reasons = [
            row.reason for row in await talk.queue()
        ]  # which of two equal ones left is chance
        assert sorted(reasons, key=str) == [None, Reason.SAME_TEXT]


class TestNobodyIsWrittenTo:
    @pytest.mark.parametrize("what", ["consent", "store", "phone"])
    async def test_without_consent_switch_or_phone(self, talk: Talk, what: str) -> None:
        async with talk.db.write() as tx:
            if what == "consent":
                await tx.execute(update(WhatsAppSettings).values(consented_at=None))
            if what == "store":
                await tx.execute(update(WhatsAppStore).values(is_enabled=False))
        buyer = {"buyer": seen("1", "", "", NOON).buyer.__class__("Айгерим", None)}
        await talk.order(**(buyer if what == "phone" else {}))
        assert await talk.queue() == []

    async def test_for_a_blocked_seller_until_they_are_let_in_again(self, talk: Talk) -> None:
        await talk.order()
        async with talk.db.write() as tx:
            await tx.execute(update(User).values(is_blocked=True))
        assert await talk.work() == []
        async with talk.db.write() as tx:
            await tx.execute(update(User).values(is_blocked=False))
        assert len(await talk.work(minutes=11)) == 1

    async def test_a_cancelled_order_is_dropped_at_the_last_moment(self, talk: Talk) -> None:
        await talk.order()
        await talk.set_session(free_at=talk.clock.now() + timedelta(minutes=10))
        assert await talk.work() == []
        await talk.see("790686780", "ARCHIVE", "CANCELLED")
        assert await talk.work(minutes=11) == []
        (row,) = await talk.queue()
        assert (row.status, row.reason) == (QueueStatus.DROPPED, Reason.CANCELLED)

    async def test_an_order_cancelled_while_typing_is_not_told(self, talk: Talk) -> None:
        await talk.order()

        async def cancel(session: str, chat_id: str) -> bool:
            await talk.see("790686780", "ARCHIVE", "CANCELLED")
            return True

        talk.whatsapp.start_typing = cancel  # type: ignore[method-assign]
        assert await talk.work() == []
        assert [row.reason for row in await talk.queue()] == [Reason.CANCELLED]

    async def test_a_person_who_asked_for_silence(self, talk: Talk) -> None:
        await talk.order()
        async with talk.db.write() as tx:
            contact = (await tx.scalars(select(WhatsAppContact))).one()
            await contacts.hear(tx, contact.id, "Тоқта", talk.clock.now())
        assert await talk.work() == []
        assert [row.reason for row in await talk.queue()] == [Reason.OPTED_OUT]

    async def test_a_number_that_is_not_there_is_asked_once(self, talk: Talk) -> None:
        talk.whatsapp.checks = [NotOnWhatsApp()]
        await talk.order("1")
        await talk.order("2")
        assert await talk.work() == []
        assert await talk.work(minutes=5) == []
        assert {row.reason for row in await talk.queue()} == {Reason.NOT_ON_WHATSAPP}
        assert talk.whatsapp.asked == [PHONE.lstrip("+")]

    async def test_a_known_number_is_not_asked_again(self, talk: Talk) -> None:
        await talk.order("1")
        await talk.work()
        await talk.order("2")
        await talk.work(minutes=5)
        assert len(talk.whatsapp.sent) == 2
        assert len(talk.whatsapp.asked) == 1

    async def test_what_a_store_switched_off_meanwhile(self, talk: Talk) -> None:
        await talk.order()
        async with talk.db.write() as tx:
            await tx.execute(update(WhatsAppStore).values(is_enabled=False))
        assert await talk.work() == []
        assert [row.reason for row in await talk.queue()] == [Reason.SWITCHED_OFF]


class TestPace:
    async def test_two_messages_of_one_number_are_half_a_minute_apart(self, talk: Talk) -> None:
        for code in ("1", "2", "3"):
            await talk.order(code)
        assert len(await talk.work()) == 1
        first = await talk.session()
        assert first.free_at is not None
        assert await talk.work(seconds=15) == []
        assert len(await talk.work(seconds=60)) == 1

    async def test_two_numbers_do_not_wait_for_each_other(self, talk: Talk) -> None:
        other = await add_number(
            talk.db, talk.services, talk.user, own_phone="+77010000098", label="Второй"
        )
        await talk.order("1")
        await _say(talk, "b", "Скидки", MessageKind.BROADCAST, session_id=other)
        assert len(await talk.work()) == 2

    async def test_nobody_is_written_to_at_night(self, talk: Talk) -> None:
        talk.clock.move(hours=10)
        await talk.order()
        assert await talk.work() == []
        planned = (await talk.session()).next_at
        assert planned is not None
        assert planned - NOON == timedelta(hours=21)
        assert len(await talk.work(hours=11)) == 1

    async def test_the_days_budget_holds_for_the_number_though_it_is_linked_anew(
        self, talk: Talk
    ) -> None:
        await talk.set_session(daily_limit=1)
        await talk.order("1")
        assert len(await talk.work()) == 1
        again = await add_number(talk.db, talk.services, talk.user, name="again", daily_limit=1)
        await _say(talk, "b", "Скидки", MessageKind.BROADCAST, session_id=again)
        assert await talk.work(minutes=5) == []
        assert len(await talk.work(hours=22)) == 1

    async def test_what_matters_more_goes_first(self, talk: Talk) -> None:
        await _say(talk, "b", "Скидки", MessageKind.BROADCAST)
        await talk.order()
        assert "790686780" in (await talk.work())[0]

    async def test_the_sellers_own_hours(self, talk: Talk) -> None:
        await talk.set_session(quiet_start=time(11), quiet_end=time(13))
        await talk.order()
        assert await talk.work() == []
        assert len(await talk.work(hours=1, minutes=1)) == 1


class TestTrouble:
    async def test_an_unknown_outcome_is_found_and_never_repeated(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [UnknownSend()]
        await talk.order()
        await talk.work()
        assert [row.status for row in await talk.queue()] == [QueueStatus.UNKNOWN]
        talk.whatsapp.is_found = True
        assert await talk.work(minutes=2) == []
        assert [row.status for row in await talk.queue()] == [QueueStatus.SENT]
        assert (await talk.read("790686780")).wa_approved_sent_at is not None

    async def test_what_is_not_found_in_ten_minutes_stays_unknown(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [UnknownSend()]
        await talk.order()
        await talk.work()
        talk.whatsapp.is_found = False
        assert await talk.work(minutes=11) == []
        (row,) = await talk.queue()
        assert (row.status, row.reason) == (QueueStatus.UNKNOWN, Reason.OUTCOME_UNKNOWN)
        assert row.done_at is not None
        assert await talk.work(hours=3) == []
        assert len(talk.whatsapp.sent) == 1

    async def test_a_webhook_that_comes_late_settles_it(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [UnknownSend()]
        await talk.order()
        await talk.work()
        await talk.work(minutes=11)
        async with talk.db.write() as tx:
            await tx.execute(update(WhatsAppMessage).values(status=MessageStatus.DELIVERED))
        await talk.work(minutes=1)
        assert [row.status for row in await talk.queue()] == [QueueStatus.SENT]
        assert [it.status for it in await talk.messages()] == [MessageStatus.DELIVERED]

    async def test_a_time_lock_silences_the_number_and_tells_the_seller(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [RefusedSend(RefusalReason.TIME_LOCKED)]
        await talk.order("1")
        await talk.work()
        session = await talk.session()
        assert session.pause_reason == PauseReason.TIMELOCK
        assert [row.status for row in await talk.queue()] == [QueueStatus.WAITING]
        assert [it.kind for it in await _told(talk)] == ["whatsapp_paused"]
        assert await talk.work(hours=1) == []
        assert len(await talk.work(hours=6)) == 1

    async def test_a_quota_without_new_chats_silences_it_before_anything_leaves(
        self, talk: Talk
    ) -> None:
        talk.whatsapp.quota = NewChatQuota(is_capped=True)
        await talk.order()
        assert await talk.work() == []
        assert (await talk.session()).pause_reason == PauseReason.CAPPED
        assert talk.whatsapp.sent == []

    async def test_refusals_in_a_row_are_a_sign_of_a_ban(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [RefusedSend(RefusalReason.WRONG_REQUEST)] * 3
        for code in ("1", "2", "3", "4"):
            await talk.order(code)
        for _ in range(4):
            await talk.work(minutes=2)
        assert len(talk.whatsapp.sent) == 3
        assert (await talk.session()).pause_reason == PauseReason.REFUSED

    async def test_a_signed_out_number_is_told_of(self, talk: Talk) -> None:
        await talk.order()
        await talk.set_session(status="FAILED")
        assert await talk.work() == []
        assert (await talk.session()).pause_reason == PauseReason.FAILED
        assert len(await _told(talk)) == 1

    async def test_after_an_hour_without_waha_the_owner_is_asked(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [RefusedSend(RefusalReason.UNREACHABLE)]
        await talk.order()
        await talk.work()
        assert len(talk.whatsapp.sent) == 1
        assert await talk.work(hours=1, minutes=5) == []
        assert (await talk.session()).pause_reason == PauseReason.OUTAGE
        (told,) = await _told(talk)
        assert "больше часа" in told.title
        assert told.body.startswith("В очереди 1\u00a0сообщение.")

    async def test_a_short_absence_is_nobodys_business(self, talk: Talk) -> None:
        talk.whatsapp.outcomes = [RefusedSend(RefusalReason.UNREACHABLE)]
        await talk.order()
        await talk.work()
        assert len(await talk.work(minutes=5)) == 1
        assert (await talk.session()).away_since is None
        assert await _told(talk) == []

    async def test_what_surely_did_not_leave_does_not_cost_budget(self, talk: Talk) -> None:
        await talk.set_session(daily_limit=1)
        talk.whatsapp.outcomes = [RefusedSend(RefusalReason.UNREACHABLE)]
        await talk.order()
        await talk.work()
        assert len(await talk.work(minutes=5)) == 1

    async def test_a_dead_workers_message_is_looked_for(self, talk: Talk) -> None:
        await talk.order()

        async def die(*_: object) -> None:
            raise ConnectionError("the process is gone")

        talk.whatsapp.send_text = die  # type: ignore[method-assign, assignment]
        await talk.work()
        assert [row.status for row in await talk.queue()] == [QueueStatus.SENDING]
        talk.whatsapp.is_found = True
        await talk.work(minutes=3)
        await talk.work(minutes=1)
        assert [row.status for row in await talk.queue()] == [QueueStatus.SENT]


async def test_only_the_product_itself_queues_for_orders(talk: Talk) -> None:
    order = await talk.order()
    payload = {"order_id": str(order.id), "status": "APPROVED"}
    async with talk.db.write() as tx:
        with pytest.raises(PermissionDenied):
            await scheduling.follow_order(
                tx, NOBODY, payload, talk.clock.now(), secrets=talk.services.secrets
            )
        assert SYSTEM.role is not NOBODY.role


async def _say(
    talk: Talk, key: str, body: str, kind: MessageKind, session_id: object = None
) -> None:
    secrets = talk.services.secrets
    async with talk.db.write() as tx:
        contact = await contacts.contact_of(tx, talk.user.id, PHONE, "Айгерим", secrets=secrets)
        draft = Draft(
            user_id=talk.user.id,
            session_id=session_id or talk.session_id,  # type: ignore[arg-type]
            contact_id=contact,
            kind=kind,
            key=key,
            body=body,
            scheduled_at=talk.clock.now(),
        )
        assert await scheduling.schedule(tx, draft, secrets=secrets)


async def _told(talk: Talk) -> list[Notification]:
    async with talk.db.read() as tx:
        return list((await tx.scalars(select(Notification))).all())
