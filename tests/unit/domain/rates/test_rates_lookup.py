"""Lookups: the day, the bounds, unknown and ambiguous names, and how an absence is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.codec import decode
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.rows import BaseRateRow, Confidence, Payer
from cube_demper.domain.rates.tables import Tables

NOW = date(2026, 11, 27)
TABLES = shipped.load()
TENGE = 100


@pytest.mark.parametrize(
    ("kind", "tenge", "kg", "fee"),
    [
        ("city", 999, None, 49),
        ("city", 1_000, None, 149),
        ("kazakhstan", 4_999, None, 199),
        ("city", 9_999, None, 699),
        ("kazakhstan", 9_999, None, 799),
        ("express", 9_999, 80, 799),
        ("city", 10_000, 5, 1_099),
        ("kazakhstan", 10_000, 15, 1_699),
        ("express", 250_000, 30, 3_149),
        ("kazakhstan", 250_000, 60, 5_649),
        ("city", 10_000, 100, 4_149),
        ("kazakhstan", 10_000, 101, 11_999),
        ("pickup", 10_000, None, 0),
    ],
)
def test_delivery_fee_is_that_of_kaspis_table(
    kind: str, tenge: int, kg: int | None, fee: int
) -> None:
    weight = None if kg is None else kg * 1000
    assert TABLES.delivery(kind, tenge * TENGE, weight, NOW).fee == fee * TENGE


def test_a_gram_over_the_bound_is_the_next_row() -> None:
    row = TABLES.delivery("city", 10_000 * TENGE, 5_001, NOW)
    assert (row.fee, row.fee_with_vat) == (134_900, 156_484)


def test_express_of_2025_has_its_own_table() -> None:
    fee = TABLES.delivery("express", 15_000 * TENGE, 15_001, date(2025, 12, 31))
    assert (fee.fee, fee.fee_with_vat) == (299_900, 335_888)


def test_weight_is_asked_for_where_the_fee_depends_on_it() -> None:
    with pytest.raises(NoRate, match="укажите вес"):
        TABLES.delivery("city", 10_000 * TENGE, None, NOW)


def test_unknown_delivery_kind_names_the_known() -> None:
    with pytest.raises(NoRate) as refusal:
        TABLES.delivery("drone", 1, 1, NOW)
    assert "city" in refusal.value.options


@given(
    st.integers(0, 10**9),
    st.integers(0, 200_000),
    st.sampled_from(["city", "kazakhstan", "express"]),
)
def test_some_row_bears_every_price_and_weight(price: int, weight: int, kind: str) -> None:
    row = TABLES.delivery(kind, price, weight, NOW)
    assert row.price_from <= price
    heavier = TABLES.delivery(kind, price, weight + 50_000, NOW)
    assert heavier.fee >= row.fee


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (
            date(2021, 10, 25),
            "Базовая ставка: на 25.10.2021 данных нет, таблица начинается 26.10.2021.",
        ),
        (
            date(2026, 12, 7),
            "Базовая ставка: на 07.12.2026 данных нет, таблица заканчивается 06.12.2026.",
        ),
    ],
)
def test_a_day_outside_the_table_is_told_with_its_end(on: date, words: str) -> None:
    with pytest.raises(NoRate) as refusal:
        TABLES.base_rate(on)
    assert refusal.value.message == words


def test_indexes_of_a_year_without_a_law_are_not_guessed() -> None:
    with pytest.raises(NoRate, match=r"заканчивается 31\.12\.2026"):
        TABLES.index(date(2027, 1, 1))


def test_city_delivery_of_2025_is_not_guessed() -> None:
    with pytest.raises(NoRate, match=r"начинается 01\.01\.2026"):
        TABLES.delivery("city", 1, None, date(2025, 12, 31))


@given(st.dates(date(2021, 10, 26), date(2026, 12, 5)))
def test_every_day_of_the_base_rate_has_one_row_and_only_changes_move_it(on: date) -> None:
    row, following = TABLES.base_rate(on), TABLES.base_rate(on + timedelta(days=1))
    assert row.is_in_force(on)
    assert following == row or following.valid_from == on + timedelta(days=1)


def test_a_later_row_wins_over_one_that_was_left_open() -> None:
    old = BaseRateRow(
        valid_from=date(2026, 1, 1), source="a", confidence=Confidence.HIGH, percent=Decimal(18)
    )
    new = replace(old, valid_from=date(2026, 6, 1), percent=Decimal(17))
    tables = Tables(base_rates=(new, old))
    assert tables.base_rate(date(2026, 5, 31)).percent == 18
    assert tables.base_rate(date(2026, 6, 1)).percent == 17


def test_last_name_of_a_category_is_enough() -> None:
    assert TABLES.commission(["чехлы  для СМАРТФОНОВ"], NOW).percent == Decimal("15.5")


def test_top_category_with_exceptions_is_less_sure_and_names_them() -> None:
    row = TABLES.commission(["Аптека"], NOW)
    assert (row.percent, row.confidence) == (Decimal("12.5"), Confidence.MEDIUM)
    assert "Лекарства" in row.note


@pytest.mark.parametrize(
    ("path", "option"),
    [
        (["Аксессуары"], "Часы"),
        (["Часы"], "Часы наручные"),
        (["Телефоны и гаджеты", "Аксессуары для телефонов"], "Зарядные устройства"),
    ],
)
def test_category_of_several_rates_asks_which(path: list[str], option: str) -> None:
    with pytest.raises(NoRate, match="ставки разные") as refusal:
        TABLES.commission(path, NOW)
    assert option in refusal.value.options


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("смартфны", "Смартфоны"), ("Чехлы", "Чехлы для планшетов"), ("украшеня", "Украшения")],
)
def test_unknown_category_offers_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(NoRate, match="нет в тарифах") as refusal:
        TABLES.commission([typed], NOW)
    assert meant in refusal.value.options


def test_no_category_offers_the_top_ones() -> None:
    with pytest.raises(NoRate) as refusal:
        TABLES.commission(["", " "], NOW)
    assert "Автотовары" in refusal.value.options


def test_new_subcategory_takes_the_only_rate_of_its_top_less_surely() -> None:
    row = TABLES.commission(["Одежда", "Плащи-невидимки"], NOW)
    assert (row.percent, row.confidence) == (Decimal("12.5"), Confidence.MEDIUM)


def test_new_subcategory_of_a_top_with_exceptions_asks() -> None:
    with pytest.raises(NoRate):
        TABLES.commission(["Аптека", "Эликсиры"], NOW)


def test_duty_of_a_payer_without_one_is_refused() -> None:
    with pytest.raises(NoRate, match="такой плательщик"):
        TABLES.duty("tax_notice", Payer.PERSON, NOW)


@pytest.mark.parametrize(
    ("change", "column"),
    [({"percent": "много"}, "percent"), ({"percent": "NaN"}, "percent"), ({"source": " "}, "source"),
     ({"valid_from": "01.02.2026"}, "valid_from"), ({"confidence": "sure"}, "confidence")],
)  # fmt: skip
def test_wrong_text_of_a_row_names_its_column(change: dict[str, str], column: str) -> None:
    texts = {"percent": "18", "source": "НБ РК", "confidence": "high", "valid_from": "2026-01-01"}
    with pytest.raises(ValueError, match=column):
        decode(BaseRateRow, texts | change)
