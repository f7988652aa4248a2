"""SQL of a matching: lines in batches, verdicts written back, what other reports say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    delete,
    exists,
    func,
    insert,
    select,
    text,
)
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.economics.payouts.facts import Elsewhere
from cube_demper.domain.economics.payouts.order_queries import BATCH, among
from cube_demper.domain.economics.payouts.parsing import Line
from cube_demper.models.payouts import PayoutDifference, PayoutLine, PayoutOperation, PayoutReport

LineVerdict = tuple[UUID, int | None, int | None, bool, bool]
"""A line's id, the commission and delivery expected of it, whether that is an estimate, whether fine."""
LineRow = tuple[UUID, Line]
"""A line with its id."""
_OPERATIONS = {it.value: it for it in PayoutOperation}
_COMPARED = tuple(col(getattr(PayoutLine, name)) for name in ("id", *Line.__slots__))
_SAMPLE = 2_000
Mark = tuple[datetime, str, int]
"""When a difference was settled, with which note, and for what amount."""


async def lock_report(tx: WriteTx, report_id: UUID) -> None:
    """Let one process at a time match a report."""
    key = func.hashtextextended(f"payouts:{report_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))


async def lines_with_delivery(tx: ReadTx, report_id: UUID) -> list[Line]:
    """Return some lines that bear a delivery."""
    rows = await tx.execute(_lines(report_id).where(col(PayoutLine.delivery) != 0).limit(_SAMPLE))
    return [_line(row) for row in rows]


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


async def stream_lines(tx: ReadTx, report_id: UUID) -> AsyncIterator[dict[str, list[LineRow]]]:
    """Yield the lines of some hundred orders at a time, by the order's number, in the file's order.

    Lines of no order are judged one by one, so they come in pieces.
    """
    after = 0
    nameless = _lines(report_id).where(col(PayoutLine.order_code) == "").limit(BATCH)
    while found := await _rows(tx, nameless.where(col(PayoutLine.number) > after)):
        yield {"": found}
        after = found[-1][1].number
    code = ""
    while codes := (await tx.scalars(_codes(report_id, code))).all():
        lines: dict[str, list[LineRow]] = defaultdict(list)
        for row in await _rows(tx, _lines(report_id).where(among(PayoutLine.order_code, codes))):
            lines[row[1].order_code].append(row)
        yield lines
        code = codes[-1]


def _codes(report_id: UUID, after: str) -> Select[str]:
    return (
        select(col(PayoutLine.order_code))
        .where(col(PayoutLine.report_id) == report_id, col(PayoutLine.order_code) > after)
        .distinct()
        .order_by(col(PayoutLine.order_code))
        .limit(BATCH)
    )


def _lines(report_id: UUID) -> Select[Any]:
    """Choose what of a report's lines is compared, without the cells they were read from."""
    return (
        select(*_COMPARED)
        .where(col(PayoutLine.report_id) == report_id)
        .order_by(col(PayoutLine.number))
    )


async def _rows(tx: ReadTx, statement: Select[Any]) -> list[LineRow]:
    return [(row.id, _line(row)) for row in await tx.execute(statement)]


def _line(row: Row[Any]) -> Line:
    number, code, operation, *rest = tuple(row)[1:]
    return Line(number, code, _OPERATIONS[operation], *rest)


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
            among(PayoutLine.order_code, [code for code in codes if code]),
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
            among(PayoutLine.order_code, codes),
        )
        .group_by(col(PayoutLine.order_code))
    )
    return {code: int(total) for code, total in rows}


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
            " WHERE l.id = v.id AND (l.expected_commission, l.expected_delivery, l.is_estimate,"
            " l.is_fine) IS DISTINCT FROM (v.commission, v.delivery, v.estimate, v.fine)"
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
