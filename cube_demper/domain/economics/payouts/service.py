"""Use cases of payout reports. Pages and workers use this module, `work` and `schemas`."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.economics.payouts import difference_queries, queries
from cube_demper.domain.economics.payouts.errors import ReportBusy, ReportMoved
from cube_demper.domain.economics.payouts.heads import check_choice
from cube_demper.domain.economics.payouts.matching import ask, ask_again
from cube_demper.domain.economics.payouts.schemas import (
    BUSY,
    EVENT,
    MOST_BYTES,
    MOST_NOTE,
    DifferenceFilter,
    DifferenceView,
    KindTotal,
    LineView,
    ReportView,
    Sums,
)
from cube_demper.domain.stores import service as stores
from cube_demper.models.payouts import (
    DifferenceKind,
    PayoutDifference,
    PayoutLine,
    PayoutOperation,
    PayoutReport,
    PayoutStatus,
)

_ENTITY = "payout_report"


async def start_report(
    tx: WriteTx, actor: Actor, store_id: UUID, file: tuple[str, bytes], now: datetime
) -> UUID:
    """Take a file (its name and content) and have it read; the same file again is one report.

    One that was refused or cancelled is then read anew.

    Raises InvalidInput and StoreNotFound.
    """
    file_name, content = file
    if not content:
        raise InvalidInput("Файл пустой.")
    if len(content) > MOST_BYTES:
        raise InvalidInput(f"Файл больше {MOST_BYTES >> 20} МБ. Разделите отчёт по датам.")
    store = await stores.get_store(tx, actor, store_id)
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()[:120] or "Без имени"
    row = PayoutReport(
        id=new_id(),
        store_id=store.id,
        file_name=name,
        file_hash=hashlib.sha256(content).digest(),
        content=content,
        created_at=now,
    )
    report_id = await queries.add_report(tx, row)
    if report_id == row.id or await queries.begin_again(tx, report_id, content):
        await audit.record(tx, actor, "payout_report_added", _ENTITY, report_id, file=name)
        await ask(tx, actor, report_id, now)
    return report_id


async def choose_columns(
    tx: WriteTx, actor: Actor, report_id: UUID, choice: Mapping[str, str], now: datetime
) -> None:
    """Read a report by the seller's own choice of columns, and remember it for the store.

    `choice`: field → heading. Raises InvalidInput and ReportBusy.
    """
    report = await queries.get_report(tx, actor, report_id, lock=True)
    if report.status != PayoutStatus.COLUMNS:
        raise ReportBusy
    columns = check_choice(choice, [it["name"] for it in report.headings])
    await queries.remember_layout(tx, report.store_id, columns)
    report.status, report.note = PayoutStatus.READING, ""
    await audit.record(tx, actor, "payout_columns_chosen", _ENTITY, report_id, **columns)
    await ask(tx, actor, report_id, now)


async def match_again(tx: WriteTx, actor: Actor, report_id: UUID, now: datetime) -> None:
    """Hold a report against the orders as they are now; a cancelled one goes on. Raises ReportBusy."""
    await queries.get_report(tx, actor, report_id)
    await audit.record(tx, actor, "payout_report_matched", _ENTITY, report_id)
    if await queries.go_on(tx, report_id):
        await ask(tx, actor, report_id, now)
    elif not await ask_again(tx, actor, report_id, now):
        raise ReportBusy


async def cancel(tx: WriteTx, actor: Actor, report_id: UUID) -> None:
    """Stop the work on a report; one that was matched before stays as it was. Raises ReportMoved."""
    # Its row is not locked: a matching holds it to the end, and is told of the stop on its way.
    report = await queries.get_report(tx, actor, report_id)
    is_known = report.matched_at is not None
    to = PayoutStatus.READY if is_known else PayoutStatus.CANCELLED
    for status in BUSY:
        if await queries.move(tx, report_id, status, to=to, done=report.total if is_known else 0):
            await audit.record(tx, actor, "payout_report_cancelled", _ENTITY, report_id)
            tx.emit(f"user:{actor.owner_id}", EVENT, report_id)
            return
    raise ReportMoved


async def delete_report(tx: WriteTx, actor: Actor, report_id: UUID) -> None:
    """Delete a report with its lines, differences and notes. Raises ReportBusy: cancel it first."""
    report = await queries.get_report(tx, actor, report_id)
    if report.status in BUSY:
        raise ReportBusy
    details = {"file": report.file_name, "lines": report.total}
    await audit.record(tx, actor, "payout_report_deleted", _ENTITY, report_id, **details)
    await queries.delete_report(tx, report_id)
    tx.emit(f"user:{actor.owner_id}", EVENT, report_id)


async def resolve(tx: WriteTx, actor: Actor, difference_id: UUID, note: str, now: datetime) -> None:
    """Mark a difference as settled, with a note; once more changes the note."""
    row = await difference_queries.get_difference(tx, actor, difference_id, lock=True)
    row.resolved_at, row.note = row.resolved_at or now, note.strip()[:MOST_NOTE]
    details = {"kind": row.kind, "order": row.order_code}
    await audit.record(tx, actor, "payout_difference_resolved", _ENTITY, row.report_id, **details)
    tx.emit(f"user:{actor.owner_id}", EVENT, row.report_id)


async def reopen(tx: WriteTx, actor: Actor, difference_id: UUID) -> None:
    """Take the mark off a difference; the note stays."""
    row = await difference_queries.get_difference(tx, actor, difference_id, lock=True)
    row.resolved_at = None
    details = {"kind": row.kind, "order": row.order_code}
    await audit.record(tx, actor, "payout_difference_reopened", _ENTITY, row.report_id, **details)
    tx.emit(f"user:{actor.owner_id}", EVENT, row.report_id)


async def resolve_kind(
    tx: WriteTx, actor: Actor, report_id: UUID, kind: DifferenceKind, now: datetime
) -> int:
    """Mark all open differences of one kind as settled; return how many."""
    await queries.get_report(tx, actor, report_id)
    count = await difference_queries.resolve_kind(tx, report_id, kind, now)
    details = {"kind": kind, "count": count}
    await audit.record(tx, actor, "payout_difference_resolved", _ENTITY, report_id, **details)
    tx.emit(f"user:{actor.owner_id}", EVENT, report_id)
    return count


async def list_reports(tx: ReadTx, actor: Actor) -> tuple[ReportView, ...]:
    """Return the last reports of all stores, newest first."""
    found = await queries.list_reports(tx, actor)
    kinds = await queries.kind_totals(tx, [report.id for report, _ in found])
    return tuple(_view(report, name, kinds.get(report.id, ())) for report, name in found)


async def get_report(tx: ReadTx, actor: Actor, report_id: UUID) -> tuple[ReportView, Sums]:
    """Return a report and what its lines add up to, once they are all read. Raises ReportNotFound."""
    report = await queries.get_report(tx, actor, report_id)
    kinds = await queries.kind_totals(tx, [report_id])
    name = await queries.store_name(tx, report.store_id)
    sums = Sums() if report.status in BUSY else await queries.sums(tx, report_id)
    return _view(report, name, kinds.get(report_id, ())), sums


async def list_differences(
    tx: ReadTx, actor: Actor, report_id: UUID, view: DifferenceFilter, page: int
) -> tuple[tuple[DifferenceView, ...], int]:
    """Return one page of differences, the dearest first, and how many there are."""
    await queries.get_report(tx, actor, report_id)
    rows = await difference_queries.list_differences(tx, report_id, view, page)
    total = await difference_queries.count_differences(tx, report_id, view)
    return tuple(map(_difference, rows)), total


async def stream_differences(
    tx: ReadTx, actor: Actor, report_id: UUID, view: DifferenceFilter
) -> AsyncIterator[Sequence[DifferenceView]]:
    """Yield all differences of a filter, a thousand at a time."""
    await queries.get_report(tx, actor, report_id)
    async for rows in difference_queries.stream_differences(tx, report_id, view):
        yield [_difference(row) for row in rows]


async def list_fine_lines(
    tx: ReadTx, actor: Actor, report_id: UUID, search: str, page: int
) -> tuple[tuple[LineView, ...], int]:
    """Return one page of the lines that are as expected, and how many there are."""
    await queries.get_report(tx, actor, report_id)
    rows, total = await difference_queries.list_lines(tx, report_id, search, page)
    return tuple(map(_line, rows)), total


async def get_difference(
    tx: ReadTx, actor: Actor, difference_id: UUID
) -> tuple[DifferenceView, LineView | None]:
    """Return a difference with its line of the report. Raises DifferenceNotFound."""
    row = await difference_queries.get_difference(tx, actor, difference_id)
    line = await difference_queries.find_line(tx, row.report_id, row.number)
    if line is None:
        return _difference(row), None
    report = await queries.get_report(tx, actor, row.report_id)
    cells = [(it["name"], cell) for it, cell in zip(report.headings, line.raw, strict=False)]
    return _difference(row), _line(line, [pair for pair in cells if pair[1]])


def _view(report: PayoutReport, store_name: str, kinds: tuple[KindTotal, ...]) -> ReportView:
    period = report.period_from and report.period_to and (report.period_from, report.period_to)
    return ReportView(
        id=report.id,
        store_id=report.store_id,
        store_name=store_name,
        file_name=report.file_name,
        status=PayoutStatus(report.status),
        note=report.note,
        period=period or None,
        stated_total=report.stated_total,
        total=report.total,
        done=report.done,
        created_at=report.created_at,
        matched_at=report.matched_at,
        headings=report.headings,
        columns=report.columns,
        kinds=kinds,
    )


def _difference(row: PayoutDifference) -> DifferenceView:
    return DifferenceView(
        id=row.id,
        kind=DifferenceKind(row.kind),
        number=row.number,
        order_code=row.order_code,
        ours=row.ours,
        theirs=row.theirs,
        amount=row.amount,
        is_estimate=row.is_estimate,
        facts=row.facts,
        resolved_at=row.resolved_at,
        note=row.note,
    )


def _line(row: PayoutLine, cells: Sequence[tuple[str, str]] = ()) -> LineView:
    return LineView(
        number=row.number,
        order_code=row.order_code,
        operation=PayoutOperation(row.operation),
        operated_on=row.operated_on,
        gross=row.gross,
        commission=row.commission + row.kaspi_pay,
        delivery=row.delivery,
        bonus=row.bonus,
        net=row.net,
        details=row.details,
        cells=cells,
        expected_commission=row.expected_commission,
        expected_delivery=row.expected_delivery,
        is_estimate=row.is_estimate,
        is_fine=row.is_fine,
    )
