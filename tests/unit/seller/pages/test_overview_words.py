"""The notes under the overview's numbers agree with them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from cube_demper.domain.catalog.list_schemas import ProductTab
from cube_demper.domain.overview.schemas import Yesterday
from cube_demper.domain.pricing.wars.schemas import WarWeek
from cube_demper.domain.stores.journal_schemas import Day, LatestChange
from cube_demper.domain.stores.schemas import BotStatus
from cube_demper.seller.pages.overview.reading import Picture
from cube_demper.seller.pages.overview.rows import change_row, changes_note, head_of, shift_note
from cube_demper.seller.pages.overview.tasks import tasks_of

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)


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


@pytest.mark.parametrize("store_id", [None, uuid4()])
def test_a_list_that_opens_from_a_number_is_of_the_same_store(store_id: UUID | None) -> None:
    picture = Picture(
        now=NOON,
        store_id=store_id,
        status=BotStatus(stores=(), workers=(), changes_limit=250),
        counts=Counter({ProductTab.ERROR: 2}),
        conditions=[],
        day=Day(changes=0, suggested=0, suspicious=1, rival_below_floor=1, without_floor=1),
        latest=[],
        wars=WarWeek(),
    )
    carried = f"&store={store_id}" if store_id else ""
    assert head_of(picture, 4).of_store == carried
    assert {task.link for task in tasks_of(picture)} == {
        f"/products?tab={tab}{carried}" for tab in ("held", "at_floor", "no_min_price", "error")
    }


@pytest.mark.parametrize(
    ("city", "names_store", "where"),
    [
        ("", False, ""),
        ("Астана", False, "Астана"),
        ("", True, "Тау Маркет"),
        ("Астана", True, "Тау Маркет, Астана"),
    ],
)
def test_a_change_names_its_store_and_city_where_they_are_not_plain(
    city: str, names_store: bool, where: str
) -> None:
    change = LatestChange(
        uuid4(), uuid4(), "Чайник", "Тау Маркет", city, NOON, 1_000_00, 990_00, "sent", ""
    )
    assert change_row(change, NOON, names_store=names_store).where == where
