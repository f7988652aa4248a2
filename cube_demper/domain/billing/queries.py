"""All SQL of plans and subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.billing import PlanTerms, Subscription, SubscriptionStatus
from cube_demper.models.dunning import DunningCase, DunningState
from cube_demper.models.operations import Proxy


async def list_plans(tx: ReadTx) -> Sequence[PlanTerms]:
    """Return all plans, the cheapest first."""
    return (await tx.scalars(select(PlanTerms).order_by(col(PlanTerms.price)))).all()


async def list_in_force(
    tx: ReadTx, user_ids: Sequence[UUID], now: datetime
) -> Sequence[Subscription]:
    """Return the subscriptions of these users whose period, or its grace, holds `now`."""
    rows = await tx.scalars(
        select(Subscription).where(
            col(Subscription.user_id).in_(user_ids),
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.current_period_start) <= now,
            or_(
                col(Subscription.current_period_end) > now,
                col(Subscription.grace_until) > now,
            ),
        )
    )
    return rows.all()


async def lock_user(tx: WriteTx, user_id: UUID) -> User | None:
    """Hold a person's money: whatever else changes it waits until this transaction ends."""
    user: User | None = await tx.scalar(
        select(User)
        .where(col(User.id) == user_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return user


async def find_active(tx: ReadTx, user_id: UUID) -> Subscription | None:
    """Return the subscription that is active by its status, whether or not its period holds now."""
    row: Subscription | None = await tx.scalar(
        select(Subscription)
        .where(
            col(Subscription.user_id) == user_id,
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
        )
        .execution_options(populate_existing=True)
    )
    return row


async def landed_users(tx: ReadTx, user_ids: Sequence[UUID]) -> set[UUID]:
    """Return those whose bot has stopped because their plan is over."""
    rows = await tx.scalars(
        select(DunningCase.user_id).where(
            col(DunningCase.user_id).in_(user_ids),
            col(DunningCase.state).in_((DunningState.LANDING, DunningState.LANDED)),
        )
    )
    return set(rows.all())


async def list_short_of_proxies(
    tx: ReadTx, count: int, now: datetime, limit: int
) -> Sequence[UUID]:
    """Return whose paid plan is in force with fewer addresses than this, the longest first."""
    rows = await tx.scalars(
        select(Subscription.user_id)
        .outerjoin(Proxy, col(Proxy.user_id) == col(Subscription.user_id))
        .where(
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.is_trial).is_(False),
            col(Subscription.current_period_end) > now,
        )
        .group_by(col(Subscription.user_id), col(Subscription.created_at))
        .having(func.count(col(Proxy.id)) < count)
        .order_by(col(Subscription.created_at))
        .limit(limit)
    )
    return rows.all()
