"""The parts of an XLSX file with one sheet, as text (ECMA-376). Pure.

openpyxl makes an object of every cell: 0.28 ms of CPU a line of 19, ten times as long as this, in a
process that answers other sellers meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from cube_demper.core.clock import ALMATY

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OF_FILE: Final = "http://schemas.openxmlformats.org/package/2006"
_OF_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BOLD, _MOMENT = 1, 2
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
SHEET: Final = "xl/worksheets/sheet1.xml"
END: Final = "</sheetData></worksheet>"
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold: one such letter in a name would make the whole file unreadable."""
_LONGEST: Final = 32_767
"""Letters that Excel takes in a cell."""
MOST_LINES: Final = 1_048_576
"""Lines that Excel takes in a sheet; one more, and it calls the file damaged."""
_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zones
_TITLE_MOST: Final = 31


def around(title: str) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of all parts but the sheet itself."""
    kinds = (
        ("/xl/workbook.xml", f"{_TYPE}.sheet.main+xml"),
        (f"/{SHEET}", f"{_TYPE}.worksheet+xml"),
        ("/xl/styles.xml", f"{_TYPE}.styles+xml"),
    )
    parts = "".join(f'<Override PartName="{name}" ContentType="{it}"/>' for name, it in kinds)
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    default = f'<Default Extension="rels" ContentType="{rels}"/>'
    types = f'<Types xmlns="{_OF_FILE}/content-types">{default}{parts}</Types>'
    yield "[Content_Types].xml", f"{_HEAD}{types}"
    yield "_rels/.rels", _links(("officeDocument", "xl/workbook.xml"))
    name = escape(_fit(title)[:_TITLE_MOST], {'"': "&quot;"})
    sheets = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    names = f'xmlns="{_MAIN}" xmlns:r="{_OF_OFFICE}"'
    yield "xl/workbook.xml", f"{_HEAD}<workbook {names}>{sheets}</workbook>"
    links = _links(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    yield "xl/_rels/workbook.xml.rels", links
    yield "xl/styles.xml", _STYLES


def begin(head: Sequence[str], widths: Sequence[int]) -> str:
    """Return a sheet's beginning: widths and a bold head that stays in sight."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    cells = "".join(_text(f"{_NAMES[at]}1", name, _BOLD) for at, name in enumerate(head))
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
        f'<row r="1">{cells}</row>'
    )


def line(number: int, row: Sequence[object]) -> str:
    """Return a line; text stays text whatever it begins with, a time is a date of Almaty's."""
    cells = "".join(
        _cell(f"{_NAMES[at]}{number}", it) for at, it in enumerate(row) if it not in (None, "")
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(at: str, value: object) -> str:
    match value:
        case str():
            return _text(at, value)
        case bool():
            return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
        case int() | float() | Decimal():
            return f'<c r="{at}"><v>{value}</v></c>'
        case datetime():
            since = value.astimezone(ALMATY).replace(tzinfo=None) - _DAY_ZERO
            days = since.total_seconds() / 86_400
            return f'<c r="{at}" s="{_MOMENT}"><v>{days:.9f}</v></c>'
    return _text(at, str(value))


def _text(at: str, value: str, style: int = 0) -> str:
    look = f' s="{style}"' if style else ""
    text = escape(_fit(value)[:_LONGEST])
    return f'<c r="{at}"{look} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _links(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_OF_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_OF_FILE}/relationships">{found}</Relationships>'


def _names() -> tuple[str, ...]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (*alphabet, *(first + second for first in alphabet for second in alphabet))


_NAMES: Final = _names()
"""Columns by their place from 0: A, Z, AA."""
