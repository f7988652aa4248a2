"""SQL of the salesman."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.catalog import Product
from cube_demper.models.messages import ScheduledMessage
from cube_demper.models.messaging import (
    TriggerEvent,
    WhatsAppContact,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.orders import Order, OrderItem, OrderStatus
from cube_demper.models.salesman import SalesmanMessage, SalesmanSettings, ThoughtStatus, Trigger
from cube_demper.models.stores import KaspiStore

_BAD = (OrderStatus.CANCELLED, OrderStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Desk:
    """A store whose salesman is on and which may write to its buyers from `session_id`."""

    store: KaspiStore
    settings: SalesmanSettings
    session_id: UUID


async def find_desk(tx: ReadTx, store_id: UUID) -> Desk | None:
    """Return a store's salesman where he may work at all."""
    found = await tx.execute(
        select(KaspiStore, SalesmanSettings, col(WhatsAppStore.session_id))
        .join(SalesmanSettings, col(SalesmanSettings.store_id) == col(KaspiStore.id))
        .join(WhatsAppStore, col(WhatsAppStore.store_id) == col(KaspiStore.id))
        .join(WhatsAppSettings, col(WhatsAppSettings.user_id) == col(KaspiStore.user_id))
        .where(
            col(KaspiStore.id) == store_id,
            col(KaspiStore.is_active),
            col(SalesmanSettings.is_on),
            col(WhatsAppStore.is_enabled),
            col(WhatsAppStore.session_id).is_not(None),
            col(WhatsAppSettings.consented_at).is_not(None),
        )
    )
    row = found.tuples().one_or_none()
    if row is None or row[2] is None:
        return None
    return Desk(row[0], row[1], row[2])


async def find_settings(
    tx: ReadTx, user_id: UUID, store_id: UUID
) -> tuple[KaspiStore, SalesmanSettings | None] | None:
    """Return a seller's store and how its salesman is set, if it ever was."""
    found = await tx.execute(
        select(KaspiStore, SalesmanSettings)
        .outerjoin(SalesmanSettings, col(SalesmanSettings.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.id) == store_id, col(KaspiStore.user_id) == user_id)
    )
    return found.tuples().one_or_none()


async def get_order(tx: ReadTx, order_id: UUID) -> Order | None:
    """Return an order."""
    return await tx.get(Order, order_id)


async def get_contact(tx: ReadTx, contact_id: UUID) -> WhatsAppContact:
    """Return a buyer."""
    return await tx.get_one(WhatsAppContact, contact_id)


async def orders_before(tx: ReadTx, order: Order, phones: Sequence[bytes]) -> int:
    """Count a buyer's earlier orders at this store that were neither cancelled nor returned."""
    earlier = select(func.count()).where(
        col(Order.store_id) == order.store_id,
        col(Order.customer_phone_hash).in_(phones),
        col(Order.id) != order.id,
        col(Order.ordered_at) < order.ordered_at,
        col(Order.status).not_in(_BAD),
    )
    return int(await tx.scalar(earlier) or 0)


async def bought_names(tx: ReadTx, order_id: UUID) -> list[tuple[str, str | None, UUID | None]]:
    """Return what stands in an order: name, category, our product."""
    rows = await tx.execute(
        select(col(OrderItem.name), col(OrderItem.category_name), col(OrderItem.product_id))
        .where(col(OrderItem.order_id) == order_id, col(OrderItem.quantity) > 0)
        .order_by(col(OrderItem.entry_number))
    )
    return [*rows.tuples()]


async def list_goods(
    tx: ReadTx,
    store_id: UUID,
    without: Sequence[UUID],
    since: datetime,
    *,
    limit: int,
    offered: Sequence[str] = (),
) -> Sequence[Product]:
    """Return goods that can be bought now: those `offered`, then those most sold since `since`."""
    sold = (
        select(col(OrderItem.product_id), func.sum(col(OrderItem.quantity)).label("pieces"))
        .join(Order, col(Order.id) == col(OrderItem.order_id))
        .where(col(Order.store_id) == store_id, col(Order.ordered_at) >= since)
        .where(col(Order.status).not_in(_BAD), col(OrderItem.product_id).is_not(None))
        .group_by(col(OrderItem.product_id))
        .subquery()
    )
    there = or_(
        col(Product.availabilities).is_(None),
        col(Product.availabilities).contains([{"available": "yes"}]),
    )
    rows = await tx.scalars(
        select(Product)
        .outerjoin(sold, sold.c.product_id == col(Product.id))
        .where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            col(Product.pre_order_days) == 0,
            col(Product.price).is_not(None),
            col(Product.id).not_in(without),
            there,
        )
        .order_by(
            col(Product.kaspi_sku).in_(offered).desc(),
            func.coalesce(sold.c.pieces, 0).desc(),
            col(Product.name),
            col(Product.id),
        )
        .limit(limit)
    )
    return rows.all()


async def count_written(tx: ReadTx, store_id: UUID, since: datetime) -> int:
    """Count what a store's salesman has written since an instant and may send or has sent."""
    made = (ThoughtStatus.WAITING, ThoughtStatus.QUEUED)
    counted = select(func.count()).where(
        col(SalesmanMessage.store_id) == store_id,
        col(SalesmanMessage.written_at) >= since,
        col(SalesmanMessage.status).in_(made),
    )
    return int(await tx.scalar(counted) or 0)


