"""SQL of the chase among goods: whom a rival may have met elsewhere, and the census."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlmodel import col

from cube_demper.db.arrays import chosen_once
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.catalog import Product


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody's lease is on the product."""
    return or_(col(Product.claimed_until).is_(None), col(Product.claimed_until) < now)


async def hasten(
    tx: WriteTx,
    rival: str,
    limit: int,
    *,
    now: datetime,
    looked_before: datetime,
    due_after: datetime,
) -> int:
    """Make goods due that stand against a rival and were not looked at lately; return how many.

    One product a card: its look serves the others.
    """
    chosen = (
        select(col(Product.id))
        .distinct(col(Product.external_kaspi_id))
        .where(
            col(Product.bot_active),
            col(Product.competitor_id) == rival,
            col(Product.last_check_time) < looked_before,
            col(Product.next_check_at) > due_after,
            col(Product.parked_at).is_(None),
            _is_free(now),
        )
        .order_by(col(Product.external_kaspi_id))
        .limit(limit)
    )
    free = (
        select(col(Product.id)).where(col(Product.id).in_(chosen)).with_for_update(skip_locked=True)
    )
    done = await tx.execute(
        update(Product)
        .where(chosen_once(col(Product.id), free))
        .values(next_check_at=now, looked_for=rival)
    )
    return int(done.rowcount)  # type: ignore[attr-defined] # a CursorResult


@dataclass(frozen=True, slots=True)
class Goods:
    """A row of the census. `pace` None: not looked at yet. `looks`: what they need at a time."""

    store: UUID
    is_priority: bool
    pace: int | None
    count: int
    looks: float


async def census(tx: ReadTx, store_ids: Sequence[UUID]) -> list[Goods]:
    """Count goods and the looks that they need, by store, priority and pace."""
    rows = await tx.execute(
        select(
            col(Product.store_id),
            col(Product.is_priority),
            col(Product.pace),
            func.count(),
            func.sum(col(Product.look_share)),
        )
        .where(
            col(Product.bot_active),
            col(Product.external_kaspi_id).is_not(None),
            col(Product.store_id).in_(store_ids),
        )
        .group_by(col(Product.store_id), col(Product.is_priority), col(Product.pace))
    )
    return [Goods(*row) for row in rows]
