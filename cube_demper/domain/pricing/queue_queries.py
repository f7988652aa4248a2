"""SQL of the queues of stores: their order, what they need and what they may use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, distinct, func, select, union_all, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, KaspiStore


@dataclass(frozen=True, slots=True)
class Queued:
    """A product in its store's queue, by the best place of its cities."""

    product_id: UUID
    standing: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a product stands in its store's queue, from 1."""

    store_id: UUID
    place: int
    queued: int
    standing: int


async def first_in_queue(tx: ReadTx, store_id: UUID, limit: int) -> list[Queued]:
    """Return the first products of a store's queue, in the order in which they leave."""
    queue = _queue().where(col(PriceHistory.store_id) == store_id).subquery()
    rows = await tx.execute(
        select(queue.c.product_id, queue.c.standing).order_by(*_order(queue)).limit(limit)
    )
    return [Queued(*row) for row in rows.tuples()]


async def find_place(tx: ReadTx, owner_id: UUID, product_id: UUID) -> Place | None:
    """Return where a product of this seller stands; None when nothing of it waits."""
    store = (
        select(col(Product.store_id))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(
            col(Product.id) == product_id,
            col(KaspiStore.user_id) == owner_id,
            col(KaspiStore.channel) == Channel.CABINET,
        )
        .scalar_subquery()
    )
    queue = _queue().where(col(PriceHistory.store_id) == store).subquery()
    ranked = select(
        queue,
        func.row_number().over(order_by=_order(queue)).label("place"),
        func.count().over().label("queued"),
    ).subquery()
    row = (await tx.execute(select(ranked).where(ranked.c.product_id == product_id))).one_or_none()
    return None if row is None else Place(row.store_id, row.place, row.queued, row.standing)


def _queue() -> Select[UUID, UUID, int, datetime]:
    """Products with something queued: one line each, by the best of its cities."""
    return (
        select(
            col(PriceHistory.store_id),
            col(PriceHistory.product_id),
            func.max(col(PriceHistory.worth)).label("standing"),
            func.min(col(PriceHistory.created_at)).label("since"),
        )
        .where(col(PriceHistory.status) == PriceStatus.QUEUED)
        .group_by(col(PriceHistory.store_id), col(PriceHistory.product_id))
    )


def _order(queue: Subquery) -> tuple[ColumnElement[Any], ...]:
    """The order in which a queue leaves; the same for the drain and for what sellers read."""
    return queue.c.standing.desc(), queue.c.since, queue.c.product_id


async def count_urgent(
    tx: ReadTx, store_id: UUID, standing: int, *, but: Sequence[UUID] = ()
) -> int:
    """Count the products of a store that wait with this standing or a better one, without `but`."""
    queue = (
        _queue()
        .where(col(PriceHistory.store_id) == store_id, col(PriceHistory.product_id).not_in(but))
        .subquery()
    )
    counted = await tx.scalar(
        select(func.count()).select_from(queue).where(queue.c.standing >= standing)
    )
    return counted or 0


async def count_queued(tx: ReadTx, owner_id: UUID) -> dict[UUID, int]:
    """Count the products that wait in each of this seller's stores whose changes Kaspi counts."""
    rows = await tx.execute(
        select(col(PriceHistory.store_id), func.count(distinct(col(PriceHistory.product_id))))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(KaspiStore.channel) == Channel.CABINET,
            col(PriceHistory.status) == PriceStatus.QUEUED,
        )
        .group_by(col(PriceHistory.store_id))
    )
    return dict(rows.tuples().all())


async def sent_since(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> defaultdict[UUID, list[datetime]]:
    """Return when each store's changes left; one SKU is one change, whatever its cities."""
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    if not store_ids:
        return found
    left = _departures(since)
    rows = await tx.execute(
        select(left.c.store_id, func.min(left.c.sent_at))
        .where(left.c.store_id.in_(store_ids))
        .group_by(left.c.store_id, left.c.send_id)
    )
    for store_id, at in rows.tuples():
        if at is not None:
            found[store_id].append(at)
    return found


async def count_sent(tx: ReadTx, store_id: UUID, since: datetime) -> int:
    """Count a store's changes that left since then; one SKU is one change, whatever its cities."""
    left = _departures(since)
    counted = await tx.scalar(
        select(func.count(distinct(left.c.send_id))).where(left.c.store_id == store_id)
    )
    return counted or 0


def _departures(since: datetime) -> Subquery:
    """Each time that a row left since then; a second try does not undo the first."""
    tries = (
        (PriceHistory.send_id, PriceHistory.sent_at),
        (PriceHistory.first_send_id, PriceHistory.first_sent_at),
    )
    return union_all(
        *(
            select(
                col(PriceHistory.store_id).label("store_id"),
                col(send).label("send_id"),
                col(at).label("sent_at"),
            ).where(col(at) > since)
            for send, at in tries
        )
    ).subquery()


async def wanted_since(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> defaultdict[UUID, list[datetime]]:
    """Return when each store's bot wanted to change a product's price, sent or not."""
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    if not store_ids:
        return found
    rows = await tx.execute(
        select(
            col(PriceHistory.store_id),
            col(PriceHistory.product_id),
            col(PriceHistory.created_at),
        )
        .where(
            col(PriceHistory.store_id).in_(store_ids),
            col(PriceHistory.queued_at).is_not(None),
            col(PriceHistory.created_at) > since,
        )
        .distinct()
    )
    for store_id, _, at in rows.tuples():
        found[store_id].append(at)
    return found


async def set_worth(tx: WriteTx, row_id: UUID, standing: int) -> None:
    """Move a row that still waits."""
    await tx.execute(
        update(PriceHistory)
        .where(col(PriceHistory.id) == row_id, col(PriceHistory.status) == PriceStatus.QUEUED)
        .values(worth=standing)
    )


async def count_wanted(tx: ReadTx, product_ids: Sequence[UUID], since: datetime) -> dict[UUID, int]:
    """Count the changes that were wanted for these products since then, sent or not."""
    rows = await tx.execute(
        select(col(PriceHistory.product_id), func.count(distinct(col(PriceHistory.created_at))))
        .where(
            col(PriceHistory.product_id).in_(product_ids),
            col(PriceHistory.created_at) > since,
            col(PriceHistory.queued_at).is_not(None),
        )
        .group_by(col(PriceHistory.product_id))
    )
    return dict(rows.tuples().all())
