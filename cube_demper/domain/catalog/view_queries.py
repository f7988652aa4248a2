"""SQL of one product's page. Callers have passed `queries.get_product`, the door, before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.pricing import PriceHistory, PriceStatus

CHANGES = (
    PriceStatus.SUGGESTED,
    PriceStatus.QUEUED,
    PriceStatus.SENDING,
    PriceStatus.SENT,
    PriceStatus.CONFIRMED,
    PriceStatus.UNKNOWN,
    PriceStatus.REFUSED,
)
_ROWS_OF_A_CHART = 5_000


async def list_decisions(
    tx: ReadTx,
    product_id: UUID,
    *,
    only_changes: bool,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[PriceHistory]:
    """Return decisions newest first; `before` continues after the last one shown."""
    statement = select(PriceHistory).where(col(PriceHistory.product_id) == product_id)
    if only_changes:
        statement = statement.where(col(PriceHistory.status).in_(CHANGES))
    if before is not None:
        here = tuple_(col(PriceHistory.created_at), col(PriceHistory.id))
        statement = statement.where(here < tuple_(*before))
    newest = (col(PriceHistory.created_at).desc(), col(PriceHistory.id).desc())
    return (await tx.scalars(statement.order_by(*newest).limit(limit))).all()


async def list_decisions_since(
    tx: ReadTx, product_id: UUID, city_id: str, since: datetime
) -> Sequence[PriceHistory]:
    """Return a city's decisions since then and the last one before, oldest first."""
    here = (col(PriceHistory.product_id) == product_id, col(PriceHistory.city_id) == city_id)
    newest = col(PriceHistory.created_at).desc()
    earlier = (
        select(col(PriceHistory.id))
        .where(*here, col(PriceHistory.created_at) < since)
        .order_by(newest)
        .limit(1)
        .scalar_subquery()
    )
    rows = await tx.scalars(
        select(PriceHistory)
        .where(*here, or_(col(PriceHistory.created_at) >= since, col(PriceHistory.id) == earlier))
        .order_by(newest)
        .limit(_ROWS_OF_A_CHART)
    )
    return list(reversed(rows.all()))
