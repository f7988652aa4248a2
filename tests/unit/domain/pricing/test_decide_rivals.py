from __future__ import annotations

from typing import Any

import pytest
from unit.domain.pricing.pricing_cases import US, choose, market, ours, product, rival, store, tenge

from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.pricing.schemas import (
    DeliveryFilter,
    ProductTerms,
    Reason,
    RivalFilters,
    Strategy,
)

OTHER = "20000002"


def rival_price(
    offers: Market | list[Offer], terms: ProductTerms | None = None, **rest: Any
) -> int | None:
    decision = choose(offers, terms, **rest)
    return decision.rival.price if decision.rival else None


class TestWhoIsARival:
    def test_the_cheapest_offer_of_others_is_the_rival(self) -> None:
        decision = choose([ours(12000), rival(11500, OTHER, name="Дешевле"), rival(11800)])
        assert (decision.rival.name, decision.target) == ("Дешевле", tenge(11499))

    def test_the_users_other_stores_are_not_undercut(self) -> None:
        shop = store(own_merchant_ids=frozenset({OTHER}))
        assert rival_price([ours(12000), rival(9000, OTHER), rival(11800)], shop=shop) == 1180000

    def test_excluded_merchants_are_not_undercut(self) -> None:
        shop = store(excluded_merchant_ids=frozenset({OTHER}))
        assert rival_price([ours(12000), rival(9000, OTHER), rival(11800)], shop=shop) == 1180000

    def test_our_own_offer_under_another_sku_is_not_a_rival(self) -> None:
        assert rival_price([ours(12000), ours(9000, merchant_sku="x"), rival(11800)]) == 1180000

    def test_an_offer_without_a_price_is_not_a_rival(self) -> None:
        offers = [ours(12000), Offer(OTHER, "Ноль", 0), Offer("9", "Минус", -5), rival(11800)]
        assert rival_price(offers) == 1180000

    def test_only_the_named_merchants_are_rivals_when_some_are_named(self) -> None:
        filters = RivalFilters(only_merchants=frozenset({OTHER}))
        terms = product(rival_filters=filters)
        assert rival_price([ours(12000), rival(9000), rival(11800, OTHER)], terms) == 1180000


class TestFilters:
    @pytest.mark.parametrize(
        ("chosen", "speed", "counts"),
        [
            (DeliveryFilter.TODAY_TOMORROW, DeliverySpeed.TODAY, True),
            (DeliveryFilter.TODAY_TOMORROW, DeliverySpeed.TOMORROW, True),
            (DeliveryFilter.TODAY_TOMORROW, DeliverySpeed.TILL_2_DAYS, False),
            (DeliveryFilter.TILL_3_DAYS, DeliverySpeed.TILL_3_DAYS, True),
            (DeliveryFilter.TILL_3_DAYS, DeliverySpeed.TILL_5_DAYS, False),
            (DeliveryFilter.TILL_5_DAYS, DeliverySpeed.TILL_5_DAYS, True),
            (DeliveryFilter.TILL_5_DAYS, DeliverySpeed.TILL_7_DAYS, False),
            (DeliveryFilter.TODAY_TOMORROW, None, True),
            (None, DeliverySpeed.OTHER, True),
        ],
    )
    def test_slower_delivery_than_the_filter_is_no_rival(
        self, chosen: DeliveryFilter | None, speed: DeliverySpeed | None, counts: bool
    ) -> None:
        terms = product(delivery_filter=chosen)
        seen = rival_price([ours(12000), rival(11000, OTHER, delivery=speed), rival(11800)], terms)
        assert seen == (1100000 if counts else 1180000)

    @pytest.mark.parametrize(
        ("our_speed", "counts"),
        [(DeliverySpeed.TODAY, False), (DeliverySpeed.TILL_3_DAYS, True), (None, True)],
    )
    def test_same_or_faster_measures_against_our_own_delivery(
        self, our_speed: DeliverySpeed | None, counts: bool
    ) -> None:
        terms = product(delivery_filter=DeliveryFilter.SAME_OR_FASTER)
        slow = rival(11000, OTHER, delivery=DeliverySpeed.TILL_3_DAYS)
        seen = rival_price([ours(12000, delivery=our_speed), slow, rival(11800)], terms)
        assert seen == (1100000 if counts else 1180000)

    def test_same_or_faster_drops_nobody_while_our_offer_is_unread(self) -> None:
        terms = product(delivery_filter=DeliveryFilter.SAME_OR_FASTER)
        seen = market(rival(11000, delivery=DeliverySpeed.OTHER), total=99)
        assert rival_price(seen, terms) == 1100000

    @pytest.mark.parametrize(
        ("filters", "offer", "counts"),
        [
            (RivalFilters(ignore_preorder=True), {"preorder_days": 3}, False),
            (RivalFilters(ignore_preorder=False), {"preorder_days": 3}, True),
            (RivalFilters(), {"preorder_days": 3}, True),
            (RivalFilters(min_rating=4.0), {"rating": 3.9}, False),
            (RivalFilters(min_rating=4.0), {"rating": 4.0}, True),
            (RivalFilters(min_rating=4.0), {"rating": None}, True),
            (RivalFilters(min_reviews=10), {"reviews": 9}, False),
            (RivalFilters(min_reviews=10), {"reviews": 10}, True),
            (RivalFilters(min_reviews=10), {"reviews": None}, False),
        ],
    )
    def test_the_sellers_filters_drop_rivals(
        self, filters: RivalFilters, offer: dict[str, Any], counts: bool
    ) -> None:
        terms = product(rival_filters=filters)
        good = rival(11800, reviews=500, rating=5.0)
        seen = rival_price([ours(12000), rival(11000, OTHER, **offer), good], terms)
        assert seen == (1100000 if counts else 1180000)

    def test_the_products_filters_lie_over_the_stores_key_by_key(self) -> None:
        shop = RivalFilters.from_json({"min_rating": 4, "min_reviews": 10, "ignore_preorder": True})
        own = RivalFilters.from_json({"min_rating": 3.5, "ignore_preorder": False})
        merged = RivalFilters.merged(shop, own)
        assert merged == RivalFilters(3.5, 10, ignore_preorder=False)

    def test_filters_survive_json(self) -> None:
        filters = RivalFilters(4.5, 3, ignore_preorder=True, only_merchants=frozenset({"1", "2"}))
        assert RivalFilters.from_json(filters.to_json()) == filters
        assert RivalFilters.from_json(None) == RivalFilters.from_json({}) == RivalFilters()


