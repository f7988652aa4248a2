"""The first sheet of an XLSX as rows of text, a piece at a time: some MB of memory however long it is.

openpyxl makes objects of every cell, which takes ten times as long; from it are the dates' formats.
Errors of the formats inside (zipfile, expat, ElementTree) are the caller's to put into words.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

NO_VALUE = "\0"
"""Stands for a formula that a program wrote and no spreadsheet has worked out; no cell holds it."""
_PIECE = 2**16
_DIGITS = "0123456789"
_ROW = re.compile(rb"<(?:\w+:)?row[ />]")
_LONGEST_ROW = 2**25
_MOST_TEXTS = 8
"""Expat gives a long text in pieces of 8 KB: Excel's longest, 32,767 characters, is about so many."""


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook: where its first sheet is, and what the sheet's cells refer to."""

    archive: zipfile.ZipFile
    sheet: str
    strings: str | None
    dates: frozenset[str]
    """The numbers of the styles that show a day or a time."""
    epoch: Any

    def count_rows(self, most: int) -> int:
        """Count the rows with values, or some more than `most`: in a second, where reading takes a minute."""
        count, rest = 0, b""
        with self.archive.open(self.sheet) as part:
            while (piece := part.read(2**20)) and count <= most:
                *rows, rest = _ROW.split(rest + piece)
                count += sum(map(_has_value, rows))
                if len(rest) > _LONGEST_ROW:
                    raise ValueError("a row that does not end")
        return count + _has_value(rest)

    def rows(self, most_columns: int) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows: the number that each has in the sheet, and its cells up to the last one."""
        strings: list[str] = []
        if self.strings is not None:
            for texts in _parsed(self.archive, self.strings, _Strings()):
                strings += texts
        for rows in _parsed(self.archive, self.sheet, _Rows(self, strings, most_columns)):
            yield from rows


def open_book(archive: zipfile.ZipFile) -> Book:
    """Find the parts of a workbook. Raises KeyError: it has no sheet."""
    home = _targets(archive, "")["officeDocument"][0][1]
    book = fromstring(archive.read(home))
    parts = _targets(archive, home)
    sheets = dict(parts["worksheet"])
    named = (_id(it) for it in book.iterfind("{*}sheets/{*}sheet"))
    first = next((sheets[it] for it in named if it in sheets), None)
    if first is None:
        raise KeyError("worksheet")
    about = book.find("{*}workbookPr")
    is_1904 = about is not None and about.get("date1904") in ("1", "true")
    strings, styles = parts.get("sharedStrings"), parts.get("styles")
    return Book(
        archive,
        first,
        strings[0][1] if strings else None,
        _dates(fromstring(archive.read(styles[0][1]))) if styles else frozenset(),
        CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900,
    )


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, list[tuple[str, str]]]:
    """Return what a part refers to: by kind, the reference's id and the other part's name."""
    folder, name = posixpath.split(part)
    found: dict[str, list[tuple[str, str]]] = {}
    references = fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    for it in references.iterfind("{*}Relationship"):
        target = posixpath.normpath(posixpath.join("/", folder, it.get("Target", ""))).lstrip("/")
        kind = it.get("Type", "").rpartition("/")[2]
        found.setdefault(kind, []).append((it.get("Id", ""), target))
    return found


def _id(sheet: Element) -> str:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _dates(styles: Element) -> frozenset[str]:
    own = {
        it.get("numFmtId", ""): it.get("formatCode", "")
        for it in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    used = [it.get("numFmtId", "0") for it in styles.iterfind("{*}cellXfs/{*}xf")]
    formats = [own.get(it) or BUILTIN_FORMATS.get(int(it), "") for it in used]
    return frozenset(str(at) for at, it in enumerate(formats) if is_date_format(it))


def _has_value(row: bytes) -> bool:
    return any(it in row for it in (b"<v>", b"<is>", b":v>", b":is>"))


class _Gathered:
    """What a part gives, taken after each piece of it."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self._text: list[str] = []
        self._is_text = False

    def begin(self, tag: str, about: Mapping[str, str]) -> None:
        """See a tag open."""

    def end(self, tag: str) -> None:
        """See a tag close."""

    def text(self, text: str) -> None:
        """Take text in, where it is a value."""
        if self._is_text and len(self._text) < _MOST_TEXTS:
            self._text.append(text)


