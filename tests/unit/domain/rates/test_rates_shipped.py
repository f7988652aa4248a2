"""The shipped tables against Kaspi's own tariff and the acts they were taken from."""

from __future__ import annotations

import csv
import os
from dataclasses import fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.codec import decode, encode
from cube_demper.domain.rates.rows import Confidence, Dated, Payer
from cube_demper.domain.rates.tables import Tables

NOW = date(2026, 11, 27)
TABLES = shipped.load()
# Lines of «Тарифы Магазина на Kaspi.kz 2026» as they stand there: the last name is said twice.
KASPI_2026 = {
    "12.5 10.9": (
        "Досуг, книги > Хобби и творчество > Товары для шитья и вышивания > Пуговицы > Пуговицы",
        "Строительство, ремонт > Инструменты > Сварочное оборудование > Аксессуары для сварки",
        "Красота и здоровье > Уход за лицом > Средства для умывания и очищения",
        "Товары для животных > Груминг > Оборудование для груминга > Оборудование для груминга",
        "Товары для дома и дачи > Хозяйственные товары > Хозяйственные тележки",
        "Строительство, ремонт > Строительное оборудование > Промышленные печи",
        "Спорт, туризм > Активный вид отдыха > Дартс > Дротики для дартса",
        "Автотовары > Автоинструменты > Инструменты для ремонта ГРМ",
        "Аксессуары > Сумки, чемоданы, кошельки > Чемоданы",
        "Аксессуары > Часы > Часы наручные",
        "Аксессуары > Маски для сна",
        "Телефоны и гаджеты > Смартфоны",
        "Одежда",
        "Компьютеры",
    ),
    "7.3 6.4": (
        "Продукты питания > Молочные продукты, яйца > Закваски для молочных продуктов",
        "Продукты питания > Сладости и выпечка > Кукурузные палочки > Кукурузные палочки",
        "Аптека > Лекарства > Мышцы, кости и суставы > Мышцы, кости и суставы",
        "Продукты питания > Чипсы, орехи, снэки > Попкорн > Попкорн",
        "Продукты питания > Мясо и птица > Птица > Птица",
        "Товары для животных > Для кошек > Сухие корма для кошек",
        "Товары для животных > Для рыб и рептилий > Корма для рыб и рептилий",
        "Товары для животных > Гигиена и уход за животными > Наполнители туалета для животных",
    ),
    "15.5 13.5": (
        "Телефоны и гаджеты > Аксессуары для телефонов > Чехлы для смартфонов",
        "Телефоны и гаджеты > Аксессуары для телефонов > Аккумуляторы для телефонов",
        "Телефоны и гаджеты > Аксессуары для телефонов > Держатели для телефонов",
        "ТВ, Аудио, Видео > Аудиотехника > Чехлы для наушников > Чехлы для наушников",
        "Аксессуары > Шапки, шарфы, перчатки > Перчатки и варежки > Перчатки и варежки",
        "Аксессуары > Сумки, чемоданы, кошельки > Обложки для документов",
        "Аксессуары > Часы > Ювелирные часы",
        "Украшения > Четки > Ювелирные четки > Ювелирные четки",
        "Украшения > Комплекты украшений > Комплекты ювелирных украшений",
    ),
}


@pytest.mark.parametrize(
    ("path", "rates"), [(it, rates) for rates, paths in KASPI_2026.items() for it in paths]
)
def test_commission_is_that_of_kaspis_table(path: str, rates: str) -> None:
    row = TABLES.commission(path.split(" > "), NOW)
    assert f"{row.percent} {row.percent_without_vat}" == rates
    assert row.confidence is Confidence.HIGH


KASPI_CSV = Path(
    os.environ.get("CUBE_KASPI_COMMISSIONS") or "/work/shared/data/kaspi_commissions_2026.csv"
)


@pytest.mark.skipif(not KASPI_CSV.exists(), reason="CUBE_KASPI_COMMISSIONS: Kaspi's table as CSV")
def test_commission_is_that_of_every_line_of_kaspis_table() -> None:
    with KASPI_CSV.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) > 4_000
    for line in lines:
        path = [name for depth in range(1, 6) if (name := line[f"category_l{depth}"])]
        row = TABLES.commission(path, date.fromisoformat(line["valid_from"]))
        found = row.percent, row.percent_without_vat
        assert found == (
            Decimal(line["commission_percent_with_vat"]),
            Decimal(line["commission_percent_no_vat"]),
        ), path


