"""SQL of the orders that a report is held against. One store at a time, some hundred orders at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, any_, exists, func, literal, select
from sqlalchemy.orm import load_only
from sqlmodel import col

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.models.catalog import Product
from cube_demper.models.orders import Order, OrderItem, OrderStatus
from cube_demper.models.payouts import PayoutLine, PayoutOperation, PayoutReport

BATCH = 500
"""Orders at a time."""
_ORDERS = select(Order).options(
    load_only(
        *(
            getattr(Order, name)
            for name in (
                "kaspi_order_code", "status", "total_price", "ordered_at", "completed_at",
                "cancelled_at", "returned_at", "seller_delivery_cost", "is_kaspi_delivery",
                "is_express", "delivery_mode",
            )
        ),
        raiseload=True,
    )
)  # fmt: skip
"""An order without its buyer: no more of it is compared."""
Goods = Sequence[tuple[OrderItem, str | None]]


def among(column: str, codes: Collection[str]) -> Any:
    """Choose orders by one array: a statement of as many parameters would be compiled for every batch."""
    return col(column) == any_(literal(list(codes), ARRAY(String)))


async def orders_of(
    tx: ReadTx, store_id: UUID, codes: Collection[str]
) -> dict[str, tuple[Order, Goods]]:
    """Return the store's orders with these numbers, with their goods and the goods' categories."""
    mine = col(Order.store_id) == store_id, among(Order.kaspi_order_code, codes)
    return await _with_goods(tx, (await tx.scalars(_ORDERS.where(*mine))).all())


async def ended_orders(
    tx: ReadTx, report: PayoutReport, status: OrderStatus, after: UUID | None
) -> dict[str, tuple[Order, Goods]]:
    """Return a batch of orders that ended so in the report's period; `after` is the last one's id.

    Completed ones are those that no report of the store has; returned ones those that some report
    paid and none took back.
    """
    ended = col(Order.completed_at if status is OrderStatus.COMPLETED else Order.returned_at)
    statement = (
        _ORDERS.where(
            col(Order.store_id) == report.store_id,
            col(Order.status) == status,
            ended >= _start(report.period_from),
            ended < _start(report.period_to, days=1),
        )
        .order_by(col(Order.id))
        .limit(BATCH)
    )
    bought = _has_line(report.store_id, PayoutOperation.PURCHASE)
    if status is OrderStatus.COMPLETED:
        statement = statement.where(~_has_line(report.store_id, None))
    else:
        back = _has_line(report.store_id, PayoutOperation.RETURN)
        here = _has_line(report.store_id, None, report.id)
        statement = statement.where(bought, ~back, ~here)
    if after is not None:
        statement = statement.where(col(Order.id) > after)
    return await _with_goods(tx, (await tx.scalars(statement)).all())


async def first_order_at(tx: ReadTx, store_id: UUID) -> datetime | None:
    """Return the time of the earliest order that we have of a store."""
    return await tx.scalar(
        select(func.min(col(Order.ordered_at))).where(col(Order.store_id) == store_id)
    )


async def _with_goods(tx: ReadTx, orders: Sequence[Order]) -> dict[str, tuple[Order, Goods]]:
    goods: dict[UUID, list[tuple[OrderItem, str | None]]] = defaultdict(list)
    rows = await tx.execute(
        select(OrderItem, col(Product.category))
        .outerjoin(Product, col(Product.id) == col(OrderItem.product_id))
        .where(col(OrderItem.order_id) == any_(literal([it.id for it in orders], ARRAY(Uuid))))
        .order_by(col(OrderItem.entry_number))
    )
    for item, category in rows:
        goods[item.order_id].append((item, category))
    return {order.kaspi_order_code: (order, goods[order.id]) for order in orders}


def _has_line(
    store_id: UUID, operation: PayoutOperation | None, report_id: UUID | None = None
) -> Any:
    conditions = [
        col(PayoutLine.order_code) == col(Order.kaspi_order_code),
        col(PayoutReport.id) == col(PayoutLine.report_id),
        col(PayoutReport.store_id) == store_id,
    ]
    if operation is not None:
        conditions.append(col(PayoutLine.operation) == operation)
    if report_id is not None:
        conditions.append(col(PayoutReport.id) == report_id)
    return exists().where(*conditions)


def _start(day: date | None, days: int = 0) -> datetime:
    """Return the first moment of a day in Almaty, or of one that many days later."""
    if day is None:
        raise ValueError("a report without a period is not matched with orders")
    return datetime.combine(day + timedelta(days=days), time.min, ALMATY).astimezone(UTC)
