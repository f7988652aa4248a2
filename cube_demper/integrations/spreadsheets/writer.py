"""Writing a sheet that opens in Excel as it is, and in which no text can act as a formula."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO

from cube_demper.core.clock import ALMATY
from cube_demper.integrations.spreadsheets import sheet_xml

_NO_ROOM = "Дальше Excel строк не принимает: сузьте список или скачайте CSV"
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
    if isinstance(cell, datetime):
        return f"{cell.astimezone(ALMATY):%d.%m.%Y %H:%M}"
    if isinstance(cell, float | Decimal):  # with a point Russian Excel reads a text, or a date
        return str(cell).replace(".", ",")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_ACTIVE) else cell


class XlsxSheet:
    """One sheet written row by row; rows wait in a file, not in memory."""

    def __init__(self, title: str, head: Sequence[str], widths: Sequence[int]) -> None:
        """Begin with a head that stays in sight."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the sheet
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        for name, text in sheet_xml.around(title):
            self._zip.writestr(name, text)
        self._sheet = self._zip.open(sheet_xml.SHEET, "w")
        self._sheet.write(sheet_xml.begin(head, widths).encode())
        self._lines = 1

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Append rows; text stays text whatever it begins with, a time is a date of Almaty's.

        The last line that Excel takes says that there is more.
        """
        for row in rows:
            if self._lines == sheet_xml.MOST_LINES:
                return
            self._lines += 1
            shown = row if self._lines < sheet_xml.MOST_LINES else (_NO_ROOM,)
            self._sheet.write(sheet_xml.line(self._lines, shown).encode())

    def save(self, file: IO[bytes]) -> None:
        """Write the book; nothing can be added after."""
        self._sheet.write(sheet_xml.END.encode())
        self._sheet.close()
        self._zip.close()
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)
        self._file.close()
