"""Kaspi's waybills put on paper: A4 with one, two or four labels, or a roll 80 mm wide.

Kaspi draws a label into the top-left quarter of an A4 page (KASPI.md §2.5); a page of any other size
is taken for a label as a whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import RectangleObject

from cube_demper.models.doing import LabelLayout

_MM: Final = 72 / 25.4
_A4: Final = (210 * _MM, 297 * _MM)
_A4_SLACK: Final = 10 * _MM
_ROLL, _EDGE = 80 * _MM, 4 * _MM
_MOST_PAGES: Final = 100
"""Of one order: more are no waybill."""


@dataclass(frozen=True, slots=True)
class Merged:
    """One file. `unreadable`: orders whose file was none."""

    pdf: bytes
    pages: int
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


def merge(files: Sequence[tuple[str, bytes]], layout: LabelLayout) -> Merged:
    """Put the waybills of orders (number, PDF) on paper, in their order."""
    writer, labels, unreadable = PdfWriter(), list[PageObject](), list[str]()
    for code, content in files:
        try:
            labels += _pages(content)
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            unreadable.append(code)
    _LAY[layout](writer, labels)
    out = io.BytesIO()
    if labels:
        writer.compress_identical_objects()
        writer.write(out)
    return Merged(out.getvalue(), len(writer.pages) if labels else 0, tuple(unreadable))


def _pages(content: bytes) -> list[PageObject]:
    reader = PdfReader(io.BytesIO(content), strict=False)
    count = len(reader.pages)
    if not 1 <= count <= _MOST_PAGES:
        raise ValueError(count)
    pages = [reader.pages[number] for number in range(count)]
    for page in pages:
        if page.rotation:
            page.transfer_rotation_to_content()
        if _label_of(page).width <= 0 or _label_of(page).height <= 0:
            raise ValueError("an empty page")
        page.get_contents()
    return pages


def _one(writer: PdfWriter, labels: Sequence[PageObject]) -> None:
    for label in labels:
        writer.add_page(label)


def _two(writer: PdfWriter, labels: Sequence[PageObject]) -> None:
    width, height = _A4
    halves = [_Box(0, height / 2, width, height / 2), _Box(0, 0, width, height / 2)]
    _in_slots(writer, labels, halves, turned=True)


def _four(writer: PdfWriter, labels: Sequence[PageObject]) -> None:
    width, height = _A4[0] / 2, _A4[1] / 2
    quarters = [_Box(x, y, width, height) for y in (height, 0) for x in (0, width)]
    _in_slots(writer, labels, quarters, turned=False)


def _roll(writer: PdfWriter, labels: Sequence[PageObject]) -> None:
    for label in labels:
        box = _label_of(label)
        width = _ROLL - 2 * _EDGE
        height = box.height * width / box.width
        paper = writer.add_blank_page(_ROLL, height + 2 * _EDGE)
        _put(paper, label, _Box(_EDGE, _EDGE, width, height), turned=False)


_LAY: Final = {
    LabelLayout.A4_ONE: _one,
    LabelLayout.A4_TWO: _two,
    LabelLayout.A4_FOUR: _four,
    LabelLayout.THERMAL: _roll,
}


def _in_slots(
    writer: PdfWriter, labels: Sequence[PageObject], slots: Sequence[_Box], *, turned: bool
) -> None:
    for group in _groups(labels, len(slots)):
        paper = writer.add_blank_page(*_A4)
        for label, slot in zip(group, slots, strict=False):
            _put(paper, label, slot, turned=turned)


def _groups(labels: Sequence[PageObject], size: int) -> Iterator[Sequence[PageObject]]:
    for start in range(0, len(labels), size):
        yield labels[start : start + size]


def _put(paper: PageObject, label: PageObject, slot: _Box, *, turned: bool) -> None:
    """Draw a label into the middle of a slot, as large as fits; nothing outside the label."""
    box = _label_of(label)
    label.cropbox = RectangleObject((box.x, box.y, box.x + box.width, box.y + box.height))
    width, height = (box.height, box.width) if turned else (box.width, box.height)
    scale = min(slot.width / width, slot.height / height)
    move = Transformation().translate(-box.x, -box.y)
    if turned:
        move = move.rotate(90).translate(box.height, 0)
    left = slot.x + (slot.width - width * scale) / 2
    bottom = slot.y + (slot.height - height * scale) / 2
    paper.merge_transformed_page(label, move.scale(scale).translate(left, bottom), expand=False)


def _label_of(page: PageObject) -> _Box:
    box = page.mediabox
    x, y, width, height = (float(value) for value in (box.left, box.bottom, box.width, box.height))
    is_a4 = abs(width - _A4[0]) < _A4_SLACK and abs(height - _A4[1]) < _A4_SLACK
    return _Box(x, y + height / 2, width / 2, height / 2) if is_a4 else _Box(x, y, width, height)
