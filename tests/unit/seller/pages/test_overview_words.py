"""The notes under the overview's numbers agree with them."""

from __future__ import annotations

import pytest

from cube_demper.domain.overview.schemas import Yesterday
from cube_demper.seller.pages.overview.rows import changes_note, shift_note


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (Yesterday(), "цены товаров не менялись"),
        (Yesterday(cheaper=7, dearer=3), "7 дешевле, 3 дороже"),
        (Yesterday(cheaper=7, unseen=2), "7 дешевле, 0 дороже; 2 ещё не на витрине"),
        (Yesterday(returned=4), "0 дешевле, 0 дороже, 4 как были"),
    ],
)
def test_the_shift_says_of_how_many_goods_it_is(day: Yesterday, words: str) -> None:
    assert shift_note(day) == words


def test_changes_of_other_cities_alone_are_said() -> None:
    day = Yesterday(raised=2, lowered=40)
    assert changes_note(42, day) == "2 вверх, 40 вниз"
    assert changes_note(45, day) == "2 вверх, 40 вниз, 3 в других городах"
