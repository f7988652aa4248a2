"""Defects of the product's first version (ORIGINAL.md C7) that belong to deciding, by what went wrong."""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from unit.domain.pricing.pricing_cases import (
    T0,
    choose,
    market,
    minutes,
    ours,
    product,
    rival,
    store,
    tenge,
)

import cube_demper
from cube_demper.domain.market.schemas import Offer
from cube_demper.domain.pricing.checks import check_switch_on, top_n_of
from cube_demper.domain.pricing.rules import decide, is_news, remember
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    Memory,
    ProductTerms,
    Reason,
    RivalFilters,
    StoreTerms,
    Strategy,
)

LOOKED = Memory(to_max_since=T0 - minutes(2))


def test_2_the_raise_without_rivals_crashed_and_never_reached_the_max_price() -> None:
    decision = choose([ours(12000)], memory=LOOKED)
    assert (decision.action, decision.target) == (Action.CHANGE, tenge(20000))


def test_3_stay_top_n_crashed_on_parameters_that_came_as_text() -> None:
    assert top_n_of(json.dumps({"top_n": 2})) == top_n_of({"top_n": 2}) == 2
    assert top_n_of(None) == top_n_of("{}") == 3
    filters = RivalFilters.from_json('{"min_rating": 4, "only_merchants": ["1"]}')
    assert filters == RivalFilters(4.0, only_merchants=frozenset({"1"}))


def test_3_the_nth_rival_was_counted_with_our_own_shops_and_slow_ones() -> None:
    terms = product(Strategy.STAY_TOP_N, top_n=2)
    shop = store(own_merchant_ids=frozenset({"7"}), excluded_merchant_ids=frozenset({"8"}))
    offers = [rival(9000, "7"), rival(9100, "8"), rival(10000, "1"), rival(11000, "2")]
    assert choose([ours(12000), *offers], terms, shop=shop).target == tenge(10999)


def test_6_a_city_was_sold_below_its_own_floor_at_another_citys_price() -> None:
    seen = [ours(8000), rival(4900)]
    city = product(min_price=7000, max_price=9000, base_price=8000)
    home = product(min_price=4000, max_price=9000, base_price=8000)
    free = store(max_fall_percent=90)
    assert choose(seen, home, shop=free).target == tenge(4899)
    assert choose(seen, city, shop=free).action is Action.HOLD


def test_6_a_citys_blank_bounds_fell_back_to_the_products() -> None:
    city = product(city_id="710000000", min_price=None, max_price=None, base_price=8000)
    assert choose([ours(8000), rival(4900)], city).action is Action.HOLD
    assert choose([ours(8000), rival(15000)], city).action is Action.HOLD


class TestNumber19:
    def test_a_profit_was_used_as_a_price_floor(self) -> None:
        decision = choose([ours(12000), rival(9000)], floor=11500)
        assert decision.floor == tenge(11500)

    def test_a_bot_without_a_minimum_followed_a_15_tenge_rival_down_to_10(self) -> None:
        terms = product(min_price=None, max_price=None)
        for _ in range(10):
            assert choose([ours(12000), rival(15)], terms).action is Action.HOLD
        with pytest.raises(Exception, match=r"задайте мин\. цену"):
            check_switch_on(None, None)

    def test_a_typo_price_took_the_price_down_with_it(self) -> None:
        wide = product(min_price=10)
        assert choose([ours(12000), rival(1200)], wide).reason is Reason.SUSPICIOUS_FALL

    def test_a_low_rated_rival_was_followed(self) -> None:
        terms = product(rival_filters=RivalFilters(min_rating=4))
        decision = choose([ours(12000), rival(9000, rating=1.2), rival(11000, "2")], terms)
        assert decision.target == tenge(10999)


def test_20_margin_was_given_away_at_the_floor_where_it_could_not_win() -> None:
    decision = choose([ours(12000), rival(7000)])
    assert (decision.action, decision.target) == (Action.HOLD, None)


def test_21_an_empty_max_price_followed_any_rival_upwards() -> None:
    decision = choose([ours(12000), rival(900_000)], product(max_price=None))
    assert decision.action is Action.HOLD
    assert decision.cap == tenge(12000)


def test_23_min_reached_was_told_at_every_check() -> None:
    memory, told = Memory(), 0
    for step in range(96):
        seen = market(ours(12000), rival(7000 - step), at=T0 + minutes(15 * step))
        decision = choose(seen, memory=memory)
        told += is_news(memory, decision)
        memory = remember(memory, seen, decision, seen.seen_at)
    assert told == 1


class TestNumber35:
    def test_repricing_without_pre_order_days_could_switch_a_pre_order_off(self) -> None:
        said = {field.name for field in fields(Decision)}
        assert not [name for name in said if "order" in name or "stock" in name or "avail" in name]

    def test_our_own_pre_order_changes_no_price(self) -> None:
        own, other = ours(12000), rival(11000)
        assert choose([replace(own, preorder_days=7), other]) == choose([own, other])


class TestNumber40:
    def test_four_copies_of_the_algorithm_drifted_apart(self) -> None:
        """Only `Case` makes decisions; whatever else wants one must ask `decide`."""
        root = Path(inspect.getfile(cube_demper)).parent
        makers = [
            path.relative_to(root).as_posix()
            for path in root.rglob("*.py")
            if any(
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Decision"
                for node in ast.walk(ast.parse(path.read_text()))
            )
        ]
        assert makers == ["domain/pricing/case.py"]

    @pytest.mark.parametrize("city_id", ["750000000", "710000000", "511010000"])
    def test_another_city_was_decided_by_other_rules(self, city_id: str) -> None:
        terms = product(city_id=city_id)
        assert choose([ours(12000), rival(11000)], terms) == choose([ours(12000), rival(11000)])

    def test_run_now_forgot_our_other_stores(self) -> None:
        """`decide` cannot be asked without the store's terms."""
        needed = inspect.signature(decide).parameters
        assert all(item.default is inspect.Parameter.empty for item in needed.values())
        assert StoreTerms("1").own_merchant_ids == frozenset()
        assert isinstance(product(), ProductTerms)
        shop = store(own_merchant_ids=frozenset({"20000001"}))
        assert choose([ours(12000), rival(9000)], shop=shop).rivals_count == 0


def test_17_a_price_that_the_window_did_not_show_was_taken_for_ours() -> None:
    decision = choose([ours(12000), rival(11500)], product(cabinet_price=11499))
    assert (decision.action, decision.target) == (Action.CHANGE, tenge(11499))


def test_29_our_own_offer_beyond_the_first_page_was_taken_for_no_sale() -> None:
    offers: list[Offer] = [rival(9000 + n, str(n)) for n in range(64)]
    decision = choose(market(*offers, total=80), product(cabinet_price=12000))
    assert (decision.action, decision.target) == (Action.CHANGE, tenge(8999))
