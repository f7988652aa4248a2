"""Waybills on paper: every label is there, whole, in its place, and nothing that is none."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from cube_demper.core.errors import ContractChanged
from cube_demper.integrations.documents.archives import waybills_in
from cube_demper.integrations.documents.labels import merge
from cube_demper.models.doing import LabelLayout
from cube_demper.sandbox.waybill_pdf import bundle, waybill

A4, ROLL_MM = (595, 842), 80


def _files(count: int, spaces: int = 1) -> list[tuple[str, bytes]]:
    return [
        (f"90000{number:04d}", waybill(f"90000{number:04d}", spaces)) for number in range(count)
    ]


def _pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    ("layout", "pages", "first"),
    [
        (LabelLayout.A4_ONE, 9, 1),
        (LabelLayout.A4_TWO, 5, 2),
        (LabelLayout.A4_FOUR, 3, 4),
        (LabelLayout.THERMAL, 9, 1),
    ],
)
def test_every_label_is_printed_once_in_its_order(
    layout: LabelLayout, pages: int, first: int
) -> None:
    merged = merge(_files(9), layout)
    texts = _pages(merged.pdf)
    assert (merged.pages, len(texts), merged.unreadable) == (pages, pages, ())
    assert texts[0].count("KASPI SHOP") == first
    together = "".join(texts)
    for code, _ in _files(9):
        assert together.count(f"Order {code}") == 1
    assert together.index("900000000") < together.index("900000008")


def test_an_order_of_three_places_has_three_labels() -> None:
    merged = merge(_files(1, spaces=3), LabelLayout.A4_FOUR)
    (text,) = _pages(merged.pdf)
    assert [f"Place {place} of 3" in text for place in (1, 2, 3)] == [True] * 3


def test_paper_has_the_size_of_the_printer() -> None:
    roll = PdfReader(io.BytesIO(merge(_files(1), LabelLayout.THERMAL).pdf)).pages[0].mediabox
    assert float(roll.width) * 25.4 / 72 == pytest.approx(ROLL_MM, abs=0.1)
    sheet = PdfReader(io.BytesIO(merge(_files(3), LabelLayout.A4_TWO).pdf)).pages[0].mediabox
    assert (round(float(sheet.width)), round(float(sheet.height))) == A4


def test_a_label_that_is_the_whole_page_stays_whole() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    small = io.BytesIO()
    writer.write(small)
    merged = merge([("1", small.getvalue())], LabelLayout.THERMAL)
    page = PdfReader(io.BytesIO(merged.pdf)).pages[0].mediabox
    assert float(page.height) / float(page.width) == pytest.approx(1.47, abs=0.05)


@pytest.mark.parametrize("content", [b"", b"<html>", b"%PDF-1.4 broken", bytes(500)])
def test_what_is_no_pdf_is_named_and_costs_the_others_nothing(content: bytes) -> None:
    merged = merge([("1", content), *_files(2)], LabelLayout.A4_FOUR)
    assert (merged.unreadable, merged.pages) == (("1",), 1)
    assert merge([("1", content)], LabelLayout.A4_ONE).pages == 0


def test_the_cabinets_archive_is_read_by_the_names_in_it() -> None:
    files = _files(2)
    assert waybills_in(bundle(files)) == dict(files)
    with pytest.raises(ContractChanged):
        waybills_in(b"<html>no archive</html>")
