from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.calculators.reading import check_case
from cube_demper.domain.economics.conditions import Delivery
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.study import Study, study
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.economics.unit_case import UnitCase
from cube_demper.domain.rates import shipped

TARIFFS = Tariffs(shipped.load())
SALE: dict[str, Any] = {
    "price": "20000",
    "cost": "12000",
    "category": ["Телефоны и гаджеты", "Смартфоны"],
    "regime": "ip_simplified",
    "on": "2026-11-27",
    "weight_kg": "0.5",
}


def studied(**changes: Any) -> Study:
    given_ = {name: it for name, it in (SALE | changes).items() if it is not None}
    return study(check_case(UnitCase, given_), TARIFFS)


def test_the_chosen_delivery_is_the_calculation_itself() -> None:
    found = studied(delivery="express")
    at = list(Delivery).index(Delivery.EXPRESS)
    assert found.deliveries[at].calculation is not None
    assert found.deliveries[at].calculation.profit == found.calculation.profit


def test_what_a_delivery_needs_is_said_and_the_others_stand() -> None:
    found = dict(zip(Delivery, studied(delivery="pickup", weight_kg=None).deliveries, strict=True))
    assert found[Delivery.PICKUP].calculation
    assert found[Delivery.CITY].calculation is None
    assert "вес" in found[Delivery.CITY].problem
    assert "своя доставка" in found[Delivery.OWN].problem


def test_a_missing_cost_leaves_no_profit_and_no_curve() -> None:
    found = studied(cost=None)
    assert found.calculation.profit is None
    assert found.curve is None
    assert all(it.calculation is None or it.calculation.profit is None for it in found.deliveries)


def test_the_next_year_says_that_the_tables_have_no_later_rows() -> None:
    year = studied().next_year
    assert year.on == date(2027, 1, 1)
    assert year.variant.calculation
    assert not year.has_news
    assert not any(it.is_new or it.is_other for it in year.figures)


def test_the_next_year_shows_other_figures() -> None:
    """2025 → 2026: the simplified tax went from 3 to 4 %; Almaty's own 3 % ends with 2026."""
    own = {"delivery": "own", "own_delivery": "500"}  # Kaspi's own is known from 2026 on
    year = studied(on="2025-11-27", **own).next_year
    (tax,) = [it for it in year.figures if it.now.code == "tax"]
    assert (tax.now.value, tax.later and tax.later.value) == ("3\u00a0%", "4\u00a0%")
    assert (tax.is_new, tax.is_other, year.has_news) == (True, True, True)
    almaty = studied(region="Алматы").next_year
    (tax,) = [it for it in almaty.figures if it.now.code == "tax"]
    assert (tax.is_other, tax.later and tax.later.confidence.is_sure) == (True, False)


@settings(deadline=None, max_examples=60)
@given(
    price=st.integers(100, 2_000_000),
    cost=st.integers(0, 2_000_000),
    delivery=st.sampled_from(["city", "kazakhstan", "express", "pickup"]),
    margin=st.none() | st.integers(0, 60),
)
def test_every_point_of_the_curve_is_the_engines(
    price: int, cost: int, delivery: str, margin: int | None
) -> None:
    found = studied(
        price=str(price), cost=str(cost), delivery=delivery, wanted_margin_percent=margin
    )
    curve, terms = found.curve, TARIFFS.of(found.case.conditions()).terms
    assert curve
    assert list(curve.prices) == sorted(set(curve.prices))
    assert found.calculation.price in curve.prices
    assert len(curve.prices) <= 130
    for at, profit in zip(curve.prices, curve.profits, strict=True):
        assert at > 0
        assert at % 100 == 0
        assert profit == profit_of(terms, at, cost * 100)


@pytest.mark.parametrize("price", ["1", "100000000"])
def test_extreme_prices_have_a_curve(price: str) -> None:
    assert studied(price=price, cost="0").curve