@pytest.mark.parametrize(("now", "before"), [("12.5", "12"), ("7.3", "7"), ("15.5", "15")])
def test_commission_before_5_january_2026_had_the_old_vat(now: str, before: str) -> None:
    path = next(p for r, paths in KASPI_2026.items() if r.startswith(now) for p in paths)
    names = path.split(" > ")
    assert TABLES.commission(names, date(2026, 1, 5)).percent == Decimal(now)
    last_day = TABLES.commission(names, date(2026, 1, 4))
    assert (last_day.percent, last_day.confidence) == (Decimal(before), Confidence.MEDIUM)


def test_every_line_of_kaspis_tree_has_one_commission() -> None:
    rates = {TABLES.commission(path, NOW).percent for path in _leaves()}
    assert rates == {Decimal("7.3"), Decimal("12.5"), Decimal("15.5")}
    assert len(shipped.category_paths()) == 4819


def _leaves() -> list[tuple[str, ...]]:
    paths = shipped.category_paths()
    followed = [*pairwise(paths), (paths[-1], ())]
    return [it for it, following in followed if following[: len(it)] != it]


def _all_rows() -> list[Dated]:
    return [
        row
        for it in fields(Tables)
        if it.name != "category_paths"
        for row in getattr(TABLES, it.name)
    ]


def test_rows_survive_being_written_as_texts() -> None:
    rows = _all_rows()
    assert len(rows) > 250
    assert [decode(type(row), encode(row)) for row in rows] == rows


def test_every_row_has_a_source_and_days_in_order() -> None:
    assert not [row for row in _all_rows() if not row.source.strip()]
    assert not [
        it for it in _all_rows() if it.valid_from and it.valid_to and it.valid_from > it.valid_to
    ]


@pytest.mark.parametrize("rows", [TABLES.base_rates, TABLES.indexes])
def test_days_follow_each_other_without_a_gap(rows: tuple[Dated, ...]) -> None:
    for before, after in pairwise(rows):
        assert before.valid_to is not None
        assert after.valid_from is not None
        assert (after.valid_from - before.valid_to).days == 1


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2022, 2, 24), "13.5"),
        (date(2023, 8, 27), "16.75"),
        (date(2024, 2, 26), "14.75"),
        (date(2025, 10, 12), "16.5"),
        (date(2025, 10, 13), "18"),
        (date(2026, 6, 8), "17"),
        (date(2026, 9, 7), "16.25"),
    ],
)
def test_base_rate_is_that_of_the_national_bank(on: date, percent: str) -> None:
    assert TABLES.base_rate(on).percent == Decimal(percent)


def test_base_rate_after_a_decision_nobody_found_is_not_sure() -> None:
    assert TABLES.base_rate(date(2026, 11, 1)).confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("year", "mrp", "mzp"), [(2023, 3450, 70_000), (2025, 3932, 85_000), (2026, 4325, 85_000)]
)
def test_indexes_are_those_of_the_budget(year: int, mrp: int, mzp: int) -> None:
    row = TABLES.index(date(year, 7, 1))
    assert (row.mrp, row.mzp) == (mrp * 100, mzp * 100)


@pytest.mark.parametrize(
    ("code", "payer", "on", "percent"),
    [
        ("simplified", Payer.IP, date(2025, 12, 31), "3"),
        ("simplified", Payer.IP, date(2026, 1, 1), "4"),
        ("income", Payer.IP, date(2026, 1, 1), "10"),
        ("income_top", Payer.IP, date(2026, 1, 1), "15"),
        ("income", Payer.TOO, date(2025, 1, 1), "20"),
        ("vat", Payer.TOO, date(2025, 12, 31), "12"),
        ("vat", Payer.TOO, date(2026, 1, 1), "16"),
        ("so", Payer.IP, date(2024, 12, 31), "3.5"),
        ("opvr", Payer.IP, date(2026, 6, 1), "3.5"),
    ],
)
def test_tax_follows_the_date(code: str, payer: Payer, on: date, percent: str) -> None:
    assert TABLES.tax(code, payer, on).percent == Decimal(percent)


@pytest.mark.parametrize(("region", "percent"), [("Алматы", "3"), ("КОНАЕВ", "2"), (None, "4")])
def test_simplified_rate_follows_the_region(region: str | None, percent: str) -> None:
    assert TABLES.tax("simplified", Payer.IP, NOW, region).percent == Decimal(percent)


def test_region_that_is_not_in_the_table_takes_the_countrys_rate_and_says_so() -> None:
    row = TABLES.tax("simplified", Payer.IP, NOW, "Аягоз")
    assert (row.percent, row.confidence) == (Decimal(4), Confidence.MEDIUM)
    assert "Аягоз" in row.note
