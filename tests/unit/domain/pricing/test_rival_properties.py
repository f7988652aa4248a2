"""Who may set our price, for any market and any rules of the seller."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import T0, US
from unit.domain.pricing.pricing_questions import (
    Question,
    filters,
    many,
    markets,
    merchants,
    prices,
    products,
    questions,
    stores,
)

from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.pricing.rivals import View, view_of
from cube_demper.domain.pricing.rules import decide
from cube_demper.domain.pricing.schemas import (
    DeliveryFilter,
    ProductTerms,
    RivalFilters,
    StoreTerms,
)

_SLOWER = [
    DeliveryFilter.TODAY_TOMORROW,
    DeliveryFilter.TILL_3_DAYS,
    DeliveryFilter.TILL_5_DAYS,
    None,
]
_LIMITS = {
    DeliveryFilter.TODAY_TOMORROW: DeliverySpeed.TOMORROW,
    DeliveryFilter.TILL_3_DAYS: DeliverySpeed.TILL_3_DAYS,
    DeliveryFilter.TILL_5_DAYS: DeliverySpeed.TILL_5_DAYS,
}
others = merchants.filter(lambda merchant: merchant != US)


@st.composite
def loosened(draw: st.DrawFn, product: ProductTerms) -> ProductTerms:
    """Loosen some of a product's rules."""
    kept = product.rival_filters
    rating, reviews, only = kept.min_rating, kept.min_reviews, kept.only_merchants
    if rating is not None:
        rating = draw(st.none() | st.floats(0, rating))
    if reviews is not None:
        reviews = draw(st.none() | st.integers(0, reviews))
    if only:
        only = draw(st.just(frozenset()) | st.frozensets(merchants).map(lambda more: only | more))
    dropped = draw(st.frozensets(merchants))
    speed = product.delivery_filter
    if speed in _SLOWER:
        speed = draw(st.sampled_from(_SLOWER[_SLOWER.index(speed) :]))
    elif draw(st.booleans()):
        speed = None
    looser = RivalFilters(
        min_rating=rating,
        min_reviews=reviews,
        ignore_preorder=kept.ignore_preorder and draw(st.booleans()),
        only_merchants=only,
        excluded_merchants=kept.excluded_merchants - dropped,
    )
    return replace(product, rival_filters=looser, delivery_filter=speed)


strict_and_loose = products.flatmap(lambda it: st.tuples(st.just(it), loosened(it)))


def _ids(view: View) -> list[str]:
    return [rival.merchant_id for rival in view.rivals]


@many
@given(questions, others, st.sampled_from(["store", "product", "own"]), st.lists(prices))
def test_what_an_excluded_merchant_or_an_own_store_asks_changes_nothing(
    question: Question, merchant: str, how: str, new_prices: list[int]
) -> None:
    market, product, store, memory, floor = question
    if how == "store":
        store = replace(store, excluded_merchant_ids=store.excluded_merchant_ids | {merchant})
    elif how == "own":
        store = replace(store, own_merchant_ids=store.own_merchant_ids | {merchant})
    else:
        kept = product.rival_filters
        left_out = kept.excluded_merchants | {merchant}
        product = replace(product, rival_filters=replace(kept, excluded_merchants=left_out))
    theirs = iter(new_prices)
    moved = [
        replace(offer, price=next(theirs, 100)) if offer.merchant_id == merchant else offer
        for offer in market.offers
    ]
    before = decide(market, product, store, memory, floor, T0)
    after = decide(replace(market, offers=tuple(moved)), product, store, memory, floor, T0)
    assert after == before
    assert before.rival is None or before.rival.merchant_id != merchant


@many
@given(markets, products, stores)
def test_every_rival_keeps_every_rule_and_counts_once(
    market: Market, product: ProductTerms, store: StoreTerms
) -> None:
    view, rules = view_of(market, product, store), product.rival_filters
    nobody = {US} | store.own_merchant_ids | store.excluded_merchant_ids | rules.excluded_merchants
    assert len(set(_ids(view))) == len(view.rivals)
    assert [it.price for it in view.rivals] == sorted(it.price for it in view.rivals)
    for rival in view.rivals:
        assert rival.merchant_id not in nobody
        assert not rules.only_merchants or rival.merchant_id in rules.only_merchants
        assert rival.rating is None or rival.rating >= (rules.min_rating or 0)
        assert (rival.reviews or 0) >= (rules.min_reviews or 0)
        assert not rules.ignore_preorder or rival.preorder_days == 0
        assert _is_fast_enough(rival, product.delivery_filter, view.own)


def _is_fast_enough(rival: Offer, chosen: DeliveryFilter | None, own: Offer | None) -> bool:
    limit = _LIMITS.get(chosen) if chosen else None
    if chosen is DeliveryFilter.SAME_OR_FASTER and own is not None:
        limit = own.delivery
    return limit is None or rival.delivery is None or rival.delivery <= limit


@many
@given(markets, strict_and_loose, stores)
def test_a_looser_rule_never_loses_a_rival_nor_makes_one_dearer(
    market: Market, terms: tuple[ProductTerms, ProductTerms], store: StoreTerms
) -> None:
    strict, loose = (view_of(market, it, store) for it in terms)
    assert set(_ids(strict)) <= set(_ids(loose))
    for rival in strict.rivals:
        found = loose.rival_by_id(rival.merchant_id)
        assert found is not None
        assert found.price <= rival.price


@many
@given(markets, strict_and_loose, stores, prices)
def test_a_looser_rule_never_betters_our_place(
    market: Market, terms: tuple[ProductTerms, ProductTerms], store: StoreTerms, price: int
) -> None:
    strict, loose = (view_of(market, it, store) for it in terms)
    assert strict.place_of(price) <= loose.place_of(price)


@many
@given(questions, filters, st.none() | st.sampled_from(DeliveryFilter))
def test_no_rule_takes_a_price_out_of_its_bounds_nor_moves_the_bounds(
    question: Question, rules: RivalFilters, speed: DeliveryFilter | None
) -> None:
    market, product, store, memory, floor = question
    other = replace(product, rival_filters=rules, delivery_filter=speed)
    before = decide(market, product, store, memory, floor, T0)
    after = decide(market, other, store, memory, floor, T0)
    assert (after.floor, after.cap) == (before.floor, before.cap)
    if after.target is not None:
        assert after.floor is not None
        assert after.cap is not None
        assert after.floor <= after.target <= after.cap


@many
@given(filters, filters, filters)
def test_rules_of_store_and_product_lie_one_over_the_other_and_survive_the_column(
    store: RivalFilters, product: RivalFilters, third: RivalFilters
) -> None:
    merged = RivalFilters.merged
    assert merged(store, RivalFilters()) == merged(RivalFilters(), store) == store
    assert merged(merged(store, product), third) == merged(store, merged(product, third))
    both = merged(store, product)
    assert both.excluded_merchants == store.excluded_merchants | product.excluded_merchants
    assert RivalFilters.from_json(both.to_json()) == both
