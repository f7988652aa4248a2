"""Files that people really send, and the ones that somebody sends to break things."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from cube_demper.core.errors import InvalidInput
from cube_demper.integrations.spreadsheets.reader import (
    GOODS,
    Line,
    SheetLimits,
    lines_of,
    open_sheet,
    read_lines,
)
from cube_demper.integrations.spreadsheets.writer import XlsxSheet, csv_parts
from cube_demper.integrations.spreadsheets.xlsx import Book

TEXT = "Артикул;Мин. цена\r\nA-1;12 990,50\r\n\r\n'=B;7\r\n"
LINES = [(1, ["Артикул", "Мин. цена"]), (2, ["A-1", "12 990,50"]), (4, ["=B", "7"])]


def _lines(content: bytes) -> list[Line]:
    return list(lines_of(content))


def _xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_any_usual_encoding_and_separator_reads_alike(encoding: str, separator: str) -> None:
    assert _lines(TEXT.replace(";", separator).encode(encoding)) == LINES


def test_numbers_and_flags_of_a_workbook_are_read_as_text() -> None:
    content = _xlsx(("Артикул", "Мин. цена"), (123456789.0, 12990.5), (True, None))
    assert _lines(content) == [
        (1, ["Артикул", "Мин. цена"]),
        (2, ["123456789", "12990.5"]),
        (3, ["да"]),
    ]


def _worked_out(content: bytes, cell: bytes) -> bytes:
    """Put what a spreadsheet keeps of a formula in the place of the one that it has not worked out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<c r="B2"><f>1+1</f><v /></c>', cell))
    return file.getvalue()


def test_a_formula_is_read_as_its_value_and_refused_while_it_has_none() -> None:
    content = _xlsx(("Артикул", "Мин. цена"), ("A", "=1+1"))
    with pytest.raises(InvalidInput, match="ещё не посчитаны"):
        _lines(content)
    lenient = SheetLimits(rows=9, unpacked=2**20)
    assert list(read_lines(io.BytesIO(content), lenient))[1] == (2, ["A"])
    counted = _worked_out(content, b'<c r="B2"><f>1+1</f><v>2</v></c>')
    assert _lines(counted)[1] == (2, ["A", "2"])
    no_text = _worked_out(content, b'<c r="B2" t="str"><f>IF(1,"")</f><v></v></c>')
    assert _lines(no_text)[1] == (2, ["A"])


def test_days_and_shared_texts_are_read_as_a_person_sees_them() -> None:
    rows = [
        ("Артикул", "Артикул", "Дата"),
        (datetime(2026, 11, 2, 14, 5), date(2026, 11, 2), time(14, 5)),  # noqa: DTZ001 - Excel knows no zones
        (-5, 1e20, 0.1),
        (None, None, "  со  слов  "),
    ]
    assert _lines(_xlsx(*rows)) == [
        (1, ["Артикул", "Артикул", "Дата"]),
        (2, ["2026-11-02 14:05:00", "2026-11-02 00:00:00", "14:05:00"]),
        (3, ["-5", "100000000000000000000", "0.1"]),
        (4, ["", "", "со  слов"]),
    ]


def _rewritten(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return a workbook with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return file.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_of_other_programs_is_read_alike() -> None:
    plain = _xlsx(("Артикул", "Цена"), ("A", 5))

    def with_prefix(text: str) -> str:
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", text)
        return text.replace("xmlns=", "xmlns:x=")

    def nameless(text: str) -> str:
        return re.sub(r' (r|spans)="[^"]*"', "", text)

    for change in (with_prefix, nameless):
        assert _lines(_rewritten(plain, _SHEET, change)) == _lines(plain) != []


def test_a_sheet_that_declares_entities_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    content = _rewritten(_xlsx(("a", "b")), _SHEET, lambda text: bomb + text)
    with pytest.raises(InvalidInput, match="повреждён"):
        _lines(content)


@pytest.mark.parametrize("page", ["<!DOCTYPE html><p>", " \n<html><body>", "\ufeff<table><tr>"])
def test_a_page_that_was_saved_as_a_sheet_is_told_apart(page: str) -> None:
    with pytest.raises(InvalidInput, match="страница сайта"):
        _lines(page.encode())


def test_what_is_read_is_about_as_long_as_told() -> None:
    for content in (_xlsx(("a",), ("b",), (None,), ("c",)), "a\n\n\nb\nc\n".encode("utf-16")):
        sheet = open_sheet(io.BytesIO(content), GOODS)
        assert (sheet.about, len(list(sheet.lines))) == (3, 3)


def test_too_many_rows_are_refused_before_all_are_read() -> None:
    content = b"sku;min\n" + b"A;1\n" * 200_000
    with pytest.raises(InvalidInput, match="больше 60\u00a0000\u00a0строк"):
        _lines(content)
    assert len(_lines(b"sku;min\n" + b"A;1\n" * GOODS.rows)) == GOODS.rows + 1


def test_a_bomb_is_refused_without_unpacking_it() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (90 * 2**20))
    assert len(file.getvalue()) < 2**20
    with pytest.raises(InvalidInput, match="слишком большой"):
        _lines(file.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n;;\n",
        b"PK\x03\x04 and nothing",
        b"\xd0\xcf\x11\xe0 old",
        _xlsx(("a", "b"))[:-200],
    ],
)
def test_what_is_no_sheet_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _lines(content)
    assert refusal.value.message.endswith(".")


