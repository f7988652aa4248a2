"""Prices of plans with a date: what was bought keeps its own (`subscriptions.price`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.models.billing import Plan, PlanTerms, Subscription, SubscriptionStatus
from cube_demper.models.steering import PlanPrice


async def plan(
    tx: WriteTx, actor: Actor, code: Plan, price: int, begins_at: datetime, *, now: datetime
) -> PlanPrice:
    """Set what a plan costs from a moment on; one of the same moment is replaced.

    At once when the moment has come. Raises InvalidInput, PermissionDenied.
    """
    actor.require_operator()
    if code is Plan.FREE:
        raise InvalidInput("Бесплатный тариф остаётся бесплатным.", field="price")
    if price <= 0 or price % TIYN_IN_TENGE:
        raise InvalidInput("Цена — целое число тенге, больше нуля.", field="price")
    begins_at = max(begins_at, now)
    terms = await _terms(tx, code)
    row = await tx.scalar(
        select(PlanPrice).where(
            col(PlanPrice.plan) == code,
            col(PlanPrice.begins_at) == begins_at,
            col(PlanPrice.applied_at).is_(None),
        )
    )
    if row is None:
        row = PlanPrice(plan=code, price=price, begins_at=begins_at)
        tx.add(row)
    row.price = price
    await tx.flush()
    await audit.record(
        tx, actor, "plan_price_set", "plan", code.value,
        before={"price": terms.price}, after={"price": price}, begins_at=begins_at.isoformat(),
    )  # fmt: skip
    if begins_at <= now:
        await _apply(tx, row, now)
    return row


async def cancel(tx: WriteTx, actor: Actor, price_id: UUID) -> None:
    """Take back a price that has not begun. Raises NotFound, Conflict, PermissionDenied."""
    actor.require_operator()
    row = await tx.get(PlanPrice, price_id, with_for_update=True)
    if row is None:
        raise NotFound("Такой цены нет.")
    if row.applied_at is not None:
        raise Conflict("Эта цена уже действует: задайте новую.")
    await tx.delete(row)
    await audit.record(
        tx, actor, "plan_price_cancelled", "plan", row.plan,
        before={"planned": row.price}, after={"planned": None}, begins_at=row.begins_at.isoformat(),
    )  # fmt: skip


async def apply_due(tx: WriteTx, now: datetime) -> int:
    """Put prices in force whose moment has come, in their order; return how many."""
    rows = await tx.scalars(
        select(PlanPrice)
        .where(col(PlanPrice.applied_at).is_(None), col(PlanPrice.begins_at) <= now)
        .order_by(col(PlanPrice.begins_at))
        .with_for_update(skip_locked=True)
    )
    found = rows.all()
    for row in found:
        await _apply(tx, row, now)
    return len(found)


async def history(tx: ReadTx, actor: Actor) -> Sequence[PlanPrice]:
    """Return all dated prices, the latest first, at most 100. Raises PermissionDenied."""
    actor.require_operator()
    order = col(PlanPrice.begins_at).desc()
    return (await tx.scalars(select(PlanPrice).order_by(order).limit(100))).all()


async def count_holders(tx: ReadTx, actor: Actor) -> dict[str, tuple[int, int]]:
    """Return of each plan who has it by paying, and how many of them pay another price than the plan's.

    Raises PermissionDenied.
    """
    actor.require_operator()
    own = func.coalesce(col(Subscription.price), col(PlanTerms.price))
    rows = await tx.execute(
        select(
            col(Subscription.plan),
            func.count(),
            func.count().filter(own != col(PlanTerms.price)),
        )
        .join(PlanTerms, col(PlanTerms.code) == col(Subscription.plan))
        .where(
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.is_trial).is_(False),
        )
        .group_by(col(Subscription.plan))
    )
    return {code: (count, other) for code, count, other in rows.all()}


async def _apply(tx: WriteTx, row: PlanPrice, now: datetime) -> None:
    terms = await _terms(tx, Plan(row.plan))
    await tx.execute(
        update(Subscription)
        .where(
            col(Subscription.plan) == row.plan,
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.is_trial).is_(False),
            col(Subscription.price).is_(None),
        )
        .values(price=terms.price)
    )
    terms.price, row.applied_at = row.price, now
    await tx.flush()


async def _terms(tx: WriteTx, code: Plan) -> PlanTerms:
    found = await tx.scalar(select(PlanTerms).where(col(PlanTerms.code) == code).with_for_update())
    if found is None:
        raise NotFound("Такого тарифа нет.")
    return found
