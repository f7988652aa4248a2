"""SQL of sends: the queue of a store, the statuses of a send, confirming looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import exists, func, or_, select, union_all, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.arrays import chosen_once
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.worth import URGENT
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, KaspiStore
from cube_demper.models.supply import SupplyChange

AS_IT_WAS: dict[str, Any] = {
    "sent_at": col(PriceHistory.first_sent_at),
    "send_id": col(PriceHistory.first_send_id),
    "first_sent_at": None,
    "first_send_id": None,
}
"""What a try that never left leaves of a row: nothing, or the try before it."""
UNRESOLVED = (PriceStatus.SENDING, PriceStatus.SENT, PriceStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DueConfirmation:
    """A send whose confirming look is due."""

    row_id: UUID
    product_id: UUID
    store_id: UUID
    user_id: UUID
    merchant_id: str
    sku: str
    name: str
    card: str
    city_id: str
    target: int
    status: str
    attempt: int
    looks: int
    sent_at: datetime
    send_id: UUID
    channel: str = Channel.CABINET


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """What a store has queued: whether some of it is urgent, since when the oldest waits (UTC)."""

    is_urgent: bool
    since: datetime | None


async def stores_with_queue(tx: ReadTx) -> dict[UUID, WaitingQueue]:
    """Return the stores whose cabinet has something queued, and what waits there."""
    rows = await tx.execute(
        select(
            col(PriceHistory.store_id),
            func.max(col(PriceHistory.worth)) >= URGENT,
            func.min(col(PriceHistory.queued_at)),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            col(PriceHistory.status) == PriceStatus.QUEUED,
            col(KaspiStore.channel) == Channel.CABINET,
        )
        .group_by(col(PriceHistory.store_id))
    )
    return {store: WaitingQueue(urgent, since) for store, urgent, since in rows.tuples()}


async def lock_queued(tx: WriteTx, product_ids: Sequence[UUID]) -> Sequence[PriceHistory]:
    """Lock the queued rows of these products; rows that somebody else holds are left out."""
    rows = await tx.scalars(
        select(PriceHistory)
        .where(
            col(PriceHistory.product_id).in_(product_ids),
            col(PriceHistory.status) == PriceStatus.QUEUED,
        )
        .order_by(col(PriceHistory.created_at), col(PriceHistory.id))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def mark(
    tx: WriteTx,
    send_ids: Sequence[UUID],
    *,
    only: Sequence[str],
    **values: object,
) -> Sequence[PriceHistory]:
    """Change the rows of these sends that are still in one of `only`; return them changed."""
    rows = await tx.scalars(
        update(PriceHistory)
        .where(col(PriceHistory.send_id).in_(send_ids), col(PriceHistory.status).in_(only))
        .values(**values)
        .returning(PriceHistory)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def drop_overtaken(tx: WriteTx, send_ids: Sequence[UUID]) -> None:
    """Drop rows of sends that never left where a newer decision is queued for the same city."""
    newer = aliased(PriceHistory)
    is_overtaken = exists().where(
        col(newer.product_id) == col(PriceHistory.product_id),
        col(newer.city_id) == col(PriceHistory.city_id),
        col(newer.status) == PriceStatus.QUEUED,
    )
    await tx.execute(
        update(PriceHistory)
        .where(
            col(PriceHistory.send_id).in_(send_ids),
            col(PriceHistory.status) == PriceStatus.SENDING,
            is_overtaken,
        )
        .values(
            status=PriceStatus.SUPERSEDED,
            note="Отправляется новая цена.",
            confirm_at=None,
            **AS_IT_WAS,
        )
    )


async def retire_older_sends(tx: WriteTx, rows: Sequence[PriceHistory]) -> None:
    """A newer accepted price ends the wait for the older ones of the same product and city."""
    for row in rows:
        await tx.execute(
            update(PriceHistory)
            .where(
                col(PriceHistory.product_id) == row.product_id,
                col(PriceHistory.city_id) == row.city_id,
                col(PriceHistory.id) != row.id,
                col(PriceHistory.status).in_(UNRESOLVED),
                col(PriceHistory.sent_at) < row.sent_at,
            )
            .values(status=PriceStatus.SUPERSEDED, note="Отправлена новая цена.", confirm_at=None)
            # Else each statement is compared with every row of the session: seconds at a thousand.
            .execution_options(synchronize_session=False)
        )


async def take_confirmations(
    tx: WriteTx, now: datetime, hold_until: datetime, limit: int
) -> list[DueConfirmation]:
    """Take sends whose confirming look is due and put them off until `hold_until`.

    The put-off is the lease: a worker that dies during the look only delays the next one.
    """
    due = (
        select(col(PriceHistory.id))
        .where(col(PriceHistory.status).in_(UNRESOLVED), col(PriceHistory.confirm_at) <= now)
        .order_by(col(PriceHistory.confirm_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = await tx.scalars(
        update(PriceHistory)
        .where(chosen_once(col(PriceHistory.id), due))
        .values(confirm_at=hold_until)
        .returning(col(PriceHistory.id))
    )
    return await _confirmations(tx, taken.all())


async def _confirmations(tx: ReadTx, row_ids: Iterable[UUID]) -> list[DueConfirmation]:
    rows = await tx.execute(
        select(
            col(PriceHistory.id),
            col(PriceHistory.product_id),
            col(PriceHistory.store_id),
            col(KaspiStore.user_id),
            col(KaspiStore.merchant_id),
            col(Product.kaspi_sku),
            col(Product.name),
            col(Product.external_kaspi_id),
            col(PriceHistory.city_id),
            col(PriceHistory.new_price),
            col(PriceHistory.status),
            col(PriceHistory.attempt),
            col(PriceHistory.confirm_looks),
            col(PriceHistory.sent_at),
            col(PriceHistory.send_id),
            col(KaspiStore.channel),
        )
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(col(PriceHistory.id).in_(list(row_ids)))
    )
    return [DueConfirmation(*cast("tuple[Any, ...]", row)) for row in rows]


async def has_newer(tx: ReadTx, send: DueConfirmation) -> bool:
    """Tell whether something newer is queued or on its way for the same product and city."""
    is_later = col(PriceHistory.sent_at) > send.sent_at
    found = await tx.scalar(
        select(col(PriceHistory.id))
        .where(
            col(PriceHistory.product_id) == send.product_id,
            col(PriceHistory.city_id) == send.city_id,
            or_(
                col(PriceHistory.status) == PriceStatus.QUEUED,
                col(PriceHistory.status).in_(UNRESOLVED) & is_later,
            ),
        )
        .limit(1)
    )
    return found is not None


async def settle(tx: WriteTx, row_id: UUID, *, sent_at: datetime, **values: object) -> bool:
    """Change one unresolved row, unless it was sent again meanwhile; tell whether it was changed."""
    done = await tx.scalars(
        update(PriceHistory)
        .where(
            col(PriceHistory.id) == row_id,
            col(PriceHistory.status).in_(UNRESOLVED),
            col(PriceHistory.sent_at) == sent_at,
        )
        .values(**values)
        .returning(col(PriceHistory.id))
    )
    return bool(done.all())


async def mark_unseen(tx: WriteTx, row_ids: Sequence[UUID], seen_at: datetime) -> None:
    """Note that a look did not show these sends."""
    await tx.execute(
        update(PriceHistory)
        .where(
            col(PriceHistory.id).in_(row_ids),
            col(PriceHistory.status).in_(UNRESOLVED),
            col(PriceHistory.sent_at) < seen_at,
        )
        .values(unseen_at=seen_at)
    )


async def seen_after(tx: ReadTx, store_id: UUID, since: datetime, limit: int) -> list[timedelta]:
    """Return how long the latest sends of a store took until a look showed them.

    Those that were tried twice tell nothing: which of the two was seen, nobody knows.
    """
    rows = await tx.execute(
        select(col(PriceHistory.confirmed_at), col(PriceHistory.sent_at))
        .where(
            col(PriceHistory.store_id) == store_id,
            col(PriceHistory.sent_at) > since,
            col(PriceHistory.status) == PriceStatus.CONFIRMED,
            col(PriceHistory.first_sent_at).is_(None),
        )
        .order_by(col(PriceHistory.sent_at).desc())
        .limit(limit)
    )
    return [seen - sent for seen, sent in rows if seen and sent]


async def recent_sends(tx: ReadTx, since: datetime) -> list[tuple[str, datetime]]:
    """Return (merchant, when) of every SKU change since then, in any status, stock changes too."""
    left = (
        (PriceHistory.store_id, PriceHistory.send_id, PriceHistory.sent_at),
        (PriceHistory.store_id, PriceHistory.first_send_id, PriceHistory.first_sent_at),
        (SupplyChange.store_id, SupplyChange.send_id, SupplyChange.sent_at),
    )
    sends = union_all(
        *(
            select(
                col(store).label("store_id"), col(send).label("send_id"), col(at).label("sent_at")
            ).where(col(at) >= since, col(send).is_not(None))
            for store, send, at in left
        )
    ).subquery()
    rows = await tx.execute(
        select(col(KaspiStore.merchant_id), func.min(sends.c.sent_at))
        .join(sends, sends.c.store_id == col(KaspiStore.id))
        # What leaves in the price list is not counted by Kaspi.
        .where(col(KaspiStore.channel) == Channel.CABINET)
        .group_by(col(KaspiStore.merchant_id), sends.c.send_id)
    )
    return [(merchant, at) for merchant, at in rows if at]
