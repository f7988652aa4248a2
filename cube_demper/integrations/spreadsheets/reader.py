"""Reading a sheet that a person sent: any usual encoding, separator or XLSX; values, never formulas.

Rows come one by one and nothing of a file is held but them; one that is too long or unpacks to too much
is refused in words before all of it is read.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from cube_demper.core.errors import InvalidInput
from cube_demper.core.russian import counted
from cube_demper.integrations.spreadsheets.xlsx import NO_VALUE, Book, open_book

_MOST_PARTS = 500
_MOST_COLUMNS = 60
_PIECE = 2**20
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PAGE = (b"<!", b"<?xml", b"<html", b"<head", b"<meta", b"<body", b"<table", b"<div", b"<script")
_LONGEST_CELL = 1_000
_LINES_TRIED = 15

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open file: about how many rows it has, and the rows; those may raise InvalidInput on the way."""

    about: int
    lines: Iterator[Line]


GOODS = SheetLimits(rows=60_000, unpacked=80 * 2**20, needs_values=True)
"""The largest cabinet that is synced (issue 4); our own export of it unpacks to some 45 MB."""


PAYOUTS = SheetLimits(rows=100_000, unpacked=400 * 2**20, needs_values=True)
"""Twice the largest month that is matched; forty columns of 100,000 rows unpack to some 300 MB."""


def payout_lines(file: IO[bytes]) -> Sheet:
    """Open a payout report. Raises InvalidInput."""
    return open_sheet(file, PAYOUTS)


def lines_of(content: bytes) -> Iterator[Line]:
    """Yield the rows of a file of goods. Raises InvalidInput, also on the way."""
    return read_lines(io.BytesIO(content), GOODS)


def read_lines(file: IO[bytes], limits: SheetLimits) -> Iterator[Line]:
    """Yield the rows of the first sheet that are not blank. Raises InvalidInput, also on the way."""
    return open_sheet(file, limits).lines


def open_sheet(file: IO[bytes], limits: SheetLimits) -> Sheet:
    """Open the first sheet of a file. Raises InvalidInput."""
    start = file.read(_PIECE // 1024)
    file.seek(0)
    if start.startswith(_OLD_EXCEL):
        raise InvalidInput("Это старый формат Excel или файл с паролем. Сохраните его как XLSX.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE):
        raise InvalidInput(
            "Это страница сайта, а не таблица. Скачайте файл заново, в формате XLSX или CSV."
        )
    if start.startswith(_ZIP):
        book, about = _book(file, limits)
        return Sheet(about, _filled(_xlsx(book, needs_values=limits.needs_values), limits))
    encoding = _encoding(file)
    about = sum(1 for _ in _filled(_csv(file, encoding), limits))
    return Sheet(about, _filled(_csv(file, encoding), limits))


def _filled(rows: Iterator[Line], limits: SheetLimits) -> Iterator[Line]:
    count = 0
    for number, cells in rows:
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


def _csv(file: IO[bytes], encoding: str) -> Iterator[Line]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    separator = _separator(text.read(_PIECE))
    text.seek(0)
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=separator), start=1):
            yield number, [_plain(cell) for cell in cells[:_MOST_COLUMNS]]
    except csv.Error:
        raise InvalidInput("Файл не похож на таблицу CSV. Выгрузите его заново.") from None
    finally:
        text.detach()  # or the file would be closed with it


def _separator(text: str) -> str:
    """Choose by the first line; where it is plain text, as above a report's table, by those after it."""
    lines = text.lstrip("\r\n").split("\n", _LINES_TRIED)[:_LINES_TRIED]
    sure = [it for it in ";\t" if it in lines[0]]
    least = 2 if "," in lines[0] else 1
    sure = sure or [it for it in ";\t" if any(line.count(it) >= least for line in lines)]
    if not sure:
        return ","
    return max(sure, key=lambda it: max(line.count(it) for line in lines))


def _encoding(file: IO[bytes]) -> str:
    """Return the encoding by the mark at the beginning, else UTF-8, else what Russian Excel writes.

    Raises InvalidInput.
    """
    start = file.read(200)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in start:
        is_little = start[1::2].count(b"\0") > start[::2].count(b"\0")
        encodings = ["utf-16-le" if is_little else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1251"]
    found = next((it for it in encodings if _is_text(file, it)), None)
    if found is None:
        raise InvalidInput("Не удалось прочитать файл. Сохраните его как XLSX или CSV в UTF-8.")
    return found


def _is_text(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            if "\0" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _book(file: IO[bytes], limits: SheetLimits) -> tuple[Book, int]:
    """Refuse a bomb by what its parts say they unpack to (zipfile reads no more), and a sheet too long."""
    with _told():
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(it.file_size for it in parts) > limits.unpacked:
            raise InvalidInput("Файл XLSX слишком большой. Разделите его на части.")
        book = open_book(archive)
        about = book.count_rows(limits.rows + 1)
        if about > limits.rows + 1:
            raise _too_long(limits)
        return book, about


def _xlsx(book: Book, *, needs_values: bool) -> Iterator[Line]:
    with _told():
        for number, cells in book.rows(_MOST_COLUMNS):
            if needs_values and NO_VALUE in cells:
                raise InvalidInput(
                    "В файле есть формулы, которые ещё не посчитаны. Откройте его в Excel, сохраните"
                    " и загрузите снова."
                )
            yield number, ["" if it is NO_VALUE else _plain(it) for it in cells]


@contextmanager
def _told() -> Iterator[None]:
    """Put into words that a file is broken: it fails anywhere inside, in ways that formats do not name."""
    try:
        yield
    except InvalidInput:
        raise
    except Exception as error:
        raise InvalidInput("Файл XLSX повреждён. Сохраните его заново.") from error


def _too_long(limits: SheetLimits) -> InvalidInput:
    most = counted(limits.rows, "строки", "строк", "строк")
    return InvalidInput(f"В файле больше {most}. Разделите его на части.")


def _plain(text: str) -> str:
    """Take off spaces and the apostrophe that marks text, ours or Excel's."""
    text = text.strip()
    return (text[1:].strip() if text.startswith("'") else text)[:_LONGEST_CELL]
