"""The demo's money for the admin app: plans that were paid for, transfers that wait."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from sqlmodel import col, select

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import payments, rules
from cube_demper.domain.proxies import service as proxies
from cube_demper.domain.statistics import collecting
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, Plan, Subscription

_PROXIES: Final = 2
"""The demo has few addresses: each of its four who pay gets as many, and none all of them."""
_HISTORY: Final = 75
"""Days since the first of the demo's sellers came."""
_WAITING: Final = (
    ("a.pak@gmail.com", Plan.PRO, PaymentMethod.BANK_INVOICE, timedelta(days=2, hours=3)),
    ("zhanar@bk.ru", Plan.BASIC, PaymentMethod.KASPI_TRANSFER, timedelta(hours=5)),
)


async def fill(tx: WriteTx, now: datetime) -> None:
    """Give the partner's sellers what they paid for; does nothing where they have it."""
    rows = await tx.execute(
        select(Payment, User)
        .join(User, col(User.id) == col(Payment.user_id))
        .where(col(Payment.status) == PaymentStatus.PAID, col(Payment.service_from).is_(None))
        .order_by(col(Payment.paid_at))
    )
    for payment, user in rows.tuples().all():
        await _serve(tx, payment, user, now)
    for email, plan, method, ago in _WAITING:
        payer = await tx.scalar(select(User).where(col(User.email) == email))
        if payer is None or await _has_payment(tx, payer):
            continue
        actor = Actor(Role.USER, payer.id, email)
        begun = await payments.begin(tx, actor, plan, method, now - ago, use_balance=False)
        begun.created_at = now - ago
    await _remember_days(tx, now)


async def _remember_days(tx: WriteTx, now: datetime) -> None:
    """Write what past days earned, as the worker would have: the statistics show two months."""
    today = now.astimezone(ALMATY).date()
    rows = await tx.scalars(select(Payment).where(col(Payment.status) == PaymentStatus.PAID))
    served = [(it.service_from, it.service_to, it.amount) for it in rows if it.service_from]
    days = {}
    for day in (today - timedelta(days=n) for n in range(1, _HISTORY)):
        at = datetime.combine(day, time(23, 59), ALMATY)
        prices = [price for since, until, price in served if since <= at < (until or at)]
        days[day] = {"paying": len(prices), "mrr": sum(prices)}
    await collecting.remember(tx, SYSTEM, days)


async def _serve(tx: WriteTx, payment: Payment, user: User, now: datetime) -> None:
    if payment.paid_at is None:
        return
    payment.service_from, payment.service_to = payment.paid_at, payment.paid_at + rules.PERIOD
    if payment.service_to <= now:
        return
    row = Subscription(
        user_id=user.id,
        plan=payment.plan,
        current_period_start=payment.service_from,
        current_period_end=payment.service_to,
        price=payment.amount,
        grace_until=payment.service_to + rules.GRACE,
        next_step_at=now,
    )
    tx.add(row)
    await tx.flush()
    await proxies.allot(tx, SYSTEM, user.id, _PROXIES, now)
    payment.subscription_id = row.id


async def _has_payment(tx: WriteTx, user: User) -> bool:
    found = await tx.scalar(select(Payment.id).where(col(Payment.user_id) == user.id).limit(1))
    return found is not None
