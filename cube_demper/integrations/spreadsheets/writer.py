"""Writing a sheet that opens in Excel as it is, and in which no text can act as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'")


async def csv_parts(
    head: Sequence[str], batches: AsyncIterator[Iterable[Sequence[object]]]
) -> AsyncIterator[bytes]:
    """Yield a CSV for Russian Excel piece by piece: UTF-8 with its mark, semicolons."""
    yield b"\xef\xbb\xbf" + _csv_lines([head])
    async for rows in batches:
        yield _csv_lines(rows)


def _csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _guarded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_ACTIVE) else cell


class XlsxSheet:
    """One sheet written row by row; rows wait in a file, not in memory."""

    def __init__(self, title: str, head: Sequence[str], widths: Sequence[int]) -> None:
        """Begin with a head that stays in sight."""
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet(title)
        self._sheet.freeze_panes = "A2"
        for number, width in enumerate(widths):
            self._sheet.column_dimensions[chr(ord("A") + number)].width = width
        self._sheet.append([self._bold(name) for name in head])

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Append rows; text stays text whatever it begins with."""
        for row in rows:
            self._sheet.append([self._cell(value) for value in row])

    def save(self, file: IO[bytes]) -> None:
        """Write the book; nothing can be added after."""
        self._book.save(file)

    def _bold(self, name: str) -> Any:
        cell = WriteOnlyCell(self._sheet, name)
        cell.font = Font(bold=True)
        return cell

    def _cell(self, value: object) -> Any:
        if not isinstance(value, str) or not value.startswith(_ACTIVE):
            return value
        cell = WriteOnlyCell(self._sheet, value)
        cell.data_type = "s"
        return cell
