from __future__ import annotations

from datetime import timedelta

import pytest
from unit.domain.pricing.pricing_cases import (
    SKU,
    T0,
    US,
    choose,
    market,
    on_its_way,
    ours,
    product,
    resting,
    rival,
    stood,
    store,
    tenge,
)

from cube_demper.domain.market.schemas import Offer
from cube_demper.domain.pricing.schemas import Action, Memory, Reason, Strategy


class TestFloorAndCap:
    def test_the_floor_is_the_min_price(self) -> None:
        assert choose([ours(12000), rival(11000)]).floor == tenge(8000)

    def test_the_floor_is_the_price_that_leaves_min_profit_when_that_is_higher(self) -> None:
        assert choose([ours(12000), rival(11000)], floor=9500).floor == tenge(9500)

    def test_a_profit_floor_under_the_min_price_changes_nothing(self) -> None:
        assert choose([ours(12000), rival(11000)], floor=5000).floor == tenge(8000)

    def test_the_floor_is_never_under_the_least_price_kaspi_allows(self) -> None:
        decision = choose([ours(40), rival(11)], product(min_price=3, max_price=50))
        assert decision.floor == tenge(10)

    def test_no_setting_takes_the_floor_under_ten_tenge(self) -> None:
        terms = product(min_price=3, max_price=50)
        decision = choose([ours(40), rival(11)], terms, shop=store(min_price_allowed=0))
        assert decision.floor == tenge(10)

    def test_the_least_price_of_the_settings_counts_when_it_is_higher(self) -> None:
        shop = store(min_price_allowed=tenge(9000))
        assert choose([ours(12000), rival(11000)], shop=shop).floor == tenge(9000)

    def test_a_blank_min_price_is_the_price_at_which_the_bot_was_switched_on(self) -> None:
        decision = choose([ours(12000), rival(5000)], product(min_price=None))
        assert decision.floor == tenge(12000)
        assert decision.reason is Reason.BELOW_FLOOR_HOLD

    def test_a_blank_max_price_is_the_price_at_which_the_bot_was_switched_on(self) -> None:
        decision = choose([ours(10000), rival(30000)], product(max_price=None))
        assert (decision.action, decision.target) == (Action.CHANGE, tenge(12000))

    def test_a_floor_over_the_base_price_lifts_the_cap_of_a_blank_max_price(self) -> None:
        terms = product(max_price=None, base_price=12000)
        decision = choose([ours(12000), rival(30000)], terms, floor=15000)
        assert decision.cap == tenge(15000)
        assert (decision.reason, decision.target) == (Reason.RAISED_TO_FLOOR, tenge(15000))

    def test_the_floor_is_rounded_up_and_the_cap_down_to_whole_tenge(self) -> None:
        terms = product(max_price=20000.9)
        decision = choose([ours(12000), rival(11000)], terms, floor=9000.01)
        assert (decision.floor, decision.cap) == (tenge(9001), tenge(20000))

    def test_bounds_that_meet_only_before_rounding_contradict(self) -> None:
        decision = choose([ours(100), rival(90)], product(min_price=100.1, max_price=100.9))
        assert decision.reason is Reason.FLOOR_OVER_CAP

    @pytest.mark.parametrize(
        ("min_price", "max_price"), [(None, 20000), (8000, None), (None, None), (0, 0)]
    )
    def test_a_blank_bound_without_base_price_never_means_anything_goes(
        self, min_price: float | None, max_price: float | None
    ) -> None:
        terms = product(min_price=min_price, max_price=max_price, base_price=None)
        decision = choose([ours(12000), rival(11000)], terms)
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.BOUNDS_MISSING)

    def test_a_city_uses_its_own_base_price_for_its_blank_bounds(self) -> None:
        terms = product(city_id="710000000", min_price=None, max_price=None, base_price=7000)
        decision = choose([ours(7000), rival(6000)], terms)
        assert (decision.floor, decision.cap) == (tenge(7000), tenge(7000))


class TestFloorOverMaxPrice:
    def test_holds_before_any_other_rule_even_when_the_price_is_under_the_floor(self) -> None:
        decision = choose([ours(5000), rival(4000)], floor=25000)
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.FLOOR_OVER_CAP)
        assert decision.target is None

    def test_holds_so_even_when_the_product_is_not_on_sale(self) -> None:
        assert choose([rival(4000)], floor=25000).reason is Reason.FLOOR_OVER_CAP

    def test_a_floor_equal_to_the_max_price_is_no_contradiction(self) -> None:
        decision = choose([ours(12000), rival(9000)], floor=20000)
        assert (decision.reason, decision.target) == (Reason.RAISED_TO_FLOOR, tenge(20000))


