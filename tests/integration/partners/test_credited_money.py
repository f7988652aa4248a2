"""Money that came when nothing was left to buy with it: told, earned by whoever brought its payer, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from money_scene import add_seller, begin, pay
from partner_scene import SHARE, Programme
from records import NOON, add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import refunds
from cube_demper.domain.referrals import service as referrals
from cube_demper.models.billing import Payment, PaymentMethod, Plan
from cube_demper.models.operations import Notification, OutboxMessage
from cube_demper.models.referrals import ReferralTransaction
from workers.topics import FOLLOWERS

DAY = timedelta(days=1)


async def follow(db: Database, *, backwards: bool) -> None:
    """Deliver all that was told of money twice, in either order."""
    async with db.read() as tx:
        rows = await tx.scalars(
            select(OutboxMessage)
            .where(col(OutboxMessage.topic).in_(FOLLOWERS))
            .order_by(col(OutboxMessage.created_at))
        )
        told = [(it.topic, it.payload) for it in rows.all()]
    for topic, payload in [*(reversed(told) if backwards else told)] * 2:
        async with db.write() as tx:
            for each in FOLLOWERS[topic]:
                await each(tx, SYSTEM, payload, NOON)


async def paid_twice(db: Database, actor: Actor) -> Payment:
    """Pay a first period, and a late invoice of the same."""
    late = await begin(db, actor, Plan.BASIC, NOON, method=PaymentMethod.BANK_INVOICE)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    await pay(db, late, NOON)
    return late


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_partner_earns_by_money_when_it_comes_and_nothing_when_it_is_spent(
    programme: Programme, db: Database, *, backwards: bool
) -> None:
    actor = seller(await programme.sign_up())
    await paid_twice(db, actor)
    renewal = await begin(db, actor, Plan.BASIC, NOON + 25 * DAY, use_balance=True)
    assert renewal.from_balance == renewal.amount
    await follow(db, backwards=backwards)
    assert (await programme.balance()).held == 2 * SHARE


async def test_a_partner_loses_it_when_credited_money_goes_back(
    programme: Programme, db: Database
) -> None:
    actor = seller(await programme.sign_up())
    late = await paid_twice(db, actor)
    async with db.write() as tx:
        await refunds.request(tx, SYSTEM, late.invoice_id, NOON, amount=None, reason="дважды")
    await follow(db, backwards=True)
    assert (await programme.balance()).held == SHARE


async def test_a_friend_earns_by_the_first_money_alone(db: Database) -> None:
    async with db.write() as tx:
        host = await add_user(tx, plan=None)
        guest = await add_user(tx, plan=None, referred_by=host.id)
    actor = seller(guest)
    late = await begin(db, actor, Plan.BASIC, NOON, method=PaymentMethod.KASPI_TRANSFER)
    await pay(db, await begin(db, await add_seller(db, NOON), Plan.BASIC, NOON), NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    await pay(db, late, NOON)
    await follow(db, backwards=False)
    async with db.read() as tx:
        rows = (await tx.scalars(select(ReferralTransaction))).all()
        assert [it.amount for it in rows] == [299_990]
        assert (await referrals.standing(tx, seller(host), NOON)).held == 299_990


async def test_its_payer_reads_where_it_lies_and_that_it_went_back(db: Database) -> None:
    actor = await add_seller(db, NOON)
    late = await paid_twice(db, actor)
    async with db.write() as tx:
        await refunds.request(tx, SYSTEM, late.invoice_id, NOON, amount=100_000, reason="")
    await follow(db, backwards=False)
    async with db.read() as tx:
        rows = (await tx.scalars(select(Notification))).all()
    told = sorted(f"{it.title}: {it.body}".replace("\u00a0", " ") for it in rows)
    assert told[0].startswith("9 999 ₸ лежат на вашем балансе: Деньги по счёту CD-")
    assert "Возврат денег: С вашего баланса возвращено 1 000 ₸." in told
    assert len(told) == 3
