"""Buyers' phones in every written form, and what others see of them."""

from __future__ import annotations

import pytest

from cube_demper.domain.orders import people


@pytest.mark.parametrize(
    "text",
    [
        "7010000001",
        "+77010000001",
        "8 701 000 00 01",
        "8(701)000-00-01",
        "+7 (701) 000-00-01",
        " 7 701 000 0001 ",
    ],
)
def test_a_phone_is_one_whatever_way_it_is_written(text: str) -> None:
    assert people.read_phone(text) == "+77010000001"


@pytest.mark.parametrize(
    "text", [None, "", "+0(000)-000-00-00", "0000000000", "701", "77010000001234", "не указан"]
)
def test_a_masked_phone_is_none(text: str | None) -> None:
    assert people.read_phone(text) is None


def test_people_without_the_right_see_little() -> None:
    assert people.masked_phone("+77010000001") == "+7 701 ··· ·· 01"
    assert people.masked_phone(None) == people.shown_phone(None) == "скрыт"
    assert people.shown_phone("+77010000001") == "+7 701 000 00 01"
    assert people.masked_name("Айгерим Тестова") == "А. Т."
    assert people.masked_name(None) == ""


def test_words_of_a_name_are_found_without_regard_to_case() -> None:
    assert people.name_words("Семён  ПЁТР-ов А.") == ("семен", "петр", "ов")