class TestComingInside:
    def test_a_price_under_the_floor_is_raised_to_it(self) -> None:
        decision = choose([ours(7000), rival(6000)])
        assert (decision.action, decision.reason) == (Action.CHANGE, Reason.RAISED_TO_FLOOR)
        assert decision.target == tenge(8000)

    def test_a_price_over_the_cap_is_lowered_to_it(self) -> None:
        decision = choose([ours(21000), rival(30000)])
        assert (decision.reason, decision.target) == (Reason.LOWERED_TO_CAP, tenge(20000))

    def test_a_tiyn_over_the_cap_is_over_and_the_cap_itself_is_not(self) -> None:
        assert choose([ours(20000.01), rival(30000)]).reason is Reason.LOWERED_TO_CAP
        assert choose([ours(20000), rival(30000)]).reason is Reason.PRICE_IS_RIGHT

    def test_no_fall_is_too_big_on_the_way_down_to_the_cap(self) -> None:
        decision = choose([ours(100000), rival(9000)], memory=stood((600, 100000)))
        assert (decision.reason, decision.target) == (Reason.LOWERED_TO_CAP, tenge(20000))

    @pytest.mark.parametrize("price", [7000, 21000])
    def test_a_rest_after_a_war_does_not_stop_it(self, price: int) -> None:
        memory = resting(15000, until=T0 + timedelta(hours=1))
        decision = choose([ours(price), rival(14000)], memory=memory)
        assert decision.reason in {Reason.RAISED_TO_FLOOR, Reason.LOWERED_TO_CAP}

    def test_it_needs_no_rival(self) -> None:
        assert choose([ours(7000)]).reason is Reason.RAISED_TO_FLOOR

    def test_a_move_that_is_on_its_way_is_not_sent_twice(self) -> None:
        memory = on_its_way(8000, sent=T0 - timedelta(minutes=1), until=T0 + timedelta(minutes=9))
        assert choose([ours(7000)], memory=memory).reason is Reason.WAITING_CONFIRMATION


class TestOnSale:
    def test_an_empty_list_is_no_sale(self) -> None:
        decision = choose(market())
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.NOT_ON_SALE)

    def test_an_empty_list_is_no_sale_even_when_kaspi_counts_offers(self) -> None:
        assert choose(market(total=12)).reason is Reason.NOT_ON_SALE

    def test_our_offer_absent_from_the_whole_list_is_no_sale(self) -> None:
        decision = choose([rival(9000), rival(9500, "20000002")])
        assert (decision.reason, decision.target, decision.place) == (
            Reason.NOT_ON_SALE,
            None,
            None,
        )

    def test_a_product_not_on_sale_sends_nothing_even_under_its_floor(self) -> None:
        decision = choose([rival(9000)], product(cabinet_price=1000))
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.NOT_ON_SALE)

    def test_a_list_read_in_part_leaves_the_cabinets_price_as_ours(self) -> None:
        decision = choose(market(rival(9000), total=200), product(cabinet_price=12000))
        assert (decision.window_price, decision.is_window_seen) == (tenge(12000), False)
        assert (decision.reason, decision.target) == (Reason.UNDERCUT, tenge(8999))
        assert decision.place is None

    def test_a_list_read_in_part_without_a_cabinet_price_is_a_hold(self) -> None:
        decision = choose(market(rival(9000), total=200), product(cabinet_price=None))
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.PRICE_UNKNOWN)

    def test_our_offer_under_another_sku_is_not_this_product(self) -> None:
        decision = choose([ours(9000, merchant_sku="other"), rival(9500)])
        assert decision.reason is Reason.NOT_ON_SALE

    def test_our_offer_without_a_sku_is_this_product(self) -> None:
        decision = choose([ours(12000, merchant_sku=None), rival(11000)])
        assert decision.window_price == tenge(12000)

    def test_of_two_offers_of_ours_the_one_that_names_the_sku_counts(self) -> None:
        decision = choose([ours(9000, merchant_sku=None), ours(12000), rival(11000)])
        assert decision.window_price == tenge(12000)

    def test_an_own_offer_without_a_price_is_no_offer(self) -> None:
        decision = choose([Offer(US, "Мы", 0, merchant_sku=SKU), rival(11000)])
        assert decision.reason is Reason.NOT_ON_SALE

    def test_the_shop_window_wins_over_the_cabinet(self) -> None:
        decision = choose([ours(12000), rival(12500)], product(cabinet_price=12499))
        assert (decision.window_price, decision.target) == (tenge(12000), tenge(12499))

    def test_always_first_is_no_exception(self) -> None:
        terms = product(Strategy.ALWAYS_FIRST)
        assert choose([rival(4000)], terms, memory=Memory()).reason is Reason.NOT_ON_SALE
