"""What must hold for any market, settings and memory."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import SKU, T0, US

from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.pricing.explain import explain, headline
from cube_demper.domain.pricing.rules import decide, forget, remember, remember_sent
from cube_demper.domain.pricing.schemas import (
    LOWEST_PRICE,
    Action,
    AllowedFall,
    Decision,
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


def ask(question: Question) -> Decision:
    return decide(*question, T0)


@many
@given(questions)
def test_a_sent_price_is_never_under_the_floor_never_over_the_cap(question: Question) -> None:
    _, product, store, _, floor = question
    decision = ask(question)
    if decision.action is Action.CHANGE:
        assert decision.target is not None
        low = product.min_price if (product.min_price or 0) > 0 else product.base_price
        assert low is not None
        assert decision.target >= max(low, floor or 0, store.min_price_allowed)
        if (product.max_price or 0) > 0:
            assert decision.target <= (product.max_price or 0)
        else:
            assert decision.floor is not None
            assert decision.target <= max(product.base_price or 0, decision.floor)


@many
@given(questions)
def test_a_sent_price_is_whole_tenge_and_at_least_ten(question: Question) -> None:
    decision = ask(question)
    if decision.target is not None:
        assert decision.target % 100 == 0
        assert decision.target >= 1000


@many
@given(questions)
def test_the_window_price_is_never_sent(question: Question) -> None:
    decision = ask(question)
    if decision.action is Action.CHANGE:
        assert decision.target != decision.window_price


@many
@given(questions)
def test_an_unconfirmed_price_is_never_sent_again(question: Question) -> None:
    market, _, _, memory, _ = question
    decision, sent = ask(question), memory.last_send
    if decision.action is Action.CHANGE and sent is not None and market.seen_at < sent.wait_until:
        assert decision.target != sent.target


@many
@given(questions)
def test_contradicting_bounds_hold_before_any_other_rule(question: Question) -> None:
    decision = ask(question)
    if decision.floor is not None and decision.cap is not None and decision.floor > decision.cap:
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.FLOOR_OVER_CAP)


@many
@given(questions, st.randoms(use_true_random=False))
def test_the_answer_depends_neither_on_the_order_of_offers_nor_on_anything_untold(
    question: Question, random: object
) -> None:
    market, *rest = question
    shuffled = list(market.offers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = ask(question)
    assert first == ask(question)
    assert first == ask((replace(market, offers=tuple(shuffled)), *rest))  # type: ignore[arg-type]


@many
@given(questions)
def test_no_fall_over_the_limit_without_consent_but_into_the_cap(question: Question) -> None:
    _, _, store, memory, _ = question
    decision = ask(question)
    consent = memory.allowed_fall
    if decision.action is not Action.CHANGE:
        return
    if consent is not None and consent.until > T0 and (decision.target or 0) >= consent.price:
        return
    if decision.is_fall and decision.reason is not Reason.LOWERED_TO_CAP:
        assert decision.target is not None
        assert decision.window_price is not None
        allowed = decision.window_price * (100 - store.max_fall_percent)
        assert decision.target * 100 >= allowed


@many
@given(questions)
def test_a_product_not_on_sale_sends_nothing(question: Question) -> None:
    market, _, store, _, _ = question
    is_there = any(offer.merchant_id == store.merchant_id for offer in market.offers)
    if market.is_complete and not is_there:
        assert ask(question).action is Action.HOLD


@many
@given(questions)
def test_any_decision_is_told_in_russian(question: Question) -> None:
    decision = ask(question)
    for text in (headline(decision), explain(decision)):
        assert text
        assert not re.search(r"[A-Za-z]", text), text


@many
@given(questions)
def test_decision_and_memory_survive_json(question: Question) -> None:
    market, memory, decision = question[0], question[3], ask(question)
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision
    later = remember_sent(remember(memory, market, decision, T0), decision, T0)
    for kept in (memory, later, forget(later)):
        assert Memory.from_json(json.loads(json.dumps(kept.to_json()))) == kept


@many
@given(questions)
def test_memory_stays_small(question: Question) -> None:
    market, _, _, memory, _ = question
    kept = remember(memory, market, ask(question), T0)
    assert len(kept.window_prices) <= len(memory.window_prices) + 1
    assert all(T0 - fall.at <= timedelta(minutes=30) for fall in kept.falls)
    ends = [point.at for point in kept.window_prices[1:]]
    assert all(end > T0 - timedelta(hours=24) for end in ends)
