"""A seller who pays: makers and shorthands for tests of billing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from records import add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import payments, queries
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.billing import Payment, PaymentMethod, Plan, Subscription
from cube_demper.models.operations import Proxy


async def add_seller(db: Database, now: datetime, plan: Plan | None = None) -> Actor:
    async with db.write() as tx:
        return seller(await add_user(tx, plan=plan, now=now))


async def add_proxies(db: Database, count: int) -> None:
    async with db.write() as tx:
        tx.add_all(
            Proxy(label=f"10.0.0.{n:03}:80", host=f"10.0.0.{n}", port=80, url="sealed")
            for n in range(count)
        )


async def begin(
    db: Database,
    actor: Actor,
    plan: Plan,
    now: datetime,
    *,
    method: PaymentMethod = PaymentMethod.CARD,
    use_balance: bool = False,
) -> Payment:
    async with db.write() as tx:
        return await payments.begin(tx, actor, plan, method, now, use_balance=use_balance)


async def pay(
    db: Database,
    payment: Payment,
    now: datetime,
    *,
    transaction: str = "",
    amount: int | None = None,
) -> None:
    due = payment.amount - payment.from_balance if amount is None else amount
    money = Settlement(
        due, "KZT", transaction or f"tx-{payment.id}", PaymentMethod(payment.method), now
    )
    async with db.write() as tx:
        await payments.paid(tx, SYSTEM, payment.invoice_id, money, now)


async def save_card(db: Database, actor: Actor) -> None:
    """Let some card of theirs renew the plan."""
    async with db.write() as tx:
        row = await queries.find_active(tx, actor.owner_id)
        assert row is not None
        row.card_id = uuid4()


async def read(db: Database, payment: Payment) -> Payment:
    async with db.read() as tx:
        return await tx.get_one(Payment, payment.id)


async def active(db: Database, user_id: UUID) -> Subscription | None:
    async with db.read() as tx:
        return await queries.find_active(tx, user_id)


async def count_proxies(db: Database, user_id: UUID) -> int:
    async with db.read() as tx:
        rows = await tx.scalars(select(Proxy.id).where(col(Proxy.user_id) == user_id))
        return len(rows.all())
