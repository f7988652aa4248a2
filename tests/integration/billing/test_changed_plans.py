"""What 30 days cost after a change of mind, and what a refund leaves of plans that follow each other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from money_scene import active, add_seller, begin, pay
from records import NOON
from sqlmodel import select

from cube_demper.core.errors import Conflict
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import refunds, service, subscribing
from cube_demper.models.billing import Payment, PaymentMethod, PaymentPurpose, Plan, Refund

DAY = timedelta(days=1)
END = NOON + 30 * DAY


async def paid(db: Database, actor: Actor, plan: Plan, now: datetime) -> Payment:
    """Buy by transfer: its refund is done at once."""
    payment = await begin(db, actor, plan, now, method=PaymentMethod.KASPI_TRANSFER)
    await pay(db, payment, now)
    return payment


async def give_back(db: Database, payment: Payment, now: datetime) -> None:
    async with db.write() as tx:
        await refunds.request(tx, SYSTEM, payment.invoice_id, now, amount=None, reason="")


async def plan_at(db: Database, actor: Actor, now: datetime) -> Plan:
    async with db.read() as tx:
        return (await service.entitlements(tx, actor, [actor.owner_id], now))[actor.owner_id].plan


async def test_a_bigger_plan_is_not_renewed_at_the_price_of_the_smaller_one_that_was_to_follow(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    await paid(db, actor, Plan.PRO, NOON)
    async with db.write() as tx:
        await subscribing.change_at_period_end(tx, actor, Plan.BASIC, NOON)
    renewal = await begin(db, actor, Plan.PRO, END - DAY)
    assert (renewal.purpose, renewal.amount) == (PaymentPurpose.RENEW, 2_999_900)
    assert (await begin(db, actor, Plan.BASIC, END - DAY)).amount == 999_900


async def test_an_upgrade_given_back_leaves_the_days_that_were_renewed_after_it(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    await paid(db, actor, Plan.BASIC, NOON)
    upgrade = await paid(db, actor, Plan.PRO, NOON + 15 * DAY)
    await paid(db, actor, Plan.PRO, END - 5 * DAY)
    await give_back(db, upgrade, END - 4 * DAY)
    assert await plan_at(db, actor, END - DAY) is Plan.BASIC
    assert await plan_at(db, actor, END + DAY) is Plan.PRO
    row = await active(db, actor.owner_id)
    assert row is not None
    assert (row.price, row.current_period_end) == (2_999_900, END + 30 * DAY)


async def test_an_upgrade_given_back_before_a_smaller_renewal_gives_no_bigger_days(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    await paid(db, actor, Plan.BASIC, NOON)
    upgrade = await paid(db, actor, Plan.PRO, NOON + 15 * DAY)
    await paid(db, actor, Plan.BASIC, END - 5 * DAY)
    assert await plan_at(db, actor, END - DAY) is Plan.PRO
    await give_back(db, upgrade, END - 4 * DAY)
    for when in (END - DAY, END + DAY):
        assert await plan_at(db, actor, when) is Plan.BASIC


async def test_a_smaller_plan_given_back_leaves_the_bigger_one_its_own_price(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await paid(db, actor, Plan.PRO, NOON)
    smaller = await paid(db, actor, Plan.BASIC, END - 5 * DAY)
    await give_back(db, smaller, END - 4 * DAY)
    assert await plan_at(db, actor, END - DAY) is Plan.PRO
    assert (await begin(db, actor, Plan.PRO, END - DAY)).amount == 2_999_900


async def test_a_cancelled_plan_gets_no_grace_by_a_refund(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await paid(db, actor, Plan.BASIC, NOON)
    renewal = await paid(db, actor, Plan.BASIC, END - 5 * DAY)
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, END - 4 * DAY)
    await give_back(db, renewal, END - 3 * DAY)
    assert await plan_at(db, actor, END - DAY) is Plan.BASIC
    assert await plan_at(db, actor, END + DAY) is Plan.FREE


async def test_two_payments_in_a_row_given_back_leave_nothing(db: Database) -> None:
    actor = await add_seller(db, NOON)
    first = await paid(db, actor, Plan.BASIC, NOON)
    second = await paid(db, actor, Plan.BASIC, END - 5 * DAY)
    now = END - 4 * DAY
    await give_back(db, first, now)
    row = await active(db, actor.owner_id)
    assert row is not None
    assert row.current_period_end == now + 30 * DAY
    await give_back(db, second, now)
    assert await plan_at(db, actor, now) is Plan.FREE


async def test_nobody_pays_for_more_of_a_plan_whose_money_is_on_its_way_back(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    await pay(db, payment, NOON)
    await give_back(db, payment, NOON + DAY)  # a card: the worker has still to send it
    with pytest.raises(Conflict, match="возвращаются"):
        await begin(db, actor, Plan.PRO, NOON + DAY)
    async with db.write() as tx:
        (refund,) = (await tx.scalars(select(Refund))).all()
        await refunds.refused(tx, SYSTEM, refund.id, "карта закрыта")
    assert (await begin(db, actor, Plan.PRO, NOON + DAY)).purpose == PaymentPurpose.UPGRADE
