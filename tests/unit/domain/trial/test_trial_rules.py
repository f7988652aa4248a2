"""Which goods the trial begins with, and the floors that it proposes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.trial.rules import choose, proposed_floor
from cube_demper.domain.trial.schemas import Around, FloorSource, Good

WON = Around(offers=6, rivals=5, cheapest=950_000, next_above=1_100_000, own_price=1_000_000)


def good(**columns: Any) -> Good:
    given_ = {
        "id": uuid4(),
        "name": "Чайник",
        "sku": str(uuid4()),
        "card": str(uuid4()),
        "image_url": None,
        "price": 1_000_000,
        "min_price": None,
        "cost_price": None,
        "stock": None,
    }
    return Good(**(given_ | columns))


def chosen(*goods: tuple[Good, Around]) -> list[str]:
    seen = {it.sku: around for it, around in goods}
    return [it.good.sku for it in choose([it for it, _ in goods], seen, min_profit=None)]


def test_a_floor_is_the_sellers_own_else_cost_and_profit_else_a_tenth_below() -> None:
    assert proposed_floor(good(min_price=880_000), 50_000) == (880_000, FloorSource.OWN)
    assert proposed_floor(good(cost_price=700_000), 50_000) == (750_000, FloorSource.COST)
    assert proposed_floor(good(cost_price=700_000), None) == (700_000, FloorSource.COST)
    assert proposed_floor(good(), 50_000) == (900_000, FloorSource.PRICE)


def test_goods_sold_at_a_loss_are_not_offered() -> None:
    assert proposed_floor(good(cost_price=1_000_000), 50_000) is None
    assert proposed_floor(good(min_price=1_000_100), None) is None


@given(st.integers(1, 10**9), st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 10**7))
def test_a_proposed_floor_is_whole_tenge_and_never_over_the_price(
    price: int, cost: int | None, profit: int | None
) -> None:
    found = proposed_floor(good(price=price, cost_price=cost), profit)
    if found is not None:
        assert found[0] <= price
        assert found[0] % 100 == 0
        assert found[0] >= 1_000


def test_goods_without_rivals_out_of_stock_or_never_looked_at_are_left_out() -> None:
    alone = replace(WON, rivals=0, cheapest=None)
    sold_out = good(stock=0)
    assert chosen((good(), alone), (sold_out, WON)) == []
    assert choose([good()], {}, min_profit=None) == ()


def test_goods_that_the_bot_can_win_come_before_those_it_can_only_hold() -> None:
    winnable, hopeless = good(), good()
    far_below = replace(WON, cheapest=600_000)
    assert chosen((hopeless, far_below), (winnable, WON)) == [winnable.sku, hopeless.sku]


def test_a_known_cost_and_room_to_raise_count() -> None:
    sure, guess = good(cost_price=800_000), good()
    assert chosen((guess, WON), (sure, WON))[0] == sure.sku
    first = replace(WON, cheapest=1_100_000)
    stuck = replace(WON, cheapest=600_000)
    raised, held = good(), good()
    assert chosen((held, stuck), (raised, first))[0] == raised.sku


def test_two_skus_of_a_card_are_not_set_against_each_other() -> None:
    one = good(card="77")
    other = good(card="77", cost_price=800_000)
    assert chosen((one, WON), (other, WON)) == [other.sku]


def test_ten_are_enough() -> None:
    assert len(chosen(*((good(), WON) for _ in range(25)))) == 10
