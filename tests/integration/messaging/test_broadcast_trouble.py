"""A broadcast in trouble: nobody gets it twice, nobody is lost, and its page says why it waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, time, timedelta
from uuid import UUID

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
from messaging_scene import NOON, Talk, add_number
from orders_made import seen, write
from records import add_store, seller
from sqlalchemy import delete, select, update
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import CubeError
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.domain.messaging.broadcasts import drafts, running
from cube_demper.domain.messaging.broadcasts.errors import NotDraft, NumberBusy
from cube_demper.domain.messaging.broadcasts.schemas import BroadcastStatus, DraftInput
from cube_demper.domain.messaging.gate_schemas import PauseReason, Reason
from cube_demper.domain.messaging.ports import RefusalReason, RefusedSend
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.accounts import User
from cube_demper.models.billing import Subscription
from cube_demper.models.broadcasts import BroadcastPerson
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession
from cube_demper.models.orders import Order


async def errors_of(*acts: Awaitable[object]) -> list[type[CubeError]]:
    """Do all at once; return what they refused with."""
    found = await asyncio.gather(*acts, return_exceptions=True)
    for it in found:
        if isinstance(it, BaseException) and not isinstance(it, CubeError):
            raise it
    return [type(it) for it in found if isinstance(it, CubeError)]


async def set_plan_end(talk: Talk, at: datetime) -> None:
    async with talk.db.write() as tx:
        await tx.execute(update(Subscription).values(current_period_end=at))


async def pause(talk: Talk, broadcast: UUID) -> None:
    async with talk.db.write() as tx:
        await running.pause(tx, seller(talk.user), broadcast)


class TestAtOnce:
    async def test_two_tabs_start_one_draft(self, talk: Talk) -> None:
        await add_buyers(talk, 3)
        broadcast = await draft(talk)
        refused = await errors_of(start(talk, broadcast, 3), start(talk, broadcast, 3))
        assert refused == [NotDraft]
        assert len(await people_of(talk, broadcast)) == 3
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(number) for number in (1, 2, 3))

    async def test_two_drafts_want_one_number(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        both = [await draft(talk, rest_days=0) for _ in range(2)]
        assert await errors_of(*(start(talk, it, 2) for it in both)) == [NumberBusy]
        statuses = Counter([(await view(talk, it)).status for it in both])
        assert statuses == {BroadcastStatus.RUNNING: 1, BroadcastStatus.DRAFT: 1}

    async def test_one_tab_starts_while_another_writes(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        broadcast = await draft(talk)

        async def write_anew() -> None:
            async with talk.db.write() as tx:
                given = DraftInput("Осень", f"{TEXT} И ещё.")
                await drafts.change(tx, seller(talk.user), broadcast, given)

        refused = await errors_of(start(talk, broadcast, 1), write_anew())
        await send_all(talk)
        ending = "побеспокоим." if refused == [NotDraft] else "И ещё."
        assert [text[-len(ending) :] for _, text in talk.whatsapp.sent] == [ending]

    async def test_two_tabs_pause_and_go_on(self, talk: Talk) -> None:
        await add_buyers(talk, 3)
        broadcast = await begin(talk, 3)
        await talk.work()
        assert len(await errors_of(pause(talk, broadcast), pause(talk, broadcast))) == 1
        assert len(await errors_of(go_on(talk, broadcast), go_on(talk, broadcast))) == 1
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(number) for number in (1, 2, 3))


class TestOnItsWay:
    """Its seller presses the button while a call is out, and WAHA is not there to take it."""

    async def _halt(self, talk: Talk, deed: str) -> UUID:
        await add_buyers(talk, 2)
        broadcast = await begin(talk, 2)
        send = talk.whatsapp.send_text

        async def meanwhile(*_: object) -> RefusedSend:
            talk.whatsapp.send_text = send  # type: ignore[method-assign]
            if deed == "pause":
                await pause(talk, broadcast)
            else:
                async with talk.db.write() as tx:
                    await running.stop(tx, seller(talk.user), broadcast, talk.clock.now())
            return RefusedSend(RefusalReason.UNREACHABLE)

        talk.whatsapp.send_text = meanwhile  # type: ignore[method-assign, assignment]
        await talk.work()
        return broadcast

    async def test_nothing_leaves_after_the_stop(self, talk: Talk) -> None:
        broadcast = await self._halt(talk, "stop")
        assert await talk.work(minutes=10) == []
        assert (await view(talk, broadcast)).progress.sent == 0
        assert await talk.queue() == []

    async def test_nothing_leaves_in_a_pause_and_nobody_is_lost(self, talk: Talk) -> None:
        broadcast = await self._halt(talk, "pause")
        assert await talk.work(minutes=10) == []
        assert (await view(talk, broadcast)).progress.waiting == 2
        await go_on(talk, broadcast)
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(number) for number in (1, 2))


class TestNumber:
    async def test_banned_in_the_middle(self, talk: Talk) -> None:
        await add_buyers(talk, 4)
        broadcast = await begin(talk, 4)
        await talk.work()
        await talk.set_session(pause_reason=PauseReason.REFUSED, paused_at=talk.clock.now())
        assert await talk.work(minutes=30) == []
        found = await view(talk, broadcast)
        assert (found.status, found.held, found.progress.sent) == ("running", Reason.PAUSED, 1)
        await talk.set_session(pause_reason=None, paused_at=None)
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(number) for number in range(1, 5))

    async def test_removed_in_the_middle(self, talk: Talk) -> None:
        await add_buyers(talk, 4)
        broadcast = await begin(talk, 4)
        await talk.work()
        async with talk.db.write() as tx:
            gone = delete(WhatsAppSession).where(col(WhatsAppSession.id) == talk.session_id)
            await tx.execute(gone)
        await add_number(talk.db, talk.services, talk.user, own_phone="+77010000098")
        assert await talk.work(minutes=5) == []
        assert (await view(talk, broadcast)).held is Reason.NO_NUMBER
        await pause(talk, broadcast)
        await go_on(talk, broadcast)
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(number) for number in range(1, 5))
        assert (await view(talk, broadcast)).status is BroadcastStatus.DONE

    async def test_at_night_it_waits_and_says_so(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        await talk.set_session(quiet_start=time(11), quiet_end=time(13))
        broadcast = await begin(talk, 2)
        assert await talk.work() == []
        assert (await view(talk, broadcast)).held is Reason.NIGHT
        talk.clock.move(hours=1)
        await send_all(talk)
        assert (await view(talk, broadcast)).progress.sent == 2

    async def test_a_blocked_seller_writes_to_nobody(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        broadcast = await begin(talk, 2)
        async with talk.db.write() as tx:
            await tx.execute(update(User).values(is_blocked=True))
        assert await talk.work(minutes=5) == []
        assert (await view(talk, broadcast)).progress.waiting == 2

    async def test_a_plan_that_ends_pauses_it_and_loses_nobody(self, talk: Talk) -> None:
        await add_buyers(talk, 3)
        broadcast = await begin(talk, 3)
        await talk.work()
        await set_plan_end(talk, talk.clock.now())
        assert await talk.work(minutes=5) == []
        found = await view(talk, broadcast)
        assert (found.status, found.progress.waiting) == (BroadcastStatus.PAUSED, 2)
        async with talk.db.read() as tx:
            told = await notifications.list_latest(tx, seller(talk.user))
        assert [it.link for it in told] == [f"/messages/broadcasts/{broadcast}"]
        with pytest.raises(PlanLacks):
            await go_on(talk, broadcast)
        await set_plan_end(talk, talk.clock.now() + timedelta(days=30))
        await go_on(talk, broadcast)
        await send_all(talk)
        assert Counter(phones(talk)) == Counter(phone_of(number) for number in (1, 2, 3))


class TestPeople:
    async def test_one_whose_phone_no_key_opens_holds_up_nobody(self, talk: Talk) -> None:
        await add_buyers(talk, 3)
        broadcast = await begin(talk, 3)
        async with talk.db.write() as tx:
            first = select(col(BroadcastPerson.contact_id)).order_by(col(BroadcastPerson.position))
            await tx.execute(
                update(WhatsAppContact)
                .where(col(WhatsAppContact.id) == await tx.scalar(first.limit(1)))
                .values(phone=SecretBox(["another key"]).encrypt(phone_of(1)))
            )
        await send_all(talk)
        found = (await view(talk, broadcast)).progress
        assert (found.sent, found.dropped) == (2, {Reason.NO_PHONE: 1})

    async def test_a_buyer_of_two_stores_gets_one_message(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        async with talk.db.write() as tx:
            other = await add_store(tx, talk.user)
        bought = seen(
            "1", "ARCHIVE", "COMPLETED", NOON - timedelta(days=1), buyer=Buyer("А", phone_of(1))
        )
        await write(
            talk.db, other, [bought], NOON,
            secrets=talk.services.secrets, started_at=NOON, is_importing=True,
        )  # fmt: skip
        assert (await reach(talk, store_ids=(other.id,))).people == 1
        await begin(talk, 1)
        await send_all(talk)
        assert phones(talk) == [phone_of(1)]

    async def test_an_order_that_is_gone_leaves_the_name(self, talk: Talk) -> None:
        await add_buyers(talk, 1)
        await know(talk, 1)
        broadcast = await begin(talk, 1, "{customer_name}: {items_list}")
        (person,) = await people_of(talk, broadcast)
        assert person.order_id is not None
        async with talk.db.write() as tx:
            await tx.execute(delete(Order).where(col(Order.id) == person.order_id))
        assert (await talk.work())[0].startswith("Имя:")

    async def test_a_refusal_is_counted_and_the_next_one_is_written_to(self, talk: Talk) -> None:
        await add_buyers(talk, 2)
        talk.whatsapp.outcomes = [RefusedSend(RefusalReason.WRONG_REQUEST)]
        broadcast = await begin(talk, 2)
        await send_all(talk)
        found = await view(talk, broadcast)
        assert (found.progress.sent, found.progress.failed) == (1, 1)
        assert found.status is BroadcastStatus.DONE
