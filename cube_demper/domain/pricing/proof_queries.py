"""SQL of what was seen of a seller's sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.pricing.proof import NotShown
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore

_MOST_NOT_SHOWN = 200


async def seen_since(
    tx: ReadTx, owner_id: UUID, since: datetime
) -> dict[UUID, tuple[int, timedelta | None]]:
    """Return for each store how many sends were seen, and the median of how long that took.

    Since the first try: that is how long the price was awaited.
    """
    left = func.coalesce(col(PriceHistory.first_sent_at), col(PriceHistory.sent_at))
    took = col(PriceHistory.confirmed_at) - left
    rows = await tx.execute(
        select(
            col(PriceHistory.store_id),
            func.count(),
            func.percentile_cont(0.5).within_group(took),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(PriceHistory.sent_at) > since,
            col(PriceHistory.status) == PriceStatus.CONFIRMED,
        )
        .group_by(col(PriceHistory.store_id))
    )
    return {store_id: (count, usual) for store_id, count, usual in rows.tuples()}


async def not_shown_since(tx: ReadTx, owner_id: UUID, since: datetime) -> Sequence[NotShown]:
    """Return prices given up since then that no later send of the same product and city has mended."""
    later = aliased(PriceHistory)
    is_mended = exists().where(
        col(later.product_id) == col(PriceHistory.product_id),
        col(later.city_id) == col(PriceHistory.city_id),
        col(later.created_at) > col(PriceHistory.created_at),
        col(later.sent_at).is_not(None),
        col(later.status).in_([PriceStatus.CONFIRMED, PriceStatus.REFUSED]),
    )
    rows = await tx.execute(
        select(
            col(PriceHistory.store_id),
            col(PriceHistory.product_id),
            col(Product.name),
            col(PriceHistory.city_id),
            col(PriceHistory.new_price),
            col(PriceHistory.sent_at),
            col(KaspiStore.points),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(PriceHistory.sent_at) > since,
            col(PriceHistory.status) == PriceStatus.REFUSED,
            col(PriceHistory.unseen_at).is_not(None),
            ~is_mended,
        )
        .order_by(col(PriceHistory.sent_at).desc())
        .limit(_MOST_NOT_SHOWN)
    )
    return [
        NotShown(store, product, name, _city_name(city, points), price or 0, sent_at)
        for store, product, name, city, price, sent_at, points in rows.tuples()
        if sent_at is not None
    ]


def _city_name(city_id: str, points: Sequence[Mapping[str, Any]]) -> str:
    names = {it["cityId"]: it.get("cityName") or "" for it in points if it.get("enabled")}
    return names.get(city_id, "") if len(names) > 1 else ""
