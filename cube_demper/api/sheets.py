"""A list as a file: XLSX or CSV, read in pieces into a file and sent from there.

The reading ends before the first byte leaves: who takes a minute to download holds no transaction meanwhile.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Annotated, Literal
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.db.session import ReadTx
from cube_demper.integrations.spreadsheets.writer import XlsxSheet, csv_parts

SheetKind = Annotated[Literal["csv", "xlsx"], Query(alias="format")]
Rows = Callable[[ReadTx], AsyncIterator[Iterable[Sequence[object]]]]
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a file is named and headed. `plain_name` is for browsers that read no UTF-8 names."""

    title: str
    plain_name: str
    headings: Sequence[str]
    widths: Sequence[int]


def answer(sheet: Sheet, kind: str, rows: Rows) -> StreamingResponse:
    """Answer with all rows as a file of this kind."""
    name = quote(f"{sheet.title} {bootstrap.web().clock.now():%Y-%m-%d}.{kind}")
    headers = {
        "Content-Disposition": (
            f"attachment; filename=\"{sheet.plain_name}.{kind}\"; filename*=UTF-8''{name}"
        ),
        "Cache-Control": "no-store",
    }
    if kind == "csv":
        return StreamingResponse(_csv(sheet, rows), media_type=_CSV, headers=headers)
    return StreamingResponse(_xlsx(sheet, rows), media_type=_XLSX, headers=headers)


async def _csv(sheet: Sheet, rows: Rows) -> AsyncIterator[bytes]:
    with tempfile.TemporaryFile() as file:
        async with bootstrap.web().db.read() as tx:
            async for part in csv_parts(list(sheet.headings), rows(tx)):
                await asyncio.to_thread(file.write, part)
        for piece in pieces(file):
            yield piece


async def _xlsx(sheet: Sheet, rows: Rows) -> AsyncIterator[bytes]:
    book = await asyncio.to_thread(XlsxSheet, sheet.title, list(sheet.headings), sheet.widths)
    async with bootstrap.web().db.read() as tx:
        async for some in rows(tx):
            await asyncio.to_thread(book.add, some)
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(book.save, file)
        for piece in pieces(file):
            yield piece


def pieces(file: IO[bytes]) -> Iterable[bytes]:
    """Yield a file from its beginning, 64 KB at a time."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
