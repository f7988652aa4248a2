"""The set queries of alerts: each looks at what is new and counts the stores concerned, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, distinct, func, literal_column, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.pricing.schemas import Reason, Strategy
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, DempingSettings, KaspiStore

AT_FLOOR = (Reason.BELOW_FLOOR_HOLD, Reason.BELOW_FLOOR_TO_FLOOR, Reason.AT_FLOOR)
_AWAITED: list[ColumnElement[str]] = [
    literal_column(f"'{status}'")
    for status in (PriceStatus.QUEUED, PriceStatus.SENDING, PriceStatus.SENT, PriceStatus.UNKNOWN)
]
"""Said in the statement itself, so that the index of open rows is known to hold them all."""


@dataclass(frozen=True, slots=True)
class Affected:
    """The goods of one store that something is true of. `name` and `product_id`: one of them."""

    user_id: UUID
    store_id: UUID
    store_name: str
    goods: int
    name: str
    product_id: UUID


async def at_floor(tx: ReadTx, fresh_since: datetime, day: datetime) -> list[Affected]:
    """Return stores with a new decision at the floor, with their goods that came there since `day`.

    A row of `price_history` is written only when action, reason or target changed: it is the event.
    """
    is_event = col(PriceHistory.change_reason).in_(AT_FLOOR)
    stores = await _stores(tx, is_event, col(PriceHistory.created_at) >= fresh_since)
    if not stores:
        return []
    return await _count(
        tx,
        col(Product.store_id).in_(stores),
        col(Product.bot_active).is_(True),
        col(Product.last_reason).in_(AT_FLOOR),
        col(Product.id).in_(
            select(col(PriceHistory.product_id)).where(
                is_event,
                col(PriceHistory.store_id).in_(stores),
                col(PriceHistory.created_at) >= day,
            )
        ),
    )


async def first_place_lost(
    tx: ReadTx, lost_after: datetime, lost_before: datetime
) -> list[Affected]:
    """Return stores with goods that lost the first place in this time and are still behind.

    A product that is to stay within the first N was not to be first: it is left out. So is a store
    that its seller has stopped: nobody looks where its goods stand now.
    """
    at_work = select(col(DempingSettings.store_id)).where(col(DempingSettings.is_enabled))
    return await _count(
        tx,
        col(Product.first_lost_at) > lost_after,
        col(Product.first_lost_at) <= lost_before,
        col(Product.bot_active).is_(True),
        col(Product.demping_strategy) != Strategy.STAY_TOP_N,
        col(Product.store_id).in_(at_work),
    )


async def not_on_window(tx: ReadTx, sent_after: datetime, sent_before: datetime) -> list[Affected]:
    """Return stores with goods whose price was accepted in this time and was never seen since.

    By its first try: a second one must not put the alarm off. A price list is read by Kaspi about once
    an hour: its prices have an alarm of their own, after two hours (`confirming`).
    """
    left = func.coalesce(col(PriceHistory.first_sent_at), col(PriceHistory.sent_at))
    late = select(col(PriceHistory.product_id)).where(
        col(PriceHistory.status).in_(_AWAITED),
        left > sent_after,
        left <= sent_before,
        col(PriceHistory.confirmed_at).is_(None),
    )
    return await _count(tx, col(Product.id).in_(late), col(KaspiStore.channel) != Channel.FEED)


async def _stores(tx: ReadTx, *conditions: ColumnElement[bool]) -> Sequence[UUID]:
    found = await tx.scalars(select(col(PriceHistory.store_id)).where(*conditions).distinct())
    return found.all()


async def _count(tx: ReadTx, *conditions: ColumnElement[bool]) -> list[Affected]:
    one: ColumnElement[Any] = func.min(func.concat(col(Product.name), "\n", col(Product.id)))
    rows = await tx.execute(
        select(
            col(KaspiStore.user_id),
            col(KaspiStore.id),
            col(KaspiStore.name),
            func.count(distinct(col(Product.id))),
            one,
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(*conditions)
        .group_by(col(KaspiStore.id))
    )
    return [
        Affected(user_id, store_id, store, goods, *_named(text))
        for user_id, store_id, store, goods, text in rows.tuples()
    ]


def _named(text: str) -> tuple[str, UUID]:
    name, _, product_id = text.rpartition("\n")
    return name, UUID(product_id)
