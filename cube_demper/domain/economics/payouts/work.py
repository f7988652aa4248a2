"""What a worker does for a report: reads its file, holds its lines against orders.

Killed anywhere it does the step again: lines are written anew, a matching is one transaction whose last
statement makes the report ready. Of a file no more than some hundred rows are in memory.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts import queries
from cube_demper.domain.economics.payouts.errors import Dropped, ReportNotFound
from cube_demper.domain.economics.payouts.heads import Head, complaint, find_head, is_secret
from cube_demper.domain.economics.payouts.matching import match
from cube_demper.domain.economics.payouts.parsing import Line, Raw, Reading
from cube_demper.domain.economics.payouts.schemas import EVENT, Parse
from cube_demper.models.payouts import PayoutReport, PayoutStatus

_BATCH = 500
_SAMPLE = 40
_Rows = list[tuple[int, list[str]]]
_Outcome = tuple[PayoutStatus, dict[str, Any]]


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
    async with db.read() as tx:
        chosen = await queries.layout_of(tx, report.store_id)
    with tempfile.TemporaryFile() as file:
        async with db.read() as tx:
            async for piece in queries.stream_content(tx, report.id):
                file.write(piece)
        reader = _Reader(db, actor, report.id, parse, chosen)
        try:
            to, values = await reader.read(file)
        except InvalidInput as error:
            await reader.forget()
            refused = {"note": error.message, "content": None, "total": 0, "done": 0}
            to, values = PayoutStatus.REFUSED, refused
    async with db.write() as tx:
        if not await queries.move(tx, report.id, PayoutStatus.READING, to=to, **values):
            raise Dropped
        tx.emit(f"user:{actor.owner_id}", EVENT, report.id)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Keeps the lines of one file."""

    db: Database
    actor: Actor
    report_id: UUID
    parse: Parse
    chosen: Mapping[str, str]

    async def read(self, file: IO[bytes]) -> _Outcome:
        """Return where the report goes from here, and with what. Raises InvalidInput and Dropped."""
        is_below: bool | None = None
        while True:
            await self.forget()
            file.seek(0)
            sheet = await asyncio.to_thread(self.parse, file)
            top = await asyncio.to_thread(_some, sheet.lines)
            head = find_head(top, self.chosen)
            below = next((cells for number, cells in top if number > head.number), [])
            told = {"columns": _columns(head), "headings": _headings(head, below)}
            if head.missing:
                return PayoutStatus.COLUMNS, {"note": complaint(head), **told}
            reading = Reading(top, head, is_below=is_below)
            count = await self._keep(reading, top, sheet.lines, sheet.about)
            if not count:
                raise InvalidInput("В отчёте только заголовок: ни одной строки с операцией.")
            if reading.is_right:
                return PayoutStatus.MATCHING, {**told, **_figures(reading), "total": count}
            is_below = not reading.is_below  # the first rows were not like the most of them

    async def forget(self) -> None:
        """Delete the lines kept so far: the reading begins again, or is over."""
        async with self.db.write() as tx:
            await queries.forget_lines(tx, self.report_id)

    async def _keep(self, reading: Reading, rows: _Rows, rest: Iterator[Any], about: int) -> int:
        """Write the lines of `rows` and of the `rest`; return how many there are. Raises Dropped."""
        count = 0
        while rows:
            lines = await asyncio.to_thread(self._lines, reading, rows)
            count += len(lines)
            async with self.db.write() as tx:
                is_on = await queries.move(
                    tx, self.report_id, PayoutStatus.READING, total=max(about, count), done=count
                )
                if not is_on:
                    raise Dropped
                if lines:
                    await queries.add_lines(tx, lines)
                tx.emit(f"user:{self.actor.owner_id}", EVENT, self.report_id)
            rows = await asyncio.to_thread(_some, rest)
        return count

    def _lines(self, reading: Reading, rows: _Rows) -> list[dict[str, Any]]:
        return [_row(self.report_id, line, raw) for line, raw in reading.take(rows)]


def _some(rows: Iterator[Any]) -> _Rows:
    return list(islice(rows, _BATCH))


def _figures(reading: Reading) -> dict[str, Any]:
    first, last = reading.period or (None, None)
    return {
        "content": None,
        "note": "",
        "period_from": first,
        "period_to": last,
        "stated_total": reading.total,
        "is_total_net": reading.is_total_net,
        "done": 0,
    }


def _columns(head: Head) -> dict[str, str]:
    return {str(field.value): head.cells[at] for field, at in head.columns.items()}


def _headings(head: Head, sample: Sequence[str]) -> list[dict[str, str]]:
    """Return what columns are called, each with a value; a buyer's data are not shown nor kept."""
    cells = [*sample, *[""] * len(head.cells)]
    return [
        {
            "name": head.cells[at][:80],
            "sample": "" if is_secret(head.cells[at]) else cells[at][:_SAMPLE],
        }
        for at in head.named
    ]


def _row(report_id: UUID, line: Line, raw: Raw) -> dict[str, Any]:
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
