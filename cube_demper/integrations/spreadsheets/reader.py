"""Reading a sheet that a person sent: any usual encoding, separator or XLSX; values, never formulas.

A file is refused in words before all of it is read when it is too long or unpacks to too much.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import load_workbook

from cube_demper.core.errors import InvalidInput
from cube_demper.core.russian import counted

_MOST_PARTS = 500
_MOST_COLUMNS = 60
_PIECE = 2**20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_BLANK_FORMULA = re.compile(
    rb'<c(?![^>]*t="str")[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>|</c>)'
)
"""A formula that a program wrote and no spreadsheet has worked out; an empty text is a value."""
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Line = tuple[int, list[str]]
"""The number of a row, as a spreadsheet counts, and its cells as text."""


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """The longest sheet that is read: rows under its heading, bytes of an XLSX once unpacked.

    `needs_values`: a formula that nobody has worked out is refused; else its cell is blank.
    """

    rows: int
    unpacked: int
    needs_values: bool = False


GOODS = SheetLimits(rows=60_000, unpacked=80 * 2**20, needs_values=True)
"""The largest cabinet that is synced (issue 4); our own export of it unpacks to some 45 MB."""


PAYOUTS = SheetLimits(rows=100_000, unpacked=400 * 2**20)
"""Twice the largest month that is matched; forty columns of 100,000 rows unpack to some 300 MB."""
_LINES_TRIED = 15


def payout_lines(content: bytes) -> list[Line]:
    """Read a whole payout report. Raises InvalidInput."""
    return list(read_lines(io.BytesIO(content), PAYOUTS))


def lines_of(content: bytes) -> Iterator[Line]:
    """Yield the rows of a file of goods. Raises InvalidInput, also on the way."""
    return read_lines(io.BytesIO(content), GOODS)


def read_lines(file: IO[bytes], limits: SheetLimits) -> Iterator[Line]:
    """Yield the rows of the first sheet that are not blank. Raises InvalidInput, also on the way."""
    start = file.read(len(_ZIP))
    file.seek(0)
    if start == _OLD_EXCEL:
        raise InvalidInput("Это старый формат Excel или файл с паролем. Сохраните его как XLSX.")
    rows = _xlsx(file, limits) if start == _ZIP else _csv(file.read())
    count = 0
    for number, cells in enumerate(rows, start=1):
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > limits.rows + 1:
            raise _too_long(limits)
        yield number, cells
    if not count:
        raise InvalidInput("Файл пустой.")


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield [_plain(cell) for cell in cells[:_MOST_COLUMNS]]
    except csv.Error:
        raise InvalidInput("Файл не похож на таблицу CSV. Выгрузите шаблон заново.") from None


def _separator(text: str) -> str:
    """Choose by the first line; where it is plain text, as above a report's table, by those after it."""
    lines = text.lstrip("\r\n").split("\n", _LINES_TRIED)[:_LINES_TRIED]
    sure = [it for it in ";\t" if it in lines[0]]
    sure = sure or [it for it in ";\t" if any(line.count(it) > 1 for line in lines)]
    if not sure:
        return ","
    return max(sure, key=lambda it: max(line.count(it) for line in lines))


def _decoded(content: bytes) -> str:
    """Decode by the mark at the beginning, else UTF-8, else what Excel writes in Russian Windows."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        is_little = content[1:200:2].count(b"\0") > content[:200:2].count(b"\0")
        encodings = ["utf-16-le" if is_little else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("Не удалось прочитать файл. Сохраните его как XLSX или CSV в UTF-8.")


def _xlsx(file: IO[bytes], limits: SheetLimits) -> Iterator[list[str]]:
    _check_size(file, limits)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        for cells in sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True):
            yield [_plain(_text(cell)) for cell in cells]
    # A broken file fails anywhere inside the library, in ways that it does not name.
    except Exception as error:
        raise InvalidInput("Файл XLSX повреждён. Сохраните его заново.") from error


def _check_size(file: IO[bytes], limits: SheetLimits) -> None:
    """Refuse a bomb by what its parts say they unpack to (zipfile reads no more), and a sheet too long."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(it.file_size for it in parts) > limits.unpacked:
                raise InvalidInput("Файл XLSX слишком большой. Разделите его на части.")
            sheets = [it for it in parts if _SHEET.fullmatch(it.filename)]
            # Which of several is the first is told elsewhere: those are counted as they are read.
            if len(sheets) == 1:
                _check_sheet(archive, sheets[0], limits)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        raise InvalidInput("Файл XLSX повреждён. Сохраните его заново.") from None


def _check_sheet(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo, limits: SheetLimits) -> None:
    """Refuse a sheet too long, in a second, where reading it takes a minute; and formulas without values."""
    count, rest = 0, b""
    with archive.open(sheet) as part:
        while piece := part.read(_PIECE):
            *rows, rest = (rest + piece).split(b"<row")
            count += _count_rows(rows, limits)
            if count > limits.rows + 1:
                raise _too_long(limits)
    if count + _count_rows([rest], limits) > limits.rows + 1:
        raise _too_long(limits)


def _count_rows(rows: list[bytes], limits: SheetLimits) -> int:
    if limits.needs_values and any(b"<f" in row and _BLANK_FORMULA.search(row) for row in rows):
        raise InvalidInput(
            "В файле есть формулы, которые ещё не посчитаны. Откройте его в Excel, сохраните и "
            "загрузите снова."
        )
    return sum(map(_has_value, rows))


def _has_value(row: bytes) -> bool:
    return b"<v>" in row or b"<is>" in row


def _too_long(limits: SheetLimits) -> InvalidInput:
    most = counted(limits.rows, "строки", "строк", "строк")
    return InvalidInput(f"В файле больше {most}. Разделите его на части.")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain(text: str) -> str:
    """Take off spaces and the apostrophe that marks text, ours or Excel's."""
    text = text.strip()
    return text[1:].strip() if text.startswith("'") else text