class TestPlace:
    def test_the_place_is_one_more_than_the_rivals_strictly_cheaper(self) -> None:
        decision = choose([rival(11000), rival(11500, OTHER), ours(12000), rival(13000, "3")])
        assert decision.place == 3

    def test_a_rival_at_our_price_does_not_take_our_place(self) -> None:
        decision = choose([rival(12000), ours(12000)])
        assert decision.place == 1

    def test_a_rival_at_our_price_is_still_undercut(self) -> None:
        decision = choose([rival(12000), ours(12000)])
        assert (decision.reason, decision.target) == (Reason.UNDERCUT, tenge(11999))

    def test_those_the_filters_drop_take_no_place(self) -> None:
        shop = store(excluded_merchant_ids=frozenset({OTHER}))
        decision = choose([rival(9000, OTHER), ours(12000), rival(13000)], shop=shop)
        assert decision.place == 1

    def test_a_rival_with_two_cheaper_offers_takes_one_place(self) -> None:
        decision = choose([rival(11000), rival(11500), ours(12000)])
        assert (decision.place, decision.rivals_count) == (2, 1)

    def test_a_slow_cheap_offer_does_not_hide_the_same_rivals_fast_one(self) -> None:
        terms = product(delivery_filter=DeliveryFilter.TODAY_TOMORROW)
        slow = rival(10000, delivery=DeliverySpeed.OTHER)
        fast = rival(11000, delivery=DeliverySpeed.TODAY)
        assert rival_price([slow, fast, ours(12000)], terms) == 1100000


class TestOrder:
    def test_the_order_of_offers_does_not_matter_even_for_equal_prices(self) -> None:
        offers = [rival(11000, "3", name="В"), rival(11000, "1", name="А"), ours(12000)]
        assert choose(offers) == choose(offers[::-1])

    def test_own_offers_of_equal_price_give_one_answer(self) -> None:
        terms = product(Strategy.STANDARD, delivery_filter=DeliveryFilter.SAME_OR_FASTER)
        offers = [
            ours(12000, delivery=DeliverySpeed.TODAY),
            ours(12000, delivery=DeliverySpeed.OTHER),
            rival(11000, delivery=DeliverySpeed.TILL_5_DAYS),
        ]
        assert choose(offers, terms) == choose(offers[::-1], terms)

    def test_our_merchant_id_is_ours_alone(self) -> None:
        assert rival_price([ours(12000), rival(11000, US, merchant_sku="zzz")]) is None
