"""Numbers, dates, ages and plurals as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.ui import format as fmt

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)  # 14:05 in Almaty


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("count", "word"),
    [(1, "товар"), (2, "товара"), (5, "товаров"), (11, "товаров"), (21, "товар"), (112, "товаров")],
)
def test_plural_follows_the_russian_rule(count: int, word: str) -> None:
    assert fmt.plural(count, "товар", "товара", "товаров") == word


def test_counted_keeps_number_and_word_together() -> None:
    assert fmt.counted(1205, "товар", "товара", "товаров") == "1\u00a0205\u00a0товаров"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (12990, 0, "12 990"),
        (Decimal("4.85"), 1, "4,9"),
        (-6.84, 1, "−6,8"),
        (None, 0, "—"),
        (-0.04, 1, "0,0"),
    ],
)
def test_number(value: float | Decimal | None, digits: int, text: str) -> None:
    assert plain(fmt.number(value, digits=digits)) == text


def test_percent_drops_an_empty_fraction() -> None:
    assert plain(fmt.percent(12.5)) == "12,5 %"
    assert plain(fmt.percent(12)) == "12 %"


def test_difference_of_money_has_its_sign() -> None:
    assert plain(fmt.signed_tenge(1000)) == "+10 ₸"
    assert plain(fmt.signed_tenge(-21_000)) == "−210 ₸"
    assert plain(fmt.signed_tenge(0)) == "0 ₸"


def test_moment_is_shown_in_almaty() -> None:
    assert plain(fmt.moment(NOW)) == "22 ноя, 14:05"
    assert plain(fmt.moment(NOW, now=NOW + timedelta(hours=2))) == "14:05"
    assert plain(fmt.moment(NOW, now=NOW + timedelta(days=60))) == "22 ноя 2026, 14:05"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=12), "12 с назад"),
        (timedelta(minutes=3, seconds=40), "3 мин назад"),
        (timedelta(hours=5), "5 ч назад"),
        (timedelta(hours=15), "вчера"),
        (timedelta(days=4), "18 ноя"),
        (timedelta(seconds=-30), "0 с назад"),
    ],
)
def test_age(passed: timedelta, text: str) -> None:
    assert plain(fmt.age(NOW - passed, NOW)) == text


def test_what_never_happened_says_so() -> None:
    assert fmt.age(None, NOW) == "ещё не было"
    assert fmt.iso(None) == ""


def test_duration_has_two_parts_at_most() -> None:
    assert plain(fmt.duration(timedelta(minutes=115))) == "1 ч 55 мин"
    assert plain(fmt.duration(timedelta(hours=3))) == "3 ч"
    assert plain(fmt.duration(timedelta(days=3, hours=5))) == "3 дн"


@given(st.integers(-(10**12), 10**12))
def test_a_number_can_be_read_back(value: int) -> None:
    text = fmt.number(value).replace("\u00a0", "").replace("−", "-")
    assert int(text) == value
