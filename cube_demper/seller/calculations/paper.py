"""A calculation as text for the clipboard and as a file for Excel."""

from __future__ import annotations

from io import BytesIO

from cube_demper.core.money import format_tenge, to_tenge
from cube_demper.domain.calculations.schemas import Cell, Paper
from cube_demper.integrations.spreadsheets.writer import XlsxSheet

_WIDTHS = (38, 34, 22, 44, 16)
_SHEET = "Расчёт"


def as_text(paper: Paper) -> str:
    """Write a paper as lines of text: a heading, then «name — value» a line."""
    parts = [paper.title]
    for section in paper.sections:
        lines = [" — ".join(filter(None, map(_words, row))) for row in section.rows]
        head = [" — ".join(filter(None, section.head))] if any(section.head) else []
        parts.append("\n".join([section.title.upper(), *head, *lines]))
    parts.append("\n".join(paper.notes))
    return "\n\n".join(parts)


def as_xlsx(paper: Paper) -> bytes:
    """Write a paper as a sheet; sums are numbers in tenge."""
    sheet = XlsxSheet(_SHEET, (paper.title,), _WIDTHS)
    for section in paper.sections:
        sheet.add([(), (section.title,)])
        if any(section.head):
            sheet.add([section.head])
        sheet.add(tuple(map(_value, row)) for row in section.rows)
    sheet.add([(), *((note,) for note in paper.notes)])
    file = BytesIO()
    sheet.save(file)
    return file.getvalue()


def _words(cell: Cell) -> str:
    return format_tenge(cell) if isinstance(cell, int) else cell or ""


def _value(cell: Cell) -> object:
    return to_tenge(cell) if isinstance(cell, int) else cell
