"""Texts, switches and the queue are their seller's alone; a manager needs the right to change them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from messaging_scene import NOON, Talk
from records import add_store, add_user, seller
from sqlalchemy import select

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.messaging import queue, switches, templates
from cube_demper.domain.messaging.errors import NumberNotFound, SendingStopped, TalkNotAgreed
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.queue_schemas import Limits
from cube_demper.domain.messaging.switches import Switch
from cube_demper.domain.messaging.texts import default_text
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.messages import QueueStatus
from cube_demper.models.messaging import PauseReason, WhatsAppSettings
from cube_demper.models.operations import AuditEntry
from cube_demper.models.staff import Area

EVENT, RU = TriggerEvent.ORDER_APPROVED, Language.RU
LIMITS = Limits(50, time(22), time(8), is_warm=False, in_use_since=None)
Change = Callable[[WriteTx, Actor, Talk], Awaitable[Any]]


def _changes() -> dict[str, Change]:
    return {
        "save": lambda tx, who, _: templates.save(tx, who, EVENT, RU, "Спасибо!"),
        "reset": lambda tx, who, _: templates.reset(tx, who, EVENT, RU),
        "event": lambda tx, who, it: switches.set_event(
            tx, who, it.store.id, EVENT, Switch(False, timedelta())
        ),
        "talk": lambda tx, who, it: switches.set_talk(
            tx, who, it.store.id, is_enabled=False, language=RU, session_id=None, now=NOON
        ),
        "stop": lambda tx, who, _: queue.stop(tx, who, NOON),
        "start": lambda tx, who, _: queue.start(tx, who, NOON),
        "pause": lambda tx, who, it: queue.pause_number(tx, who, it.session_id, NOON),
        "resume": lambda tx, who, it: queue.resume_number(tx, who, it.session_id, NOON),
        "limits": lambda tx, who, it: queue.set_limits(tx, who, it.session_id, LIMITS, NOON),
    }


@pytest.mark.parametrize("name", _changes())
async def test_the_seller_may_and_it_is_written_down(talk: Talk, name: str) -> None:
    async with talk.db.write() as tx:
        await _changes()[name](tx, seller(talk.user), talk)
    async with talk.db.read() as tx:
        (entry,) = (await tx.scalars(select(AuditEntry))).all()
    assert (entry.entity, entry.actor_id) == ("whatsapp", talk.user.id)


@pytest.mark.parametrize("name", _changes())
async def test_nobody_and_a_manager_without_the_right_may_not(talk: Talk, name: str) -> None:
    manager = Actor(Role.USER, uuid4(), acts_for=talk.user.id, rights=frozenset({Area.PRICES}))
    for actor in (NOBODY, Actor(Role.SUPPORT, uuid4()), manager):
        with pytest.raises(PermissionDenied):
            async with talk.db.write() as tx:
                await _changes()[name](tx, actor, talk)


@pytest.mark.parametrize("name", _changes())
async def test_a_manager_with_the_right_may(talk: Talk, name: str) -> None:
    manager = Actor(
        Role.USER, talk.user.id, acts_for=talk.user.id, rights=frozenset({Area.MESSAGES})
    )
    async with talk.db.write() as tx:
        await _changes()[name](tx, manager, talk)


@pytest.mark.parametrize("name", ["event", "talk", "pause", "resume", "limits"])
async def test_another_sellers_things_are_not_found(talk: Talk, name: str) -> None:
    async with talk.db.write() as tx:
        stranger = await add_user(tx)
    with pytest.raises((NotFound, StoreNotFound)):
        async with talk.db.write() as tx:
            await _changes()[name](tx, seller(stranger), talk)


async def test_lists_are_ones_own(talk: Talk) -> None:
    await talk.order()
    async with talk.db.write() as tx:
        stranger = await add_user(tx)
        await templates.save(tx, seller(talk.user), EVENT, RU, "Моё")
    secrets = talk.services.secrets
    async with talk.db.read() as tx:
        other = seller(stranger)
        assert (await queue.list_queue(tx, other, "waiting", 1, secrets=secrets)).rows == []
        assert (await queue.overview(tx, other, NOON, secrets=secrets)).numbers == []
        assert await switches.list_talks(tx, other, is_bonus_allowed=False) == []
        assert not any(it.is_own for it in await templates.list_templates(tx, other))
        shown = await templates.preview(tx, other, EVENT, RU, "{order_code}", secrets=secrets)
        assert shown.order_code == ""
        own = await queue.list_queue(tx, seller(talk.user), "waiting", 1, secrets=secrets)
    assert [(row.order_code, row.person) for row in own.rows] == [("790686780", "Айгерим Тестова")]


async def test_a_manager_without_the_right_to_buyers_sees_initials(talk: Talk) -> None:
    await talk.order()
    rights = frozenset({Area.MESSAGES})
    manager = Actor(Role.USER, uuid4(), acts_for=talk.user.id, rights=rights)
    secrets = talk.services.secrets
    async with talk.db.read() as tx:
        page = await queue.list_queue(tx, manager, "waiting", 1, secrets=secrets)
        text = "{customer_name} {delivery_address}"
        shown = await templates.preview(tx, manager, EVENT, RU, text, secrets=secrets)
    assert page.rows[0].person == "А. Т."
    assert shown.text == "А. Т. Алматы"


class TestTemplates:
    async def test_our_own_words_saved_are_no_text_of_the_sellers(self, talk: Talk) -> None:
        actor = seller(talk.user)
        async with talk.db.write() as tx:
            await templates.save(tx, actor, EVENT, RU, "Моё")
            await templates.save(tx, actor, EVENT, RU, default_text(EVENT, RU) + "\r\n")
            assert not any(it.is_own for it in await templates.list_templates(tx, actor))

    @pytest.mark.parametrize("text", ["", "  \n", "а" * 1001])
    async def test_an_empty_or_endless_text_is_refused(self, talk: Talk, text: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            async with talk.db.write() as tx:
                await templates.save(tx, seller(talk.user), EVENT, RU, text)
        assert refused.value.field == "text"

    async def test_a_test_needs_a_number_and_consent(self, talk: Talk) -> None:
        given = {"secrets": talk.services.secrets, "now": NOON}
        await talk.set_session(status="FAILED")
        with pytest.raises(NumberNotFound):
            async with talk.db.write() as tx:
                await templates.send_test(tx, seller(talk.user), EVENT, RU, "Проба", **given)
        async with talk.db.write() as tx:
            (await tx.scalars(select(WhatsAppSettings))).one().consented_at = None
        with pytest.raises(TalkNotAgreed):
            async with talk.db.write() as tx:
                await templates.send_test(tx, seller(talk.user), EVENT, RU, "Проба", **given)

    async def test_no_test_is_promised_while_nothing_leaves(self, talk: Talk) -> None:
        given = {"secrets": talk.services.secrets, "now": NOON}
        async with talk.db.write() as tx:
            await queue.stop(tx, seller(talk.user), NOON)
        with pytest.raises(SendingStopped):
            async with talk.db.write() as tx:
                await templates.send_test(tx, seller(talk.user), EVENT, RU, "Проба", **given)

    async def test_a_changed_text_and_language_hold_for_what_waits(self, talk: Talk) -> None:
        await talk.order()
        actor = seller(talk.user)
        async with talk.db.write() as tx:
            await switches.set_talk(
                tx, actor, talk.store.id,
                is_enabled=True, language=Language.KK, session_id=talk.session_id, now=NOON,
            )  # fmt: skip
            await templates.save(tx, actor, EVENT, Language.KK, "№ {order_code}: рақмет!")
        assert await talk.work() == ["№ 790686780: рақмет!"]


class TestSwitches:
    async def test_a_delay_holds_the_message(self, talk: Talk) -> None:
        async with talk.db.write() as tx:
            switch = Switch(True, timedelta(minutes=30))
            await switches.set_event(tx, seller(talk.user), talk.store.id, EVENT, switch)
        await talk.order()
        assert await talk.work(minutes=29) == []
        assert len(await talk.work(minutes=2)) == 1

    async def test_an_event_that_is_off_queues_nothing(self, talk: Talk) -> None:
        async with talk.db.write() as tx:
            switch = Switch(False, timedelta())
            await switches.set_event(tx, seller(talk.user), talk.store.id, EVENT, switch)
        await talk.order()
        assert await talk.queue() == []

    async def test_nobody_writes_before_the_risks_are_agreed_to(self, talk: Talk) -> None:
        async with talk.db.write() as tx:
            (await tx.scalars(select(WhatsAppSettings))).one().consented_at = None
        with pytest.raises(TalkNotAgreed):
            async with talk.db.write() as tx:
                await switches.set_talk(
                    tx, seller(talk.user), talk.store.id,
                    is_enabled=True, language=RU, session_id=talk.session_id, now=NOON,
                )  # fmt: skip

    async def test_a_foreign_number_is_not_taken(self, talk: Talk) -> None:
        async with talk.db.write() as tx:
            stranger = await add_user(tx)
            store = await add_store(tx, stranger)
        with pytest.raises(NumberNotFound):
            async with talk.db.write() as tx:
                await switches.set_talk(
                    tx, seller(stranger), store.id,
                    is_enabled=False, language=RU, session_id=talk.session_id, now=NOON,
                )  # fmt: skip

    async def test_the_bonus_needs_the_operator_the_store_and_the_seller(self, talk: Talk) -> None:
        bonus = TriggerEvent.REVIEW_BONUS
        assert bonus not in switches.switch_of([], bonus=None)
        assert not switches.switch_of([], bonus="скидка")[bonus].is_on
        async with talk.db.write() as tx:
            on = Switch(True, timedelta(days=1))
            await switches.set_event(tx, seller(talk.user), talk.store.id, bonus, on)
            talks = await switches.list_talks(tx, seller(talk.user), is_bonus_allowed=False)
        assert bonus not in talks[0].switches


class TestQueue:
    async def test_an_old_queue_is_thrown_away_only_when_said_so(self, talk: Talk) -> None:
        await talk.order()
        await talk.set_session(pause_reason=PauseReason.OUTAGE, paused_at=NOON, next_at=None)
        assert await talk.work() == []
        async with talk.db.write() as tx:
            dropped = await queue.resume_number(
                tx, seller(talk.user), talk.session_id, talk.clock.now(), with_queue=False
            )
        assert dropped == 1
        assert await talk.work() == []
        assert [row.status for row in await talk.queue()] == [QueueStatus.DROPPED]

    async def test_going_on_sends_what_is_still_true(self, talk: Talk) -> None:
        await talk.order()
        await talk.set_session(pause_reason=PauseReason.OUTAGE, paused_at=NOON, next_at=None)
        async with talk.db.write() as tx:
            await queue.resume_number(tx, seller(talk.user), talk.session_id, talk.clock.now())
        assert len(await talk.work()) == 1

    async def test_a_number_that_is_not_linked_cannot_go_on(self, talk: Talk) -> None:
        await talk.set_session(status="SCAN_QR_CODE", pause_reason="failed", paused_at=NOON)
        with pytest.raises(Conflict):
            async with talk.db.write() as tx:
                await queue.resume_number(tx, seller(talk.user), talk.session_id, NOON)

    async def test_one_message_is_taken_out_once(self, talk: Talk) -> None:
        await talk.order()
        (row,) = await talk.queue()
        async with talk.db.write() as tx:
            await queue.drop_message(tx, seller(talk.user), row.id, NOON)
        with pytest.raises(NotFound):
            async with talk.db.write() as tx:
                await queue.drop_message(tx, seller(talk.user), row.id, NOON)
        assert await talk.work() == []

    @pytest.mark.parametrize(
        ("limits", "field"),
        [
            (Limits(0, time(21), time(9), False, None), "daily_limit"),
            (Limits(101, time(21), time(9), False, None), "daily_limit"),
            (Limits(50, time(9), time(9), False, None), "quiet_end"),
            (Limits(50, time(21), time(9), False, NOON.date() + timedelta(2)), "in_use_since"),
        ],
    )
    async def test_wrong_limits_name_their_field(
        self, talk: Talk, limits: Limits, field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            async with talk.db.write() as tx:
                await queue.set_limits(tx, seller(talk.user), talk.session_id, limits, NOON)
        assert refused.value.field == field
