"""A seller and a friend who pays: makers and shorthands for tests of bonuses."""

from __future__ import annotations

from datetime import timedelta

from money_scene import begin, pay, read
from records import NOON, add_user, seller

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import refunds
from cube_demper.domain.referrals import service as referrals
from cube_demper.domain.referrals.schemas import Standing
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, Plan

DAY = timedelta(days=1)
BONUS = 99_990
"""10 % of BASIC."""


async def pair(db: Database) -> tuple[User, User]:
    async with db.write() as tx:
        owner = await add_user(tx, plan=None, full_name="Хозяин")
        friend = await add_user(tx, plan=None, referred_by=owner.id)
    return owner, friend


async def buy(
    db: Database, user: User, now: object = NOON, *, use_balance: bool = False
) -> Payment:
    payment = await begin(db, seller(user), Plan.BASIC, now, use_balance=use_balance)  # type: ignore[arg-type]
    if payment.method != PaymentMethod.BALANCE:
        await pay(db, payment, now)  # type: ignore[arg-type]
    await deliver(db, payment, now)
    return payment


async def deliver(db: Database, payment: Payment, now: object) -> None:
    async with db.write() as tx:
        await referrals.accrue(tx, SYSTEM, {"payment_id": str(payment.id)}, now)  # type: ignore[arg-type]


async def refund(db: Database, payment: Payment, amount: int, now: object) -> None:
    known = await read(db, payment)
    async with db.write() as tx:
        await refunds.refunded(
            tx,
            SYSTEM,
            known.gateway_transaction_id or "",
            now,  # type: ignore[arg-type]
            refund_transaction_id=f"r{known.refunded}",
            amount=amount,
        )
        await referrals.take_back(tx, SYSTEM, {"payment_id": str(payment.id)}, now)  # type: ignore[arg-type]


async def release(db: Database, now: object) -> int:
    async with db.write() as tx:
        return await referrals.release_due(tx, SYSTEM, now)  # type: ignore[arg-type]


async def standing(db: Database, user: User, now: object = NOON) -> Standing:
    async with db.read() as tx:
        return await referrals.standing(tx, seller(user), now)  # type: ignore[arg-type]
