"""What the bots changed and what waits for the seller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.pricing.schemas import Reason
from cube_demper.domain.stores.queries.switches import readable_by
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore


async def count_changes(
    tx: ReadTx, actor: Actor, store_id: UUID | None, since: datetime, until: datetime
) -> int:
    """Count price changes that Kaspi took in a span; one SKU is one change, whatever its cities."""
    query = (
        select(func.count(distinct(col(PriceHistory.send_id))))
        .select_from(PriceHistory)
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            _of_store(actor, store_id),
            _has_left(),
            col(PriceHistory.sent_at) > since,
            col(PriceHistory.sent_at) <= until,
        )
    )
    return await tx.scalar(query) or 0


async def count_suggested(tx: ReadTx, actor: Actor, store_id: UUID | None) -> int:
    """Count goods with a suggestion that still stands."""
    query = (
        select(func.count(distinct(col(PriceHistory.product_id))))
        .select_from(PriceHistory)
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            _of_store(actor, store_id),
            col(PriceHistory.status) == PriceStatus.SUGGESTED,
            col(Product.bot_active),
        )
    )
    return await tx.scalar(query) or 0


async def count_by_reason(
    tx: ReadTx, actor: Actor, store_id: UUID | None, reasons: Sequence[Reason]
) -> dict[Reason, int]:
    """Count goods whose bot stands for these reasons now."""
    reason = func.coalesce(col(Product.last_reason), "")
    query = (
        select(reason, func.count())
        .select_from(Product)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(_of_store(actor, store_id), col(Product.bot_active), reason.in_(reasons))
        .group_by(reason)
    )
    return {Reason(name): count for name, count in (await tx.execute(query)).all()}


async def count_without_floor(tx: ReadTx, actor: Actor, store_id: UUID | None) -> int:
    """Count goods whose bot is on while their seller has set no min. price."""
    query = (
        select(func.count())
        .select_from(Product)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(
            _of_store(actor, store_id), col(Product.bot_active), col(Product.min_price).is_(None)
        )
    )
    return await tx.scalar(query) or 0


async def list_latest(
    tx: ReadTx, actor: Actor, store_id: UUID | None, limit: int
) -> Sequence[tuple[PriceHistory, str, str, str]]:
    """Return the latest changes that left for Kaspi: of which product, store and city, by name.

    The home city goes without saying: its name is empty.
    """
    query = (
        select(
            PriceHistory,
            col(Product.name),
            col(KaspiStore.name),
            col(KaspiStore.home_city_id),
            col(KaspiStore.points),
        )
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(_of_store(actor, store_id), _has_left())
        .order_by(col(PriceHistory.created_at).desc())
        .limit(limit)
    )
    return [
        (row, name, store, "" if row.city_id == home else _city(row.city_id, points))
        for row, name, store, home, points in (await tx.execute(query)).tuples()
    ]


def _city(city_id: str, points: Sequence[Mapping[str, Any]]) -> str:
    names = {it["cityId"]: it.get("cityName") for it in points}
    return names.get(city_id) or city_id


def _has_left() -> ColumnElement[bool]:
    """A price that left and was not refused; what was only decided changed nothing."""
    return and_(
        col(PriceHistory.sent_at).is_not(None), col(PriceHistory.status) != PriceStatus.REFUSED
    )


def _of_store(actor: Actor, store_id: UUID | None) -> ColumnElement[bool]:
    """Narrow a query joined with stores to the actor, and to one store when it is given."""
    own = readable_by(actor)
    return own if store_id is None else and_(own, col(KaspiStore.id) == store_id)
