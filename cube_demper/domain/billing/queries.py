"""All SQL of billing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from cube_demper.db.session import ReadTx
from cube_demper.models.billing import Subscription, SubscriptionStatus


async def list_in_force(
    tx: ReadTx, user_ids: Sequence[UUID], now: datetime
) -> Sequence[Subscription]:
    """Return the subscriptions of these users whose period holds `now`."""
    rows = await tx.scalars(
        select(Subscription).where(
            col(Subscription.user_id).in_(user_ids),
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.current_period_start) <= now,
            col(Subscription.current_period_end) > now,
        )
    )
    return rows.all()
