"""What orders left: summed by order and week, gaps counted apart, the bot's effect as a difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.profit_floors import Book, Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms, figure_key
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.shop.parcels import Entry, parcel_of
from cube_demper.domain.economics.shop.sales import sum_up
from cube_demper.domain.rates import shipped

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
STORE = uuid4()
BOOK = Book(shipped.load())
TERMS = {STORE: SaleTerms(regime=Regime.IP_SIMPLIFIED, category=("Утюги",), weight_g=900)}
IRON = Good(700_000)


def entry(revenue: int, *, order: UUID | None = None, **changes: Any) -> Entry:
    given: dict[str, Any] = {
        "order_id": order or uuid4(),
        "at": MONDAY,
        "revenue": revenue,
        "quantity": Decimal(1),
        "store_id": STORE,
        "good": IRON,
        "base_price": None,
        "bot_since": None,
    }
    return Entry(**given | changes)


def left(revenue: int, cost: int) -> int:
    tariff = BOOK.tariff(TERMS[STORE], IRON, date(2026, 11, 23))
    assert not isinstance(tariff, Gap)
    return profit_of(tariff.terms, revenue, cost)


def test_orders_add_up_by_week_and_what_is_not_known_stays_out_of_the_profit() -> None:
    sold = sum_up(
        [
            entry(1_200_000),
            entry(2_400_000, quantity=Decimal(2), at=MONDAY + timedelta(days=6)),
            entry(900_000, good=Good(None), at=MONDAY - timedelta(days=1)),
            entry(500_000, good=None),
        ],
        BOOK,
        TERMS,
    )
    known = left(1_200_000, 700_000) + left(2_400_000, 1_400_000)
    assert (sold.revenue, sold.known_revenue, sold.profit) == (5_000_000, 3_600_000, known)
    before, week = sold.weeks
    assert (before.begins, before.orders, before.margin) == (date(2026, 11, 16), 1, None)
    assert (week.begins, week.orders, week.revenue) == (date(2026, 11, 23), 3, 4_100_000)
    assert week.profit == known


def test_an_order_of_two_entries_is_known_only_when_both_are() -> None:
    order = uuid4()
    sold = sum_up([entry(1_200_000, order=order), entry(1, order=order, good=None)], BOOK, TERMS)
    (one,) = sold.orders
    assert (one.revenue, one.profit, one.margin) == (1_200_001, None, None)


def test_without_conditions_no_profit_is_told() -> None:
    sold = sum_up([entry(1_200_000)], BOOK, {})
    assert (sold.revenue, sold.known_revenue, sold.effect.pieces) == (1_200_000, 0, 0)


def test_the_bots_effect_is_the_difference_to_the_price_before_it() -> None:
    since = MONDAY - timedelta(days=3)
    bot: dict[str, Any] = {"base_price": 1_200_000, "bot_since": since}
    sold = sum_up(
        [
            entry(1_300_000, **bot),
            entry(1_100_000, **bot),
            entry(900_000, at=since - timedelta(days=1), **bot),
        ],
        BOOK,
        TERMS,
    )
    before = left(1_200_000, 700_000)
    effect = sold.effect
    assert effect.pieces == 2
    assert effect.gained == left(1_300_000, 700_000) - before
    assert effect.lost == before - left(1_100_000, 700_000)


def test_orders_settled_by_figures_not_agreed_to_are_an_estimate() -> None:
    sold = [entry(1_200_000)]
    assert not sum_up(sold, BOOK, TERMS).is_sure
    tariff = BOOK.tariff(TERMS[STORE], IRON, date(2026, 11, 23))
    assert not isinstance(tariff, Gap)
    keys = frozenset(figure_key(it) for it in tariff.figures_at(1_200_000))
    agreed = {STORE: replace(TERMS[STORE], agreed=keys)}
    assert sum_up(sold, BOOK, agreed).is_sure
    assert sum_up([entry(1_200_000, good=Good(None))], BOOK, TERMS).is_sure


def test_an_order_pays_for_its_delivery_once() -> None:
    order = uuid4()
    sold = sum_up([entry(1_800_000, order=order), entry(600_000, order=order)], BOOK, TERMS)
    (one,) = sold.orders
    tariff = BOOK.tariff(TERMS[STORE], Good(700_000, weight_g=1_800), date(2026, 11, 23))
    assert not isinstance(tariff, Gap)
    fee = tariff.terms.delivery_fee(2_400_000)
    parts = (fee * 3 // 4, fee - fee * 3 // 4)
    assert one.profit == sum(
        profit_of(tariff.terms, revenue, 700_000, part)
        for revenue, part in zip((1_800_000, 600_000), parts, strict=True)
    )
    assert one.profit > left(1_800_000, 700_000) + left(600_000, 700_000)


def test_what_is_named_a_sale_is_taken_once_an_order() -> None:
    """By hand: 150 + 200 + 50 tenge «на продажу» on an order of 12 000 + 12 000 tenge of IP at 4 %."""
    own = replace(TERMS[STORE], packaging=15_000, advertising=20_000, other=5_000)
    order = uuid4()
    parts = [entry(1_200_000, order=order), entry(1_200_000, order=order)]
    (plain,) = sum_up(parts, BOOK, TERMS).orders
    (burdened,) = sum_up(parts, BOOK, {STORE: own}).orders
    assert plain.profit is not None
    assert burdened.profit == plain.profit - 40_000
    apart = sum_up([entry(1_200_000), entry(1_200_000)], BOOK, {STORE: own})
    free = sum_up([entry(1_200_000), entry(1_200_000)], BOOK, TERMS)
    assert apart.profit == free.profit - 80_000


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_the_parts_of_what_an_order_costs_are_all_of_it(revenues: list[int]) -> None:
    order = uuid4()
    own = replace(TERMS[STORE], packaging=15_001, advertising=9_999, other=7)
    parcel = parcel_of([entry(it, order=order) for it in revenues], BOOK, {STORE: own})
    assert parcel is not None
    of_order = parcel.terms
    for name, whole in (
        ("delivery", of_order.delivery_fee(sum(revenues))),
        ("packaging", 15_001),
        ("advertising", 9_999),
        ("other", 7),
    ):
        parts = [getattr(it, name) for it in parcel.parts]
        assert sum(parts) == whole
        assert min(parts) >= 0
    assert parcel.dearer_by(0) == 0


def test_three_pieces_weigh_as_three() -> None:
    heavy = Good(700_000, weight_g=4_900)
    one, three = (
        parcel_of([entry(3_000_000, good=heavy, quantity=Decimal(it))], BOOK, TERMS)
        for it in (1, 3)
    )
    assert one is not None
    assert three is not None
    assert sum(it.delivery for it in one.parts) < sum(it.delivery for it in three.parts)
