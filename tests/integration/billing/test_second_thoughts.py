"""What a seller decides and takes back near the end of a period, or while money goes back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from money_scene import active, add_seller, begin, pay, read, save_card
from records import NOON

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import ledger, payments, refunds, subscribing
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.errors import BeingGivenBack, PaymentClosed
from cube_demper.models.billing import Payment, PaymentPurpose, PaymentStatus, Plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = NOON + 30 * DAY


async def _paid_seller(db: Database, plan: Plan = Plan.BASIC) -> tuple[Actor, Payment]:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, plan, NOON)
    await pay(db, payment, NOON)
    await save_card(db, actor)
    return actor, payment


async def _charges(db: Database, actor: Actor, now: datetime) -> int:
    """Do what is due then; return how many charges wait."""
    plan = await active(db, actor.owner_id)
    assert plan is not None
    async with db.write() as tx:
        await dunning.step(tx, SYSTEM, plan.id, now)
    async with db.read() as tx:
        return len(await dunning.open_charges(tx, SYSTEM, now))


@pytest.mark.parametrize("is_tried", [False, True])
async def test_a_cancellation_taken_back_in_the_last_hours_is_charged_at_once(
    db: Database, *, is_tried: bool
) -> None:
    """Whether the renewal had been opened by then, the gateway being away, or not."""
    actor, _ = await _paid_seller(db)
    cancelled_at = END - (5 if is_tried else 7) * HOUR
    assert await _charges(db, actor, cancelled_at) == int(is_tried)
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, cancelled_at)
    assert await _charges(db, actor, END - 4 * HOUR) == 0
    async with db.write() as tx:
        await subscribing.resume(tx, actor, END - 3 * HOUR)
    assert await _charges(db, actor, END - 3 * HOUR) == 1


async def test_a_smaller_plan_chosen_in_the_last_hours_is_charged_at_once(db: Database) -> None:
    actor, _ = await _paid_seller(db, Plan.PRO)
    assert await _charges(db, actor, END - 5 * HOUR) == 1
    async with db.write() as tx:
        await subscribing.change_at_period_end(tx, actor, Plan.BASIC, END - 4 * HOUR)
    assert await _charges(db, actor, END - 4 * HOUR) == 1
    async with db.read() as tx:
        (charged,) = await dunning.open_charges(tx, SYSTEM, END - 4 * HOUR)
        found = await tx.get_one(Payment, charged)
    assert (found.plan, found.amount) == ("basic", 999_900)


async def test_an_upgrade_opened_before_its_plan_is_given_back_is_closed_and_buys_nothing(
    db: Database,
) -> None:
    actor, bought = await _paid_seller(db)
    later = NOON + 10 * DAY
    upgrade = await begin(db, actor, Plan.PRO, later)
    assert upgrade.purpose == PaymentPurpose.UPGRADE
    async with db.write() as tx:
        await refunds.request(tx, SYSTEM, bought.invoice_id, later, amount=None, reason="")
    assert (await read(db, upgrade)).status == PaymentStatus.CANCELLED
    async with db.read() as tx:
        with pytest.raises(PaymentClosed):
            await payments.check(
                tx, SYSTEM, upgrade.invoice_id, later, amount=upgrade.amount, currency="KZT"
            )
    with pytest.raises(BeingGivenBack, match="возвращаются"):
        await begin(db, actor, Plan.PRO, later)
    async with db.read() as tx:  # nor is it offered
        with pytest.raises(BeingGivenBack):
            await payments.quote(tx, actor, Plan.PRO, later, use_balance=True)
    await pay(db, upgrade, later)  # all the same
    assert (await read(db, upgrade)).is_credited
    async with db.read() as tx:
        assert await ledger.owed_to_user(tx, actor.owner_id) == upgrade.amount
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.plan == "basic"


async def test_an_upgrade_stays_open_while_a_part_is_given_back(db: Database) -> None:
    actor, bought = await _paid_seller(db)
    later = NOON + 10 * DAY
    upgrade = await begin(db, actor, Plan.PRO, later)
    async with db.write() as tx:
        await refunds.request(tx, SYSTEM, bought.invoice_id, later, amount=100_000, reason="")
    await pay(db, upgrade, later)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.plan == "pro"
