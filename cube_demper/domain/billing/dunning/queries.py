"""All SQL of dunning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.returning.landing import Landed
from cube_demper.models.billing import Subscription, SubscriptionStatus
from cube_demper.models.catalog import Product
from cube_demper.models.dunning import DunningCase, DunningState, DunningStep, LandedPrice

_LIVE = (DunningState.OPEN, DunningState.LANDING, DunningState.LANDED)


async def list_due(tx: ReadTx, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return subscriptions to look at now, with their users, those that wait longest first."""
    rows = await tx.execute(
        select(col(Subscription.id), col(Subscription.user_id))
        .where(
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.next_step_at) <= now,
        )
        .order_by(col(Subscription.next_step_at))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


async def done_steps(tx: ReadTx, subscription_id: UUID) -> frozenset[str]:
    """Return the names of the steps that were done for this subscription."""
    rows = await tx.scalars(
        select(DunningStep.name).where(col(DunningStep.subscription_id) == subscription_id)
    )
    return frozenset(rows.all())


async def add_step(
    tx: WriteTx,
    subscription_id: UUID,
    now: datetime,
    *,
    kind: str,
    name: str,
    payment_id: UUID | None = None,
) -> None:
    """Write down that a step was done; the same name once."""
    await tx.execute(
        insert(DunningStep)
        .values(
            subscription_id=subscription_id, kind=kind, name=name, payment_id=payment_id, at=now
        )
        .on_conflict_do_nothing(index_elements=["subscription_id", "name"])
    )


async def forget_step_of(tx: WriteTx, payment_id: UUID) -> None:
    """Forget that a step was done whose payment nobody wants any more."""
    await tx.execute(delete(DunningStep).where(col(DunningStep.payment_id) == payment_id))


async def case_of(tx: WriteTx, subscription: Subscription, now: datetime) -> DunningCase:
    """Return the case of this end of a plan; a new one is opened."""
    found: DunningCase | None = await tx.scalar(
        select(DunningCase).where(col(DunningCase.subscription_id) == subscription.id)
    )
    if found is None:
        found = DunningCase(
            user_id=subscription.user_id,
            subscription_id=subscription.id,
            landing=subscription.landing,
            opened_at=now,
        )
        tx.add(found)
        await tx.flush()
    return found


async def live_cases(tx: ReadTx, user_id: UUID) -> Sequence[DunningCase]:
    """Return a user's cases that are not over."""
    rows = await tx.scalars(
        select(DunningCase).where(
            col(DunningCase.user_id) == user_id, col(DunningCase.state).in_(_LIVE)
        )
    )
    return rows.all()


async def add_landed(tx: WriteTx, case_id: UUID, places: Sequence[Landed]) -> None:
    """Keep where each price stops; a place that is known stays as it was."""
    rows = [
        {
            "case_id": case_id,
            "product_id": it.product_id,
            "city_id": it.city_id,
            "price": it.price,
            "target": it.target,
            "rival_price": it.rival_price,
            "is_at_risk": it.is_at_risk,
            "history_id": it.history_id,
        }
        for it in places
    ]
    for start in range(0, len(rows), 1_000):
        await tx.execute(
            insert(LandedPrice)
            .values(rows[start : start + 1_000])
            .on_conflict_do_nothing(index_elements=["case_id", "product_id", "city_id"])
        )


async def landed_stores(tx: ReadTx, case_id: UUID) -> set[UUID]:
    """Return the stores whose prices have stopped in this case."""
    rows = await tx.scalars(
        select(Product.store_id)
        .join(LandedPrice, col(LandedPrice.product_id) == col(Product.id))
        .where(col(LandedPrice.case_id) == case_id)
        .distinct()
    )
    return set(rows.all())


async def count_landed(tx: ReadTx, case_id: UUID) -> tuple[int, int]:
    """Return how many goods stopped, and how many of them rivals press."""
    goods = func.count(func.distinct(col(LandedPrice.product_id)))
    row = (
        await tx.execute(
            select(goods, goods.filter(col(LandedPrice.is_at_risk))).where(
                col(LandedPrice.case_id) == case_id
            )
        )
    ).one()
    return int(row[0]), int(row[1])
