"""What the billing worker asks for: whose step is due, and each step by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import payment_queries
from cube_demper.domain.billing.access import system_only
from cube_demper.domain.billing.dunning import queries
from cube_demper.domain.billing.dunning.stepping import step

__all__ = ["due_subscriptions", "open_charges", "step"]


async def due_subscriptions(
    tx: ReadTx, actor: Actor, now: datetime, limit: int = 100
) -> list[UUID]:
    """Return subscriptions to look at now, the latest first of all. Raises PermissionDenied."""
    system_only(actor)
    return [row[0] for row in await queries.list_due(tx, now, limit)]


async def open_charges(tx: ReadTx, actor: Actor, now: datetime, limit: int = 100) -> Sequence[UUID]:
    """Return open payments of saved cards: to be charged, or asked about. Raises PermissionDenied."""
    system_only(actor)
    return await payment_queries.list_card_charges(tx, now, limit)
