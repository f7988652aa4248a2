"""SQL of orders that are being written: what is known of them, their items, the goods they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.orders.statuses import OVER
from cube_demper.models.catalog import Product
from cube_demper.models.orders import Order, OrderItem, OrderStatus, OrderStatusHistory, StatusStep
from cube_demper.models.stores import KaspiStore


async def lock_orders(
    tx: WriteTx, store_id: UUID, codes: Collection[str], kaspi_ids: Collection[str]
) -> list[Order]:
    """Lock a store's orders that have one of these codes or ids of the API."""
    rows = await tx.scalars(
        select(Order)
        .where(
            col(Order.store_id) == store_id,
            or_(col(Order.kaspi_order_code).in_(codes), col(Order.kaspi_order_id).in_(kaspi_ids)),
        )
        .order_by(col(Order.kaspi_order_code))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows.all())


async def reached(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, set[OrderStatus]]:
    """Return every status that the histories of these orders name."""
    rows = await tx.execute(
        select(col(OrderStatusHistory.order_id), col(OrderStatusHistory.new_status))
        .where(
            col(OrderStatusHistory.order_id).in_(order_ids),
            col(OrderStatusHistory.step) != StatusStep.UNCLEAR,
        )
        .distinct()
    )
    found: dict[UUID, set[OrderStatus]] = defaultdict(set)
    for order_id, status in rows.all():
        found[order_id].add(OrderStatus(status))
    return found


async def items_of(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, dict[int, OrderItem]]:
    """Return the items of these orders by their numbers."""
    rows = await tx.scalars(select(OrderItem).where(col(OrderItem.order_id).in_(order_ids)))
    found: dict[UUID, dict[int, OrderItem]] = defaultdict(dict)
    for item in rows.all():
        found[item.order_id][item.entry_number] = item
    return found


async def goods_named(
    tx: ReadTx, store_id: UUID, skus: Collection[str], cards: Collection[str]
) -> Sequence[tuple[UUID, str, str | None, str]]:
    """Return id, SKU, card and name of a store's goods that have one of these SKUs or cards."""
    rows = await tx.execute(
        select(
            col(Product.id),
            col(Product.kaspi_sku),
            col(Product.external_kaspi_id),
            col(Product.name),
        ).where(
            col(Product.store_id) == store_id,
            or_(col(Product.kaspi_sku).in_(skus), col(Product.external_kaspi_id).in_(cards)),
        )
    )
    return rows.tuples().all()


async def find_with_store(tx: ReadTx, order_id: UUID) -> tuple[Order, KaspiStore] | None:
    """Return an order with its store."""
    row = await tx.execute(
        select(Order, KaspiStore)
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(col(Order.id) == order_id)
    )
    found = row.tuples().one_or_none()
    return (found[0], found[1]) if found else None


async def codes_with_items(tx: ReadTx, store_id: UUID, codes: Collection[str]) -> set[str]:
    """Return those of the orders whose items are written already."""
    rows = await tx.scalars(
        select(col(Order.kaspi_order_code)).where(
            col(Order.store_id) == store_id,
            col(Order.kaspi_order_code).in_(codes),
            select(col(OrderItem.id)).where(col(OrderItem.order_id) == col(Order.id)).exists(),
        )
    )
    return set(rows.all())


async def list_to_follow(
    tx: ReadTx, store_id: UUID, since: datetime, before: datetime, limit: int
) -> list[str]:
    """Return codes that a reading from `since` on, begun at `before`, had to show and did not.

    Besides them older ones that are still on their way, those first that were not seen longest.
    """
    is_old = col(Order.ordered_at) < since
    is_going_on = col(Order.status).not_in(OVER)
    rows = await tx.scalars(
        select(col(Order.kaspi_order_code))
        .where(
            col(Order.store_id) == store_id,
            col(Order.missing_since).is_(None),
            col(Order.seen_at) < before,
            or_(~is_old, is_going_on),
        )
        .order_by(is_old, col(Order.seen_at))
        .limit(limit)
    )
    return list(rows.all())


async def mark_missing(
    tx: WriteTx, store_id: UUID, codes: Collection[str], before: datetime, now: datetime
) -> int:
    """Note that Kaspi does not show these orders, unless an answer of later than `before` did."""
    rows = await tx.scalars(
        update(Order)
        .where(
            col(Order.store_id) == store_id,
            col(Order.kaspi_order_code).in_(codes),
            col(Order.missing_since).is_(None),
            col(Order.seen_at) < before,
        )
        .values(missing_since=now)
        .returning(col(Order.id))
    )
    return len(rows.all())


async def count_unclear(tx: ReadTx) -> Sequence[tuple[str, str, int]]:
    """Count orders in pairs that we do not know, by state and status, most first."""
    rows = await tx.execute(
        select(col(Order.kaspi_state), col(Order.kaspi_status), func.count())
        .where(~col(Order.is_clear))
        .group_by(col(Order.kaspi_state), col(Order.kaspi_status))
        .order_by(func.count().desc())
        .limit(20)
    )
    return rows.tuples().all()