async def test_nothing_that_goes_out_runs_as_a_formula_and_all_of_it_comes_back() -> None:
    rows = [("=HYPERLINK(1)", "@a", -5, None), ("-1", "+7", 12.5, "'x")]

    async def batches() -> AsyncIterator[list[tuple[object, ...]]]:
        yield rows

    text = b"".join([part async for part in csv_parts(["a", "b", "c", "d"], batches())])
    assert b"'=HYPERLINK(1);'@a;-5;" in text
    sheet = XlsxSheet("Товары", ["a", "b", "c", "d"], [9, 9, 9, 9])
    sheet.add(rows)
    file = io.BytesIO()
    sheet.save(file)
    cells = load_workbook(io.BytesIO(file.getvalue())).worksheets[0]
    assert cells["A2"].data_type == "s"
    assert cells["A2"].value == "=HYPERLINK(1)"
    assert _lines(file.getvalue())[1] == (2, ["=HYPERLINK(1)", "@a", "-5"])
    assert _lines(text)[1] == (2, ["=HYPERLINK(1)", "@a", "-5"])


def test_a_reader_of_excels_finds_numbers_dates_and_text_as_such() -> None:
    at = datetime(2026, 11, 27, 19, 30, 15, tzinfo=UTC)
    sheet = XlsxSheet("Заказы & «прочее» <1>", ["Число", "Дата"], [9, 17])
    sheet.add(
        [(25_980, at, 0.5, Decimal("1.50"), "007", " край ", True, None, "", "мусор\x0b\ud800")]
    )
    sheet.add([("=1+1", "а&б<в>", "ж" * 40_000), range(30)])
    file = io.BytesIO()
    sheet.save(file)
    book = load_workbook(io.BytesIO(file.getvalue()))
    (page,) = book.worksheets
    assert (page.title, page.freeze_panes) == ("Заказы & «прочее» <1>", "A2")
    assert page.column_dimensions["B"].width == 17
    assert page["A1"].font.b
    first = [cell.value for cell in page[2]]
    local = datetime(2026, 11, 28, 0, 30, 15)  # noqa: DTZ001 - as a sheet has it
    assert first[:10] == [25_980, local, 0.5, 1.5, "007", " край ", True, None, None, "мусор"]
    assert page["B2"].is_date
    assert page["B2"].number_format == "dd\\.mm\\.yyyy\\ hh:mm"
    assert [cell.value for cell in page[3]][:2] == ["=1+1", "а&б<в>"]
    assert (page["A3"].data_type, len(page["C3"].value)) == ("s", 32_767)
    assert page["AD4"].value == 29


def test_a_sheet_longer_than_excel_takes_says_so_in_its_last_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cube_demper.integrations.spreadsheets.sheet_xml.MOST_LINES", 3)
    sheet = XlsxSheet("Заказы", ["№"], [9])
    sheet.add([(1,)])
    sheet.add([(2,), (3,)])
    file = io.BytesIO()
    sheet.save(file)
    first, second, last = (cell.value for (cell,) in load_workbook(file).worksheets[0])
    assert (first, second) == ("№", 1)
    assert "сузьте список" in str(last)


def test_a_long_sheet_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def book_of(*rows: str | None) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append([row])
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    limits = SheetLimits(rows=2, unpacked=2**20)
    fits = book_of("Артикул", None, "A", None, None, "B")
    assert [cells for _, cells in read_lines(io.BytesIO(fits), limits)] == [
        ["Артикул"],
        ["A"],
        ["B"],
    ]
    monkeypatch.setattr(Book, "rows", None)
    too_long = io.BytesIO(book_of("Артикул", "A", "B", "C"))
    with pytest.raises(InvalidInput, match="больше 2\u00a0строк"):
        list(read_lines(too_long, limits))


async def test_a_csv_writes_fractions_as_russian_excel_reads_them() -> None:
    async def batches() -> AsyncIterator[list[tuple[object, ...]]]:
        yield [(1999.8, Decimal("-5.12"), 7, "1.5")]

    written = b"".join([part async for part in csv_parts(["a"], batches())]).decode("utf-8-sig")
    assert written.splitlines()[1] == "1999,8;-5,12;7;1.5"
