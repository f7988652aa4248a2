"""Prices that reach a goal, held against every price tried one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.economics.economics_cases import TENGE, costs, shares, terms

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.cutting import weigh_cut
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.solving import (
    BREAK_EVEN,
    LEAST_LEFT,
    Goal,
    PriceRange,
    Reach,
    left_of_a_tenge,
    prices_reaching,
)
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.economics.terms import WHOLE, DeliveryStep, TaxBase, Terms
from cube_demper.domain.rates import shipped

TARIFFS = Tariffs(shipped.load())
MOST_TRIED = 3_000
"""Tenge; costs and fees of the cases are such that most answers lie below."""
goals = st.one_of(
    st.just(BREAK_EVEN),
    st.builds(Goal, profit=st.integers(0, 200 * TENGE)),
    st.builds(Goal, margin=shares(60)),
)
KASPI = Terms(
    commission=125_000,
    tax=40_000,
    delivery=(
        DeliveryStep(0, 5_684),
        DeliveryStep(100_000, 17_284),
        DeliveryStep(300_000, 23_084),
        DeliveryStep(500_000, 92_684),
        DeliveryStep(1_000_000, 150_684),
    ),
)


def _reaching(case: Terms, cost: int, goal: Goal, most: int = MOST_TRIED) -> list[int]:
    return [
        price
        for price in range(TENGE, (most + 1) * TENGE, TENGE)
        if goal.surplus(price, profit_of(case, price, cost)) >= 0
    ]


@given(terms(), costs, goals)
@settings(deadline=None, max_examples=200)
def test_it_is_what_trying_every_price_finds(case: Terms, cost: int, goal: Goal) -> None:
    reach = prices_reaching(case, cost, goal)
    if left_of_a_tenge(case) - Fraction(goal.margin, WHOLE) < LEAST_LEFT:
        assert reach == Reach(None)
        return
    tried = _reaching(case, cost, goal)
    most = MOST_TRIED * TENGE
    if tried:
        assert reach.lowest == tried[0]
    else:
        assert reach.lowest is None or reach.lowest > most
    listed = {
        price
        for it in reach.ranges
        for price in range(it.from_, min(it.upto or most, most) + 1, TENGE)
    }
    assert listed <= set(tried)
    if reach.safe is not None and reach.safe <= most:
        assert (reach.safe - TENGE) not in tried
        assert {price for price in tried if price >= reach.safe} == set(
            range(reach.safe, most + 1, TENGE)
        )


@given(terms(), costs, goals)
@settings(deadline=None)
def test_far_from_the_cheap_steps_it_holds_too(case: Terms, cost: int, goal: Goal) -> None:
    dear = cost * 7_919
    reach = prices_reaching(case, dear, goal)
    if reach.safe is None:
        return
    for price in (reach.safe, reach.safe + TENGE, reach.safe * 2):
        assert goal.surplus(price, profit_of(case, price, dear)) >= 0
    below = reach.safe - TENGE
    assert below == 0 or goal.surplus(below, profit_of(case, below, dear)) < 0


def test_just_under_a_step_a_price_may_earn_what_a_dearer_one_loses() -> None:
    """4 999 ₸ pays 230.84 for delivery, 5 000 ₸ pays 926.84."""
    reach = prices_reaching(KASPI, 380_000)
    assert reach.ranges == (PriceRange(482_800, 499_900), PriceRange(566_100, None))
    assert (reach.lowest, reach.safe) == (482_800, 566_100)
    assert profit_of(KASPI, 500_000, 380_000) < 0 <= profit_of(KASPI, 499_900, 380_000)


@given(
    regime=st.sampled_from(Regime),
    delivery=st.sampled_from(Delivery),
    weight=st.integers(1, 30_000),
    cost=st.integers(1, 5_000).map(lambda tenge: tenge * TENGE),
    margin=st.sampled_from([0, 50_000, 100_000, 250_000]),
)
@settings(deadline=None, max_examples=30)
def test_with_the_tables_of_kaspi_too(
    *, regime: Regime, delivery: Delivery, weight: int, cost: int, margin: int
) -> None:
    conditions = Conditions(
        on=date(2026, 11, 27),
        regime=regime,
        category=("Бытовая техника",),
        delivery=delivery,
        weight_g=weight,
        is_vat_payer=regime is Regime.TOO_GENERAL,
        returns_percent=Decimal(3),
        packaging=15_000,
        own_delivery=80_000,
    )
    case, goal = TARIFFS.of(conditions).terms, Goal(margin=margin)
    reach, tried = prices_reaching(case, cost, goal), _reaching(case, cost, goal, most=25_000)
    assert reach.lowest == tried[0]
    misses = set(range(TENGE, tried[-1] + 1, TENGE)) - set(tried)
    assert reach.safe == max(misses, default=0) + TENGE


def test_ranges_that_touch_are_one() -> None:
    """A step so small that its first tenge already earns: there is no gap to speak of."""
    case = replace(KASPI, delivery=(DeliveryStep(0, 1_000), DeliveryStep(500_000, 2_000)))
    reach = prices_reaching(case, 300_000)
    assert len(reach.ranges) == 1
    assert reach.lowest == reach.safe


def test_percentages_that_eat_the_price_reach_nothing() -> None:
    case = replace(KASPI, bonus=500_000, advertising_share=400_000)
    assert prices_reaching(case, 100) == Reach(None)
    assert prices_reaching(KASPI, 100, Goal(margin=840_000)) == Reach(None)


def test_a_wanted_margin_of_profit_after_tax() -> None:
    company = replace(KASPI, tax=200_000, tax_base=TaxBase.PROFIT)
    reach = prices_reaching(company, 2_000_000, Goal(margin=100_000))
    assert reach.lowest is not None
    here, below = (
        Fraction(profit_of(company, price, 2_000_000), price)
        for price in (reach.lowest, reach.lowest - TENGE)
    )
    assert below < Fraction(1, 10) <= here


@given(terms(), costs, st.integers(2, 2_000), st.integers(1, 500), st.data())
@settings(deadline=None)
def test_a_cut_pays_for_itself_from_the_first_piece_that_does(
    case: Terms, cost: int, old: int, pieces: int, data: st.DataObject
) -> None:
    new = data.draw(st.integers(1, old - 1))
    before, after = (profit_of(case, price * TENGE, cost) for price in (old, new))
    if before <= 0:
        with pytest.raises(InvalidInput):
            weigh_cut(case, cost, old_price=old * TENGE, new_price=new * TENGE, pieces=pieces)
        return
    cut = weigh_cut(case, cost, old_price=old * TENGE, new_price=new * TENGE, pieces=pieces)
    if after <= 0:
        assert cut.pieces_needed is None
        assert cut.growth is None
        return
    assert cut.pieces_needed is not None
    assert after * cut.pieces_needed >= before * pieces > after * (cut.pieces_needed - 1)


def test_a_cut_says_whether_the_stock_is_enough() -> None:
    case = Terms(commission=100_000)
    cut = weigh_cut(case, 50_000, old_price=100_000, new_price=90_000, pieces=10, stock=12)
    assert (cut.old_profit, cut.new_profit, cut.pieces_needed) == (40_000, 31_000, 13)
    assert cut.is_in_stock is False
    assert cut.growth == Fraction(3, 10)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"new_price": 100_000}, "new_price"),
        ({"new_price": 0}, "new_price"),
        ({"pieces": 0}, "pieces"),
    ],
)
def test_a_cut_that_is_none_is_refused(changed: dict[str, int], field: str) -> None:
    given_ = {"old_price": 100_000, "new_price": 90_000, "pieces": 1} | changed
    with pytest.raises(InvalidInput) as refusal:
        weigh_cut(Terms(), 1_000, **given_)
    assert refusal.value.field == field