class _Strings(_Gathered):
    """The texts that cells refer to by number."""

    def begin(self, tag: str, about: Mapping[str, str]) -> None:  # noqa: ARG002 - as expat calls
        if tag == "si":
            self._text = []
        elif tag == "t":
            self._is_text = True
        elif tag == "rPh":  # how to pronounce what stands before it
            self._is_text = False

    def end(self, tag: str) -> None:
        if tag == "t":
            self._is_text = False
        elif tag == "si":
            self.found.append("".join(self._text))


class _Rows(_Gathered):
    """Rows of cells."""

    def __init__(self, book: Book, strings: list[str], most_columns: int) -> None:
        super().__init__()
        self._book, self._strings, self._most = book, strings, most_columns
        self._number, self._cells = 0, [""] * 0
        self._about: Mapping[str, str] = {}
        self._is_formula = False
        self._places: dict[str, int] = {}

    def begin(self, tag: str, about: Mapping[str, str]) -> None:
        if tag == "c":
            self._about, self._text = about, []
            self._is_formula = False
        elif tag in ("v", "t"):
            self._is_text = True
        elif tag == "f":
            self._is_formula = True
        elif tag == "row":
            self._number = int(about.get("r") or self._number + 1)
            self._cells = []

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._is_text = False
        elif tag == "c":
            self._keep()
        elif tag == "row":
            self.found.append((self._number, self._cells))

    def _keep(self) -> None:
        name = self._about.get("r")
        place = len(self._cells) if name is None else self._place(name.rstrip(_DIGITS))
        if place >= self._most or not (self._text or self._is_formula):
            return
        cells = self._cells
        while len(cells) < place:
            cells.append("")
        del cells[place:]
        cells.append(self._value("".join(self._text)))

    def _place(self, letters: str) -> int:
        place = self._places.get(letters)
        if place is None:
            place = 0
            for letter in letters:
                place = place * 26 + ord(letter) - ord("A") + 1
            place = self._places[letters] = place - 1
        return place

    def _value(self, text: str) -> str:
        kind = self._about.get("t", "n")
        if not text:
            return "" if kind == "str" else NO_VALUE
        if kind == "s":
            return self._strings[int(text)]
        if kind == "b":
            return "да" if text == "1" else "нет"
        if kind != "n":
            return text
        if self._about.get("s") in self._book.dates:
            return _moment(text, self._book.epoch)
        return text if text.isdecimal() else _number(text)


def _moment(text: str, epoch: Any) -> str:
    try:
        return str(from_excel(float(text), epoch))
    except (ValueError, OverflowError):  # no such day
        return text


def _number(text: str) -> str:
    value = float(text)
    return str(int(value)) if value.is_integer() else str(value)


def _parsed(archive: zipfile.ZipFile, part: str, into: _Gathered) -> Iterator[list[Any]]:
    """Yield what each piece of a part gives; a part that declares entities is refused (ExpatError)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def learn(tag: str, _: Mapping[str, str]) -> None:
        """Take the tags as they are, or without the prefix that the first one has («x:sst»)."""
        prefix = tag[: tag.find(":") + 1]
        if prefix:
            parser.StartElementHandler = lambda tag, about: into.begin(
                tag.removeprefix(prefix), about
            )
            parser.EndElementHandler = lambda tag: into.end(tag.removeprefix(prefix))
        else:
            parser.StartElementHandler, parser.EndElementHandler = into.begin, into.end

    parser.StartElementHandler = learn
    parser.CharacterDataHandler = into.text
    parser.StartDoctypeDeclHandler = _refuse
    with archive.open(part) as raw:
        while piece := raw.read(_PIECE):
            parser.Parse(piece)
            if into.found:
                yield into.found
                into.found = []
        parser.Parse(b"", True)
    if into.found:
        yield into.found


def _refuse(*_: object) -> None:
    raise expat.ExpatError("a sheet declares a document type")
