"""Choosing a category: groups with what lies under them, a search, and names like a misspelt one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import OutsideTables
from cube_demper.domain.rates.picking import MOST_SHOWN, list_choices

NOW = date(2026, 11, 27)
TABLES = shipped.load()
PHONES = ("Телефоны и гаджеты", "Аксессуары для телефонов")


def test_groups_come_first_and_say_how_far_their_parts_differ() -> None:
    top = {it.path: it for it in list_choices(TABLES, NOW).rows}
    assert set(top) == set(TABLES.categories.children(()))
    assert top["Автотовары",].percents == (Decimal("12.5"),)
    mixed = top["Телефоны и гаджеты",]
    assert (mixed.percents, mixed.parts) == ((Decimal("12.5"), Decimal("15.5")), 8)


def test_what_can_be_taken_is_what_has_one_commission() -> None:
    under = {it.path: it for it in list_choices(TABLES, NOW, under=PHONES[:1]).rows}
    assert not under[PHONES].can_be_taken
    for choice in list_choices(TABLES, NOW, under=PHONES).rows:
        assert choice.can_be_taken
        assert TABLES.commission(choice.path, NOW).percent in choice.percents


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("утюги", "Утюги"),
        ("ЧЕХЛЫ смартфон", "Чехлы для смартфонов"),
        ("телефоны чехлы для смартфонов", "Чехлы для смартфонов"),
        ("Телефоны и гаджеты > Смартфоны", "Смартфоны"),
    ],
)
def test_a_search_finds_by_any_words_of_the_path(typed: str, first: str) -> None:
    assert list_choices(TABLES, NOW, search=typed).rows[0].path[-1] == first


def test_a_misspelt_name_is_offered_the_nearest() -> None:
    found = list_choices(TABLES, NOW, search="Утюжки")
    assert found.is_near
    assert "Утюги" in {it.path[-1] for it in found.rows}
    nothing = list_choices(TABLES, NOW, search="zzzzzz")
    assert (nothing.rows, nothing.is_near) == ((), True)


def test_a_search_of_one_letter_is_cut_and_says_so() -> None:
    found = list_choices(TABLES, NOW, search="а")
    assert (len(found.rows), found.is_cut) == (MOST_SHOWN, True)


def test_a_day_before_the_tables_is_refused() -> None:
    with pytest.raises(OutsideTables):
        list_choices(TABLES, date(2020, 1, 1))
