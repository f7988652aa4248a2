"""SQL of a matching: lines and orders in batches, verdicts written back. One store at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, text
from sqlmodel import col

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.economics.payouts.facts import Elsewhere
from cube_demper.models.catalog import Product
from cube_demper.models.orders import Order, OrderItem, OrderStatus
from cube_demper.models.payouts import PayoutDifference, PayoutLine, PayoutOperation, PayoutReport

LineVerdict = tuple[UUID, int | None, int | None, bool, bool]
"""A line's id, the commission and delivery expected of it, whether that is an estimate, whether fine."""
_CODES = 500
_SAMPLE = 2_000
Mark = tuple[datetime, str, int]
"""When a difference was settled, with which note, and for what amount."""


async def lock_report(tx: WriteTx, report_id: UUID) -> None:
    """Let one process at a time match a report."""
    key = func.hashtextextended(f"payouts:{report_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))


async def lines_with_delivery(tx: ReadTx, report_id: UUID) -> Sequence[PayoutLine]:
    """Return some lines that bear a delivery."""
    rows = await tx.scalars(
        select(PayoutLine)
        .where(col(PayoutLine.report_id) == report_id, col(PayoutLine.delivery) != 0)
        .order_by(col(PayoutLine.number))
        .limit(_SAMPLE)
    )
    return rows.all()


async def sums_of(tx: ReadTx, report_id: UUID) -> tuple[int, int, int]:
    """Return the sums of `gross` and `net`, and how many lines cannot be read."""
    row = await tx.execute(
        select(
            func.coalesce(func.sum(col(PayoutLine.gross)), 0),
            func.coalesce(func.sum(col(PayoutLine.net)), 0),
            func.count().filter(col(PayoutLine.trouble) != ""),
        ).where(col(PayoutLine.report_id) == report_id)
    )
    gross, net, troubled = row.one()
    return int(gross or 0), int(net or 0), troubled


async def stream_codes(tx: ReadTx, report_id: UUID) -> AsyncIterator[list[str]]:
    """Yield the orders' numbers of a report in batches."""
    after: str | None = None
    while True:
        statement = (
            select(col(PayoutLine.order_code))
            .where(col(PayoutLine.report_id) == report_id)
            .distinct()
            .order_by(col(PayoutLine.order_code))
            .limit(_CODES)
        )
        if after is not None:
            statement = statement.where(col(PayoutLine.order_code) > after)
        codes = list((await tx.scalars(statement)).all())
        if not codes:
            return
        yield codes
        after = codes[-1]


async def lines_of(
    tx: ReadTx, report_id: UUID, codes: Collection[str]
) -> dict[str, list[PayoutLine]]:
    """Return the lines of these orders, in the order of the file."""
    rows = await tx.scalars(
        select(PayoutLine)
        .where(col(PayoutLine.report_id) == report_id, col(PayoutLine.order_code).in_(codes))
        .order_by(col(PayoutLine.number))
    )
    found: dict[str, list[PayoutLine]] = defaultdict(list)
    for line in rows:
        found[line.order_code].append(line)
    return found


Goods = Sequence[tuple[OrderItem, str | None]]


async def orders_of(
    tx: ReadTx, store_id: UUID, codes: Collection[str]
) -> dict[str, tuple[Order, Goods]]:
    """Return the store's orders with these numbers, with their goods and the goods' categories."""
    rows = await tx.scalars(
        select(Order).where(col(Order.store_id) == store_id, col(Order.kaspi_order_code).in_(codes))
    )
    return await _with_goods(tx, rows.all())


async def ended_orders(
    tx: ReadTx, report: PayoutReport, status: OrderStatus, after: UUID | None
) -> dict[str, tuple[Order, Goods]]:
    """Return a batch of orders that ended so in the report's period; `after` is the last one's id.

    Completed ones are those that no report of the store has; returned ones those that some report
    paid and none took back.
    """
    ended = col(Order.completed_at if status is OrderStatus.COMPLETED else Order.returned_at)
    statement = (
        select(Order)
        .where(
            col(Order.store_id) == report.store_id,
            col(Order.status) == status,
            ended >= _start(report.period_from),
            ended < _start(report.period_to, days=1),
        )
        .order_by(col(Order.id))
        .limit(_CODES)
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


async def elsewhere(
    tx: ReadTx, report: PayoutReport, codes: Collection[str]
) -> dict[str, Elsewhere]:
    """Return what the store's other reports say of orders, where they say anything."""
    rows = await tx.execute(
        select(
            col(PayoutLine.order_code),
            func.bool_or(col(PayoutLine.operation) == PayoutOperation.PURCHASE),
            func.bool_or(col(PayoutLine.operation) == PayoutOperation.RETURN),
        )
        .join(PayoutReport, col(PayoutReport.id) == col(PayoutLine.report_id))
        .where(
            col(PayoutReport.store_id) == report.store_id,
            col(PayoutReport.id) != report.id,
            col(PayoutLine.order_code).in_([code for code in codes if code]),
        )
        .group_by(col(PayoutLine.order_code))
    )
    return {code: Elsewhere(bool(paid), bool(back)) for code, paid, back in rows}


async def paid_elsewhere(
    tx: ReadTx, report: PayoutReport, codes: Collection[str]
) -> dict[str, int]:
    """Return what other reports paid for orders."""
    paid = func.coalesce(col(PayoutLine.net), col(PayoutLine.gross))
    rows = await tx.execute(
        select(col(PayoutLine.order_code), func.sum(paid))
        .join(PayoutReport, col(PayoutReport.id) == col(PayoutLine.report_id))
        .where(
            col(PayoutReport.store_id) == report.store_id,
            col(PayoutReport.id) != report.id,
            col(PayoutLine.order_code).in_(codes),
        )
        .group_by(col(PayoutLine.order_code))
    )
    return {code: int(total) for code, total in rows}


async def first_order_at(tx: ReadTx, store_id: UUID) -> datetime | None:
    """Return the time of the earliest order that we have of a store."""
    return await tx.scalar(
        select(func.min(col(Order.ordered_at))).where(col(Order.store_id) == store_id)
    )


async def take_marks(tx: WriteTx, report_id: UUID) -> dict[tuple[str, str], Mark]:
    """Forget a report's differences; return what the seller had said of them."""
    rows = await tx.scalars(
        select(PayoutDifference).where(
            col(PayoutDifference.report_id) == report_id,
            col(PayoutDifference.resolved_at).is_not(None),
        )
    )
    marks = {
        (it.kind, it.subject): (it.resolved_at, it.note, it.amount)
        for it in rows
        if it.resolved_at is not None
    }
    await tx.execute(delete(PayoutDifference).where(col(PayoutDifference.report_id) == report_id))
    return marks


async def add_differences(tx: WriteTx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write differences."""
    if rows:
        await tx.execute(insert(PayoutDifference), list(rows))


async def write_verdicts(tx: WriteTx, rows: Sequence[LineVerdict]) -> None:
    """Write what was expected of lines, and whether they are fine."""
    ids, commissions, deliveries, estimates, fine = zip(*rows, strict=True)
    await tx.execute(
        text(
            "UPDATE payout_lines l SET expected_commission = v.commission,"
            " expected_delivery = v.delivery, is_estimate = v.estimate, is_fine = v.fine"
            " FROM unnest(CAST(:ids AS uuid[]), CAST(:commissions AS bigint[]),"
            " CAST(:deliveries AS bigint[]), CAST(:estimates AS boolean[]),"
            " CAST(:fine AS boolean[])) AS v(id, commission, delivery, estimate, fine)"
            " WHERE l.id = v.id"
        ),
        {
            "ids": list(ids),
            "commissions": list(commissions),
            "deliveries": list(deliveries),
            "estimates": list(estimates),
            "fine": list(fine),
        },
    )


async def stale_reports(tx: ReadTx, report: PayoutReport) -> Sequence[UUID]:
    """Return the store's other ready reports whose waiting orders this one may have."""
    open_kinds = ("missing", "awaited", "return_missing", "cancelled_paid")
    rows = await tx.scalars(
        select(col(PayoutReport.id))
        .where(
            col(PayoutReport.store_id) == report.store_id,
            col(PayoutReport.id) != report.id,
            col(PayoutReport.status) == "ready",
            exists().where(
                col(PayoutDifference.report_id) == col(PayoutReport.id),
                col(PayoutDifference.kind).in_(open_kinds),
                exists().where(
                    col(PayoutLine.report_id) == report.id,
                    col(PayoutLine.order_code) == col(PayoutDifference.order_code),
                ),
            ),
        )
        .order_by(col(PayoutReport.period_to))
    )
    return rows.all()


async def _with_goods(tx: ReadTx, orders: Sequence[Order]) -> dict[str, tuple[Order, Goods]]:
    goods: dict[UUID, list[tuple[OrderItem, str | None]]] = defaultdict(list)
    rows = await tx.execute(
        select(OrderItem, col(Product.category))
        .outerjoin(Product, col(Product.id) == col(OrderItem.product_id))
        .where(col(OrderItem.order_id).in_([order.id for order in orders]))
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
