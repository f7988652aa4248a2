"""An announcement reaches the plan it is for, once; closing it is reading it; a switch stops its gate."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from money_scene import begin
from records import NOON, add_user, seller

from cube_demper.core.errors import Conflict, InvalidFields, InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.announcements import service as announcements
from cube_demper.domain.announcements.service import Draft
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.switches import service as switches
from cube_demper.domain.switches.service import SwitchedOff
from cube_demper.models.billing import PaymentMethod, Plan
from cube_demper.models.steering import Switch

ADMIN = Actor(Role.ADMIN, uuid4(), "admin@example.kz")
HOUR = timedelta(hours=1)
DRAFT = Draft("Работы ночью", "Цены постоят с 02:00 до 03:00.", NOON, NOON + 24 * HOUR)


async def test_sellers_of_the_plan_read_it_once_and_close_it(db: Database) -> None:
    async with db.write() as tx:
        pro = seller(await add_user(tx, plan=Plan.PRO))
        free = seller(await add_user(tx, plan=None))
        await add_user(tx, plan=Plan.PRO, is_blocked=True)
        draft = Draft(DRAFT.title, DRAFT.body, NOON + HOUR, DRAFT.ends_at, Plan.PRO)
        assert await announcements.count_hearers(tx, ADMIN, Plan.PRO, NOON) == 1
        assert await announcements.count_hearers(tx, ADMIN, None, NOON) == 2
        number = await announcements.publish(tx, ADMIN, draft, NOON)
    payload = {"announcement_id": str(number)}
    for _ in range(2):
        async with db.write() as tx:
            await announcements.tell(tx, SYSTEM, payload, NOON + HOUR)
    async with db.read() as tx:
        assert not await announcements.bars(tx, free, NOON + HOUR)
        (bar,) = await announcements.bars(tx, pro, NOON + HOUR)
        assert not await announcements.bars(tx, pro, DRAFT.ends_at)
        assert await notifications.count_unread(tx, pro) == 1
    async with db.write() as tx:
        await notifications.mark_read(tx, pro, NOON, notification_id=bar.notification_id)
    async with db.read() as tx:
        assert not await announcements.bars(tx, pro, NOON + HOUR)
        ((row, read),) = (await announcements.list_page(tx, ADMIN, 1)).rows
    assert (row.told, read) == (1, 1)


async def test_a_withdrawn_one_leaves_those_who_have_not_read_it(db: Database) -> None:
    async with db.write() as tx:
        actor, other = seller(await add_user(tx)), seller(await add_user(tx, plan=None))
        number = await announcements.publish(tx, ADMIN, DRAFT, NOON)
        await announcements.tell(tx, SYSTEM, {"announcement_id": str(number)}, NOON)
        assert len(await announcements.bars(tx, other, NOON)) == 1
        assert await announcements.withdraw(tx, ADMIN, number, NOON) == 2
        assert not await announcements.bars(tx, actor, NOON)
        assert await notifications.count_unread(tx, actor) == 0
        with pytest.raises(Conflict):
            await announcements.withdraw(tx, ADMIN, number, NOON)


async def test_what_is_wrong_is_said_by_field(db: Database) -> None:
    wrong = Draft(" ", "x" * 601, NOON, NOON - HOUR, link="https://evil.example")
    async with db.write() as tx:
        with pytest.raises(InvalidFields) as told:
            await announcements.publish(tx, ADMIN, wrong, NOON)
        assert set(told.value.faults) == {"title", "body", "link", "ends"}
        with pytest.raises(PermissionDenied):
            await announcements.publish(tx, Actor(Role.SUPPORT), DRAFT, NOON)


async def test_a_switch_stops_its_gate_in_the_words_of_who_switched_it_off(db: Database) -> None:
    async with db.write() as tx:
        actor = seller(await add_user(tx, plan=None))
        with pytest.raises(InvalidInput):
            await switches.turn(tx, ADMIN, Switch.CARD_PAYMENTS, is_on=False)
        with pytest.raises(PermissionDenied):
            await switches.turn(tx, actor, Switch.CARD_PAYMENTS, is_on=False, reason="x")
        await switches.turn(
            tx, ADMIN, Switch.CARD_PAYMENTS, is_on=False, reason="Банк не отвечает до 18:00."
        )
    with pytest.raises(SwitchedOff, match=r"не работает\. Банк не отвечает до 18:00\."):
        await begin(db, actor, Plan.BASIC, NOON)
    assert await begin(db, actor, Plan.BASIC, NOON, method=PaymentMethod.BANK_INVOICE)
    async with db.write() as tx:
        await switches.turn(tx, ADMIN, Switch.CARD_PAYMENTS, is_on=True)
        with pytest.raises(Conflict):
            await switches.turn(tx, ADMIN, Switch.CARD_PAYMENTS, is_on=True)
    assert await begin(db, actor, Plan.BASIC, NOON)
