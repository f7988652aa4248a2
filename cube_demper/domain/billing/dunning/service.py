"""What the billing worker asks for: whose step is due, and each step by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing.dunning import queries
from cube_demper.domain.billing.dunning.stepping import step
from cube_demper.domain.billing.machine import OPEN
from cube_demper.models.billing import Payment, PaymentMethod

__all__ = ["due_subscriptions", "open_charges", "step"]


async def due_subscriptions(
    tx: ReadTx, actor: Actor, now: datetime, limit: int = 100
) -> list[UUID]:
    """Return subscriptions to look at now, the latest first of all. Raises PermissionDenied."""
    _only_system(actor)
    return [row[0] for row in await queries.list_due(tx, now, limit)]


async def open_charges(tx: ReadTx, actor: Actor, limit: int = 100) -> Sequence[UUID]:
    """Return open payments of saved cards: to be charged, or asked about. Raises PermissionDenied."""
    _only_system(actor)
    rows = await tx.scalars(
        select(Payment.id)
        .where(
            col(Payment.status).in_(OPEN),
            col(Payment.method) == PaymentMethod.CARD,
            col(Payment.card_id).is_not(None),
        )
        .order_by(col(Payment.created_at))
        .limit(limit)
    )
    return rows.all()


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