async def is_review_asked(tx: ReadTx, order_id: UUID) -> bool:
    """Tell whether a template already asks an order's buyer for a review."""
    found = await tx.scalar(
        select(col(ScheduledMessage.id))
        .where(
            col(ScheduledMessage.order_id) == order_id,
            col(ScheduledMessage.trigger_event).in_(
                (TriggerEvent.REVIEW_REQUEST, TriggerEvent.REVIEW_BONUS)
            ),
        )
        .limit(1)
    )
    return found is not None


async def add(tx: WriteTx, values: dict[str, Any]) -> UUID | None:
    """Add a message unless its key is there."""
    added: UUID | None = await tx.scalar(
        insert(SalesmanMessage)
        .values(id=new_id(), **values)
        .on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"])
        .returning(col(SalesmanMessage.id))
    )
    return added


async def lock(
    tx: WriteTx, message_id: UUID, status: ThoughtStatus, user_id: UUID | None = None
) -> SalesmanMessage | None:
    """Lock a message while it stands so; None otherwise. `user_id`: only that seller's."""
    wanted = select(SalesmanMessage).where(
        col(SalesmanMessage.id) == message_id, col(SalesmanMessage.status) == status
    )
    if user_id is not None:
        wanted = wanted.where(col(SalesmanMessage.user_id) == user_id)
    found: SalesmanMessage | None = await tx.scalar(wanted.with_for_update())
    return found


async def queue_id_of(tx: ReadTx, user_id: UUID, key: str) -> UUID | None:
    """Return the message of the gate's queue that has a key."""
    found: UUID | None = await tx.scalar(
        select(col(ScheduledMessage.id)).where(
            col(ScheduledMessage.user_id) == user_id, col(ScheduledMessage.dedupe_key) == key
        )
    )
    return found


async def uplift(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime, until: datetime, within: timedelta
) -> dict[bool, tuple[int, int]]:
    """Count buyers written to (True) and left alone (False), and those who ordered again within a time.

    A buyer counts once, by their first message of the period that is old enough to be judged.
    """
    first = (
        select(
            col(SalesmanMessage.contact_id),
            col(SalesmanMessage.store_id),
            func.min(col(SalesmanMessage.created_at)).label("at"),
            func.bool_or(col(SalesmanMessage.status) == ThoughtStatus.QUEUED).label("is_told"),
        )
        .where(
            col(SalesmanMessage.store_id).in_(store_ids),
            col(SalesmanMessage.created_at).between(since, until - within),
            col(SalesmanMessage.status).in_((ThoughtStatus.QUEUED, ThoughtStatus.HELD_OUT)),
            col(SalesmanMessage.trigger) != Trigger.REPLY,
        )
        .group_by(col(SalesmanMessage.contact_id), col(SalesmanMessage.store_id))
        .subquery()
    )
    again = (
        select(col(Order.id))
        .where(
            col(Order.store_id) == first.c.store_id,
            col(Order.customer_phone_hash) == col(WhatsAppContact.phone_hash),
            col(Order.ordered_at) > first.c["at"],
            col(Order.ordered_at) <= first.c["at"] + within,
            col(Order.status).not_in(_BAD),
        )
        .exists()
    )
    rows = await tx.execute(
        select(first.c.is_told, func.count(), func.count(case((again, 1))))
        .join(WhatsAppContact, col(WhatsAppContact.id) == first.c.contact_id)
        .group_by(first.c.is_told)
    )
    return {is_told: (people, ordered) for is_told, people, ordered in rows.tuples()}


async def count_by_status(tx: ReadTx, user_id: UUID) -> dict[str, int]:
    """Count a seller's messages by where they stand."""
    status = col(SalesmanMessage.status)
    rows = await tx.execute(
        select(status, func.count()).where(col(SalesmanMessage.user_id) == user_id).group_by(status)
    )
    return dict(rows.tuples().all())


async def list_page(
    tx: ReadTx, user_id: UUID, statuses: Sequence[ThoughtStatus], *, limit: int, offset: int
) -> Sequence[tuple[SalesmanMessage, str | None, str | None]]:
    """Return a seller's messages with their buyers' sealed names and phones, the newest first."""
    rows = await tx.execute(
        select(SalesmanMessage, col(WhatsAppContact.name), col(WhatsAppContact.phone))
        .join(WhatsAppContact, col(WhatsAppContact.id) == col(SalesmanMessage.contact_id))
        .where(col(SalesmanMessage.user_id) == user_id, col(SalesmanMessage.status).in_(statuses))
        .order_by(col(SalesmanMessage.created_at).desc(), col(SalesmanMessage.id))
        .limit(limit)
        .offset(offset)
    )
    return rows.tuples().all()


async def list_stores(
    tx: ReadTx, user_id: UUID
) -> Sequence[tuple[KaspiStore, SalesmanSettings | None, bool]]:
    """Return a seller's stores, how their salesmen are set, and whether they may write to buyers at all."""
    talks = col(WhatsAppStore.is_enabled) & col(WhatsAppStore.session_id).is_not(None)
    rows = await tx.execute(
        select(KaspiStore, SalesmanSettings, func.coalesce(talks, False))
        .outerjoin(SalesmanSettings, col(SalesmanSettings.store_id) == col(KaspiStore.id))
        .outerjoin(WhatsAppStore, col(WhatsAppStore.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.user_id) == user_id)
        .order_by(col(KaspiStore.name), col(KaspiStore.id))
    )
    return rows.tuples().all()
