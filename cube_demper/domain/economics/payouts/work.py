"""What a worker does for a report: reads its file, holds its lines against orders.

Killed anywhere it does the step again: lines are written anew, a matching is one transaction whose last
statement makes the report ready.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts import queries
from cube_demper.domain.economics.payouts.errors import Dropped, ReportNotFound
from cube_demper.domain.economics.payouts.heads import Head, complaint, find_head, is_secret
from cube_demper.domain.economics.payouts.matching import match
from cube_demper.domain.economics.payouts.parsing import Line, Report, read_report
from cube_demper.domain.economics.payouts.schemas import EVENT, Parse
from cube_demper.models.payouts import PayoutReport, PayoutStatus

_BATCH = 1_000
_SAMPLE = 40
_HTML = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<")
_NOT_A_TABLE = (
    "Это страница сайта, а не таблица. Скачайте отчёт в Kaspi Pay заново, в формате XLSX или CSV."
)


@dataclass(frozen=True, slots=True)
class _Read:
    head: Head
    report: Report | None
    sample: Sequence[str]


async def run(db: Database, actor: Actor, report_id: UUID, parse: Parse, now: datetime) -> None:
    """Take a report on from where it stands; one that is deleted meanwhile is left alone."""
    try:
        async with db.read() as tx:
            report = await queries.get_report(tx, actor, report_id)
        if report.status == PayoutStatus.READING:
            await _read_file(db, actor, report, parse)
        async with db.read() as tx:
            report = await queries.get_report(tx, actor, report_id)
        if report.status == PayoutStatus.MATCHING:
            await match(db, actor, report, now)
    except (ReportNotFound, Dropped):
        return


async def _read_file(db: Database, actor: Actor, report: PayoutReport, parse: Parse) -> None:
    async with db.write() as tx:
        content = await queries.read_content(tx, report.id)
        chosen = await queries.layout_of(tx, report.store_id)
        await queries.forget_lines(tx, report.id)
    try:
        read = await asyncio.to_thread(_parsed, parse, content, chosen)
    except InvalidInput as error:
        refused = {"note": error.message, "content": None}
        await _move_on(db, actor, report.id, PayoutStatus.REFUSED, refused)
        return
    if read.report is None:
        asked = {
            "note": complaint(read.head),
            "headings": _headings(read),
            "columns": _columns(read.head),
        }
        await _move_on(db, actor, report.id, PayoutStatus.COLUMNS, asked)
        return
    await _keep_lines(db, actor, report.id, read.report)
    first, last = read.report.period or (None, None)
    figures = {
        "content": None,
        "note": "",
        "columns": _columns(read.head),
        "headings": _headings(read),
        "period_from": first,
        "period_to": last,
        "stated_total": read.report.total,
        "is_total_net": read.report.is_total_net,
        "done": 0,
    }
    await _move_on(db, actor, report.id, PayoutStatus.MATCHING, figures)


def _parsed(parse: Parse, content: bytes, chosen: dict[str, str]) -> _Read:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith(_HTML):
        raise InvalidInput(_NOT_A_TABLE)
    rows = parse(content)
    head = find_head(rows, chosen)
    below = next((cells for number, cells in rows if number > head.number), [])
    report = None if head.missing else read_report(rows, head)
    return _Read(head, report, below)


def _columns(head: Head) -> dict[str, str]:
    return {str(field.value): head.cells[at] for field, at in head.columns.items()}


def _headings(read: _Read) -> list[dict[str, str]]:
    """Return what columns are called, each with a value; a buyer's data are not shown nor kept."""
    cells = [*read.sample, *[""] * len(read.head.cells)]
    return [
        {"name": name[:80], "sample": "" if is_secret(name) else cells[at][:_SAMPLE]}
        for at, name in enumerate(read.head.cells)
        if name
    ]


async def _keep_lines(db: Database, actor: Actor, report_id: UUID, report: Report) -> None:
    total = len(report.lines)
    for at in range(0, total, _BATCH):
        rows = [
            _row(report_id, line, raw)
            for line, raw in zip(
                report.lines[at : at + _BATCH], report.raws[at : at + _BATCH], strict=True
            )
        ]
        async with db.write() as tx:
            if not await queries.move(tx, report_id, PayoutStatus.READING, total=total, done=at):
                raise Dropped
            await queries.add_lines(tx, rows)
            tx.emit(f"user:{actor.owner_id}", EVENT, report_id)


def _row(report_id: UUID, line: Line, raw: list[list[str]]) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "number": line.number,
        "order_code": line.order_code,
        "operation": line.operation,
        "operated_on": line.operated_on,
        "gross": line.gross,
        "commission": line.commission,
        "kaspi_pay": line.kaspi_pay,
        "delivery": line.delivery,
        "bonus": line.bonus,
        "net": line.net,
        "currency": line.currency,
        "document": line.document,
        "details": line.details,
        "trouble": line.trouble,
        "raw": raw,
    }


async def _move_on(
    db: Database, actor: Actor, report_id: UUID, to: PayoutStatus, values: dict[str, Any]
) -> None:
    async with db.write() as tx:
        if not await queries.move(tx, report_id, PayoutStatus.READING, to=to, **values):
            raise Dropped
        tx.emit(f"user:{actor.owner_id}", EVENT, report_id)
