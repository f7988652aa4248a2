"""Reading a sheet that a person sent: any usual encoding, separator or XLSX; values, never formulas.

A file is refused in words before all of it is read when it is too long or unpacks to too much.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from cube_demper.core.errors import InvalidInput

MOST_ROWS = 60_000
"""The largest cabinet that is synced (issue 4)."""
_MOST_UNPACKED = 80 * 2**20
"""Bytes: 60,000 rows of our own export unpack to some 45 MB."""
_MOST_PARTS = 500
_MOST_COLUMNS = 60
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Line = tuple[int, list[str]]
"""The number of a row, as a spreadsheet counts, and its cells as text."""


def read_lines(content: bytes) -> Iterator[Line]:
    """Yield the rows that are not blank. Raises InvalidInput, also on the way."""
    if content.startswith(_OLD_EXCEL):
        raise InvalidInput("Это старый формат Excel или файл с паролем. Сохраните его как XLSX.")
    rows = _xlsx(content) if content.startswith(_ZIP) else _csv(content)
    count = 0
    for number, cells in enumerate(rows, start=1):
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise InvalidInput("В файле больше 60 000 строк. Разделите его на части.")
        yield number, cells
    if not count:
        raise InvalidInput("Файл пустой.")


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield [_plain(cell) for cell in cells[:_MOST_COLUMNS]]
    except csv.Error:
        raise InvalidInput("Файл не похож на таблицу CSV. Выгрузите шаблон заново.") from None


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


def _xlsx(content: bytes) -> Iterator[list[str]]:
    _check_size(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        for cells in sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True):
            yield [_plain(_text(cell)) for cell in cells]
    # A broken file fails anywhere inside the library, in ways that it does not name.
    except Exception as error:
        raise InvalidInput("Файл XLSX повреждён. Сохраните его заново.") from error


def _check_size(content: bytes) -> None:
    """Refuse a bomb by what its parts say they unpack to; zipfile reads no more than that."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise InvalidInput("Файл XLSX повреждён. Сохраните его заново.") from None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise InvalidInput("Файл XLSX слишком большой. Разделите его на части.")


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


def lines_of(content: bytes) -> list[Line]:
    """Read a whole file. Raises InvalidInput."""
    return list(read_lines(content))
