"""Kaspi's price list: what is written can be read, and what cannot be read is refused in words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint, PriceList
from cube_demper.integrations.kaspi.pricelist import reading, table_reading, writing
from cube_demper.integrations.kaspi.pricelist.reading import read_list
from cube_demper.integrations.spreadsheets.reader import SheetLimits

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

_price = st.integers(min_value=1, max_value=10**9).map(lambda tenge: tenge * 100)
_text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).map(
    lambda text: " ".join(writing._NOT_XML.sub("", text).split())
)
_points = st.lists(
    st.builds(
        FeedPoint,
        code=st.integers(1, 99).map(lambda number: f"PP{number}"),
        is_available=st.booleans(),
        stock=st.none() | st.integers(0, 10_000),
        pre_order=st.none() | st.integers(1, 30),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda point: point.code,
).map(tuple)
_city = st.integers(100_000_000, 999_999_999).map(str)


@st.composite
def _offers(draw: st.DrawFn) -> FeedOffer:
    is_single = draw(st.booleans())
    cities = st.dictionaries(_city, _price, min_size=1, max_size=4)
    return FeedOffer(
        sku=draw(st.from_regex(r"[A-Za-z0-9_()-]{1,30}", fullmatch=True)),
        model=draw(_text.filter(bool)),
        brand=draw(st.none() | _text.filter(bool)),
        points=draw(_points),
        price=draw(_price) if is_single else None,
        city_prices={} if is_single else draw(cities),
    )


def _file(*offers: FeedOffer, merchant: str = "30000001", company: str = "Лавка") -> bytes:
    return writing.head(merchant, company, NOW) + writing.offers(offers) + writing.TAIL


def _read(body: bytes | str) -> PriceList:
    return read_list(io.BytesIO(body.encode() if isinstance(body, str) else body))


@settings(deadline=None)
@given(st.lists(_offers(), min_size=1, max_size=5, unique_by=lambda offer: offer.sku), _text)
def test_what_is_written_is_read_back_whole(offers: list[FeedOffer], company: str) -> None:
    found = _read(_file(*offers, company=company))
    assert list(found.offers) == offers
    assert (found.merchant_id, found.merchant_name) == ("30000001", company)
    assert found.problems == ()


def test_file_begins_as_kaspi_documents_it() -> None:
    assert writing.head("1", "A & B", NOW).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<kaspi_catalog date="2026-11-27T14:00:00+05:00" xmlns="kaspiShopping"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="kaspiShopping http://kaspi.kz/kaspishopping.xsd">\n'
        "  <company>A &amp; B</company>\n"
        "  <merchantid>1</merchantid>\n"
        "  <offers>\n"
    )


def _offer(inside: str, sku: str = "A1") -> str:
    point = '<availabilities><availability available="yes" storeId="PP1"/></availabilities>'
    return f'<offer sku="{sku}"><model>Чайник</model>{point}{inside}</offer>'


def _catalog(*offers: str) -> str:
    inside = "".join(offers)
    return (
        '<kaspi_catalog xmlns="kaspiShopping"><company>A</company><merchantid>B</merchantid>'
        f"<offers>{inside}</offers></kaspi_catalog>"
    )


class TestXml:
    def test_reads_what_kaspi_itself_exports(self) -> None:
        inside = "<price>12990.0</price>"
        line = _offer(inside).replace('storeId="PP1"', 'storeId="30000001_PP1" stockCount="2.0"')
        (offer,) = _read(_catalog(line)).offers
        assert offer.price == 1_299_000
        assert offer.points == (FeedPoint("PP1", is_available=True, stock=2),)
        assert offer.brand is None

    @pytest.mark.parametrize(
        ("encoding", "name"),
        [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1251", "windows-1251")],
    )
    def test_reads_any_encoding_that_it_declares(self, encoding: str, name: str) -> None:
        body = f'<?xml version="1.0" encoding="{name}"?>' + _catalog(_offer("<price>5</price>"))
        assert _read(body.encode(encoding)).offers[0].model == "Чайник"

    @pytest.mark.parametrize(
        "body",
        [
            '<!DOCTYPE a [<!ENTITY x "y">]><kaspi_catalog/>',
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><kaspi_catalog>&x;</kaspi_catalog>',
        ],
    )
    def test_entities_are_refused(self, body: str) -> None:
        with pytest.raises(BadPriceList, match="сущностей"):
            _read(body)

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("", "пустой"),
            ("<html></html>", "не прайс-лист"),
            (_catalog(_offer("<price>5</price>"))[:-30], "не дописан"),
            (_catalog(), "ни одного товара"),
            (b"\xd0\xcf\x11\xe0", "старый формат"),
            (b"PK\x03\x04 not a sheet", "повреждён"),
            ("a,b,c\n1,2,3\n", "нет столбцов"),
            ("SKU,model,price\n1,2,3\n", "точкой"),
        ],
    )
    def test_bad_files_are_refused_in_words(self, body: bytes | str, words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            _read(body)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            (_offer("<price>12,5</price>"), "не целое"),
            (_offer("<price>0</price>"), "больше нуля"),
            (_offer("<price>-5</price>"), "отрицательной|не целое"),
            (_offer(""), "Нет цены"),
            (_offer("<price>5</price>", sku=""), "артикула"),
            (_offer("<price>5</price>").replace("Чайник", ""), "названия"),
            (_offer("<price>5</price>").replace("PP1", "Склад"), "не похожа"),
            (_offer("<price>5</price>").replace('storeId="PP1"', 'storeId="PP1" preOrder="99"'), "Предзаказ"),
            (_offer('<cityprices><cityprice cityId="Алматы">5</cityprice></cityprices>'), "девяти цифр"),
            (_offer("<price>6</price>", sku="GOOD"), "уже есть"),
        ],
    )  # fmt: skip
    def test_bad_lines_are_left_out_and_named(self, line: str, words: str) -> None:
        found = _read(_catalog(_offer("<price>5</price>", sku="GOOD"), line))
        assert [(it.sku, it.price) for it in found.offers] == [("GOOD", 500)]
        (problem,) = found.problems
        assert problem.line == 2
        assert any(word in problem.text for word in words.split("|"))


class TestTables:
    def test_reads_a_csv_of_excel_in_russian(self) -> None:
        body = "SKU;model;brand;price;PP1;PP2;preorder\nA1;Чайник;Заря;12 990;yes;3;2\n"
        (offer,) = _read(body.encode("cp1251")).offers
        assert offer == FeedOffer(
            sku="A1",
            model="Чайник",
            brand="Заря",
            points=(
                FeedPoint("PP1", is_available=True, pre_order=2),
                FeedPoint("PP2", is_available=True, stock=3, pre_order=2),
            ),
            price=1_299_000,
        )

    def test_reads_a_sheet(self) -> None:
        rows = [["SKU", "model", "brand", "price", "PP1"], [232130213, "Чайник", None, 12990.0, 0]]
        (offer,) = _read(_sheet(rows)).offers
        assert (offer.sku, offer.price) == ("232130213", 1_299_000)
        assert offer.points == (FeedPoint("PP1", is_available=False),)

    def test_a_formula_without_a_saved_value_is_no_price(self) -> None:
        rows = [["SKU", "model", "price", "PP1"], ["A", "Чайник", "=1+1", "yes"]]
        with pytest.raises(BadPriceList, match="Нет цены"):
            _read(_sheet(rows))

    def test_too_many_lines_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_OFFERS", 10)
        body = "SKU,model,price,PP1\n" + "".join(f"A{n},Чайник,5,yes\n" for n in range(11))
        with pytest.raises(BadPriceList, match="больше 10\u00a0товаров"):
            _read(body)

    def test_too_many_bad_lines_are_a_wrong_file(self) -> None:
        body = "SKU,model,price,PP1\n" + "A,Чайник,five,yes\n" * 1002
        with pytest.raises(BadPriceList, match="строк с ошибками"):
            _read(body)

    def test_a_bomb_is_not_unpacked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(table_reading, "LIMITS", SheetLimits(rows=10, unpacked=1000))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("xl/worksheets/sheet1.xml", b"0" * 10_000)
        with pytest.raises(InvalidInput, match="слишком большой"):
            _read(packed.getvalue())


def _sheet(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_sheet_that_is_no_xml_is_told_as_a_broken_file() -> None:
    whole, broken = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["SKU", "model", "brand", "price", "PP1"])  # type: ignore[union-attr]
    book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            spoiled = b"<worksheet><sheetData><row></sheetData>"
            target.writestr(name, spoiled if "sheet1" in name else source.read(name))
    broken.seek(0)
    with pytest.raises(InvalidInput, match="повреждён"):
        read_list(broken)
