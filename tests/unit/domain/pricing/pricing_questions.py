"""Any question that `decide` may be asked: markets, terms, memories, as hypothesis draws them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import SKU, T0, US

from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.pricing.schemas import (
    LOWEST_PRICE,
    Action,
    AllowedFall,
    DeliveryFilter,
    Fall,
    LastDecision,
    Memory,
    PricePoint,
    ProductTerms,
    Reason,
    Rest,
    RivalFilters,
    StoreTerms,
    Strategy,
    UnconfirmedSend,
)

Question = tuple[Market, ProductTerms, StoreTerms, Memory, int | None]

merchants = st.sampled_from([US, "1", "2", "3", "4", "5", ""])
cyrillic = st.text(st.characters(min_codepoint=0x410, max_codepoint=0x44F), max_size=8)
# Most questions are about small sums, so that prices meet, touch bounds and fall deep; some are wild.
near = st.integers(10, 60).map(lambda n: n * 100) | st.integers(1000, 6000)
prices = near | near | near | st.integers(-200, 10**14)
blank_or_price = st.none() | prices
moments = st.integers(-9000, 600).map(lambda seconds: T0 + timedelta(seconds=seconds))

offers = st.builds(
    Offer,
    merchant_id=merchants,
    merchant_name=cyrillic,
    price=prices,
    merchant_sku=st.sampled_from([None, SKU, "102298404_2"]),
    rating=st.none() | st.floats(0, 5),
    reviews=st.none() | st.integers(0, 50),
    delivery=st.none() | st.sampled_from(DeliverySpeed),
    preorder_days=st.integers(0, 3),
)
our_offers = st.builds(
    Offer, st.just(US), st.just("Мы"), near, st.just(SKU), delivery=st.sampled_from(DeliverySpeed)
)
listings = st.lists(offers, max_size=8)
crowds = st.lists(offers, min_size=2, max_size=8)
markets = st.builds(
    lambda listed, unread, seen_at: Market(
        "102298404", "750000000", tuple(listed), max(len(listed) + unread, 0), seen_at
    ),
    listings
    | st.builds(lambda own, others: [own, *others], our_offers, listings)
    | st.builds(lambda own, others: [own, *others], our_offers, crowds),
    st.sampled_from([0, 0, 0, 5, -3]),
    moments,
)
filters = st.builds(
    RivalFilters,
    min_rating=st.none() | st.floats(0, 5),
    min_reviews=st.none() | st.integers(0, 20),
    ignore_preorder=st.none() | st.booleans(),
    only_merchants=st.frozensets(merchants, max_size=2),
    excluded_merchants=st.frozensets(merchants, max_size=2),
)
low_prices = st.integers(10, 20).map(lambda n: n * 100)
high_prices = st.integers(30, 60).map(lambda n: n * 100)


def products_of(
    lows: st.SearchStrategy[int | None],
    bases: st.SearchStrategy[int | None],
    highs: st.SearchStrategy[int | None],
) -> st.SearchStrategy[ProductTerms]:
    return st.builds(
        ProductTerms,
        kaspi_sku=st.just(SKU),
        city_id=st.just("750000000"),
        cabinet_price=blank_or_price,
        min_price=lows,
        max_price=highs,
        base_price=bases,
        step=st.just(100) | st.integers(-200, 1000),
        strategy=st.sampled_from(Strategy),
        top_n=st.integers(-1, 4),
        delivery_filter=st.none() | st.sampled_from(DeliveryFilter),
        rival_filters=st.just(RivalFilters()) | filters,
    )


products = (
    products_of(low_prices, near, high_prices)
    | products_of(low_prices, near, st.none() | high_prices)
    | products_of(blank_or_price, blank_or_price, blank_or_price)
)
stores = st.builds(
    StoreTerms,
    merchant_id=st.just(US),
    own_merchant_ids=st.frozensets(merchants, max_size=1),
    excluded_merchant_ids=st.frozensets(merchants, max_size=1),
    min_price_allowed=st.just(LOWEST_PRICE) | st.integers(-100, 3000),
    max_fall_percent=st.just(30) | st.integers(0, 100),
)
memories = st.builds(
    Memory,
    window_prices=st.lists(st.tuples(moments, prices), max_size=4).map(
        lambda pairs: tuple(PricePoint(at, price) for at, price in sorted(pairs))
    ),
    falls=st.lists(st.builds(Fall, moments, merchants, prices, prices), max_size=6).map(tuple),
    rest=st.none() | st.none() | st.builds(Rest, prices, moments, merchants, is_back=st.booleans()),
    to_max_since=st.none() | moments,
    last_decision=st.none()
    | st.builds(LastDecision, st.sampled_from(Action), st.sampled_from(Reason), blank_or_price),
    last_send=st.none() | st.builds(UnconfirmedSend, prices, moments, moments),
    allowed_fall=st.none() | st.none() | st.builds(AllowedFall, prices, moments),
)
questions = st.tuples(
    markets, products, stores, st.just(Memory()) | memories, st.none() | low_prices | blank_or_price
)
many = settings(deadline=None, max_examples=150)
