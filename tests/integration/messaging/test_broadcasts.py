"""A broadcast reaches exactly whom its seller was told of, each once, and stops when it is told to."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from broadcast_scene import (
    TEXT,
    add_buyers,
    begin,
    draft,
    go_on,
    know,
    people_of,
    phone_of,
    phones,
    reach,
    send_all,
    start,
    view,
)
from messaging_scene import NOON, Talk
from records import seller
from sqlalchemy import update

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.messaging.broadcasts import checking, drafts, running
from cube_demper.domain.messaging.broadcasts.errors import (
    NobodyToWrite,
    NotDraft,
    NotPaused,
    NotRunning,
    NumberBusy,
    ReachChanged,
)
from cube_demper.domain.messaging.broadcasts.feeding import PORTION
from cube_demper.domain.messaging.broadcasts.schemas import (
    BroadcastStatus,
    Danger,
    DraftInput,
    Exclusion,
)
from cube_demper.domain.messaging.errors import NumberNotFound, SendingStopped, TalkNotAgreed
from cube_demper.domain.messaging.gate_schemas import PauseReason, Reason
from cube_demper.domain.messaging.ports import NotOnWhatsApp
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.messages import QueueStatus
from cube_demper.models.messaging import WhatsAppSettings


class TestReach:
    async def test_a_person_with_many_orders_is_one(self, talk: Talk) -> None:
        await add_buyers(talk, 3)
        await talk.order(code="1")  # another person: of the scene
        await talk.order(code="2")
        assert (await reach(talk)).people == 4
        assert (await reach(talk, least_orders=2)).people == 1

    @pytest.mark.parametrize(
        ("narrowed", "people"),
        [
            ({"city": "Алматы"}, 3),
            ({"city": "Астана"}, 0),
            ({"product": "чайник"}, 3),
            ({"product": "100%"}, 0),
            ({"category": "Пледы"}, 0),
            ({"since": (NOON - timedelta(days=30)).date()}, 3),
            ({"since": (NOON - timedelta(days=29)).date()}, 0),
            ({"until": (NOON - timedelta(days=30)).date()}, 3),
            ({"until": (NOON - timedelta(days=31)).date()}, 0),
            ({"only_wrote": True}, 0),
        ],
    )
    async def test_the_filter_narrows(
        self, talk: Talk, narrowed: dict[str, Any], people: int
    ) -> None:
        await add_buyers(talk, 3)
        assert (await reach(talk, **narrowed)).people == people

    async def test_who_is_left_out_is_counted_by_reason(self, talk: Talk) -> None:
        await add_buyers(talk, 5)
        await know(talk, 1, opted_out_at=NOON)
        await know(talk, 2, is_on_whatsapp=False, checked_at=NOON)
        await know(talk, 3, heard_at=NOON)
        found = await reach(talk, only_wrote=True)
        assert (found.people, found.cold) == (1, 0)
        assert found.excluded == {
            Exclusion.OPTED_OUT: 1,
            Exclusion.NOT_ON_WHATSAPP: 1,
            Exclusion.NEVER_WROTE: 2,
        }

    async def test_a_hidden_phone_is_an_order_of_nobody(self, talk: Talk) -> None:
        await talk.order(code="1")
        await talk.order(code="2", buyer=Buyer("Айгерим", None))
        found = await reach(talk)
        assert (found.people, found.hidden_orders) == (1, 1)

    async def test_cancelled_orders_are_no_purchases(self, talk: Talk) -> None:
        await talk.order()
        await talk.see("790686780", "ARCHIVE", "CANCELLED")
        assert (await reach(talk)).people == 0

    async def test_who_just_got_one_rests(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        await begin(talk, 2)
        assert (await reach(talk)).excluded == {Exclusion.RESTING: 2}
        await send_all(talk)
        assert (await reach(talk)).excluded == {Exclusion.RESTING: 2}
        assert (await reach(talk, rest_days=0)).people == 2
        talk.clock.move(days=31)
        assert (await reach(talk)).people == 2


class TestTold:
    async def test_before_the_start(self, talk: Talk) -> None:
        await add_buyers(talk, 12)
        await know(talk, 3, heard_at=NOON, language="kk")
        broadcast = await draft(talk)
        async with talk.db.read() as tx:
            told = await checking.check(
                tx, seller(talk.user), broadcast, NOON, secrets=talk.services.secrets
            )
        assert (told.reach.people, told.reach.cold, len(told.samples)) == (12, 11, 3)
        assert told.samples[0].person == "Покупатель 3"
        assert told.samples[0].text.startswith("Покупатель 3, спасибо")
        assert (told.forecast.days, told.obstacle) == (1, "")
        assert told.risk.danger is Danger.MEDIUM

    async def test_what_stands_in_the_way(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        broadcast = await draft(talk)
        await talk.set_session(pause_reason=PauseReason.SELLER, paused_at=NOON)
        async with talk.db.read() as tx:
            told = await checking.check(
                tx, seller(talk.user), broadcast, NOON, secrets=talk.services.secrets
            )
        assert "остановлена" in told.obstacle
        with pytest.raises(SendingStopped):
            await start(talk, broadcast, 1)


class TestSent:
    async def test_each_phone_once_and_then_it_is_over(self, talk: Talk) -> None:
        await add_buyers(talk, 45)
        broadcast = await begin(talk, 45)
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(n) for n in range(1, 46))
        found = await view(talk, broadcast)
        assert (found.status, found.progress.sent) == (BroadcastStatus.DONE, 45)
        assert found.ended_at is not None

    async def test_the_queue_holds_a_portion(self, talk: Talk) -> None:
        await add_buyers(talk, 60)
        broadcast = await begin(talk, 60)
        for _ in range(5):
            await talk.work(minutes=1)
            waiting = [row for row in await talk.queue() if row.status == QueueStatus.WAITING]
            assert 0 < len(waiting) <= PORTION
        assert (await view(talk, broadcast)).progress.waiting == 55

    async def test_a_notice_goes_first(self, talk: Talk) -> None:
        await add_buyers(talk, 5)
        await begin(talk, 5)
        await talk.work()
        await talk.order()
        assert "790686780" in (await talk.work(minutes=1))[0]

    async def test_it_leaves_to_notices_what_they_need(self, talk: Talk) -> None:
        await talk.set_session(daily_limit=3)
        await add_buyers(talk, 5)
        for code in range(1, 8):
            await talk.order(code=str(code))
        await send_all(talk)
        talk.clock.move(days=1)
        before = len(talk.whatsapp.sent)
        await begin(talk, 6)
        for _ in range(10):
            await talk.work(minutes=1)
        assert len(talk.whatsapp.sent) - before == 2

    async def test_who_asks_for_silence_meanwhile_is_dropped(self, talk: Talk) -> None:
        await add_buyers(talk, 30)
        broadcast = await begin(talk, 30)
        await talk.work()
        for number in (1, 25):  # one is in the queue already, one is still to come
            await know(talk, number, opted_out_at=talk.clock.now())
        await send_all(talk)
        found = (await view(talk, broadcast)).progress
        assert (found.sent, found.dropped) == (28, {Reason.OPTED_OUT: 2})
        assert not {phone_of(1), phone_of(25)} & set(phones(talk))

    async def test_what_whatsapp_does_not_know_is_counted(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        talk.whatsapp.checks = [NotOnWhatsApp()]
        broadcast = await begin(talk, 2)
        await send_all(talk)
        found = (await view(talk, broadcast)).progress
        assert (found.sent, found.dropped) == (1, {Reason.NOT_ON_WHATSAPP: 1})

    async def test_an_answer_is_seen(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        broadcast = await begin(talk, 2)
        await send_all(talk)
        await know(talk, 1, heard_at=talk.clock.now())
        assert (await view(talk, broadcast)).progress.answered == 1


class TestStanding:
    async def test_pause_go_on_and_nobody_twice(self, talk: Talk) -> None:
        await add_buyers(talk, 30)
        broadcast, who = await begin(talk, 30), seller(talk.user)
        await talk.work()
        async with talk.db.write() as tx:
            assert await running.pause(tx, who, broadcast) == PORTION - 1
        assert await talk.work(minutes=5) == []
        assert (await view(talk, broadcast)).progress.waiting == 29
        await go_on(talk, broadcast)
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(n) for n in range(1, 31))

    async def test_stop_is_for_good(self, talk: Talk) -> None:
        await add_buyers(talk, 3)
        broadcast, who = await begin(talk, 3), seller(talk.user)
        await talk.work()
        async with talk.db.write() as tx:
            await running.stop(tx, who, broadcast, talk.clock.now())
        await send_all(talk)
        found = await view(talk, broadcast)
        assert (found.status, found.progress.sent, found.progress.waiting) == ("stopped", 1, 2)
        with pytest.raises(NotRunning):
            async with talk.db.write() as tx:
                await running.pause(tx, who, broadcast)
        with pytest.raises(NotPaused):
            await go_on(talk, broadcast)

    async def test_a_pause_between_choosing_and_sending_holds(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        broadcast = await begin(talk, 1)

        async def pausing(session: str, chat_id: str) -> bool:
            async with talk.db.write() as tx:
                await running.pause(tx, seller(talk.user), broadcast)
            return True

        talk.whatsapp.start_typing = pausing  # type: ignore[method-assign]
        assert await talk.work() == []
        (person,) = await people_of(talk, broadcast)
        assert (person.queued_at, person.message_id) == (None, None)


class TestRefused:
    async def test_a_draft_is_checked(self, talk: Talk) -> None:
        for given in (
            DraftInput(" "),
            DraftInput("x" * 61),
            DraftInput("Имя", "{nobody}"),
            DraftInput("Имя", "x" * 1001),
        ):
            with pytest.raises(InvalidInput):
                async with talk.db.write() as tx:
                    await drafts.create(tx, seller(talk.user), given, NOON)

    async def test_only_a_draft_is_changed_and_started(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        broadcast = await begin(talk, 1)
        with pytest.raises(NotDraft):
            async with talk.db.write() as tx:
                await drafts.change(tx, seller(talk.user), broadcast, DraftInput("Имя", TEXT))
        with pytest.raises(NotDraft):
            await start(talk, broadcast, 1)
        assert len(await people_of(talk, broadcast)) == 1

    async def test_the_number_told_is_the_number_written_to(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        broadcast = await draft(talk)
        with pytest.raises(ReachChanged):
            await start(talk, broadcast, 3)
        assert await people_of(talk, broadcast) == []
        with pytest.raises(NobodyToWrite):
            await begin(talk, 0, city="Астана")

    async def test_one_broadcast_a_number(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        await begin(talk, 2)
        with pytest.raises(NumberBusy):
            await begin(talk, 2, rest_days=0)

    async def test_without_number_or_agreement(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        broadcast = await draft(talk)
        await talk.set_session(status="FAILED")
        with pytest.raises(NumberNotFound):
            await start(talk, broadcast, 1)
        await talk.set_session(status="WORKING")
        async with talk.db.write() as tx:
            await tx.execute(update(WhatsAppSettings).values(consented_at=None))
        with pytest.raises(TalkNotAgreed):
            await start(talk, broadcast, 1)

    async def test_a_copy_is_a_draft_of_its_own(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        broadcast = await begin(talk, 1, least_orders=1)
        async with talk.db.write() as tx:
            copy = await drafts.copy(tx, seller(talk.user), broadcast, NOON)
        found = await view(talk, copy)
        assert (found.status, found.name, found.text_ru) == ("draft", "Осень (копия)", TEXT)
        async with talk.db.write() as tx:
            await drafts.remove(tx, seller(talk.user), copy)
