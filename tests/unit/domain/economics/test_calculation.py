"""Whole calculations with the shipped tables: each figure is one that the papers print."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.calculation import Calculation, calculate, compare
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.floors import Floor, NoFloor, suggest_floor
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.economics.steps import StepCode
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import FigureCode
from cube_demper.domain.rates.tables import Confidence

TARIFFS = Tariffs(shipped.load())
KASPI_TABLE = Path("/work/shared/data/kaspi_commissions_2026.csv")
TODAY = date(2026, 11, 27)
SIMPLE = Conditions(
    on=TODAY, regime=Regime.IP_SIMPLIFIED, category=("Бытовая техника",), weight_g=3_000
)
PRICE, COST = 2_000_000, 1_200_000
TEN_PERCENT = Goal(margin=100_000)


def steps(done: Calculation) -> dict[StepCode, int | None]:
    return {step.code: step.amount for step in done.steps}


def test_a_sale_of_today_on_the_simplified_regime() -> None:
    """12.5 %, 1 099 ₸ and VAT, 4 % of the turnover (Tax Code 2026, art. 726)."""
    done = calculate(SIMPLE, PRICE, COST, TARIFFS)
    assert steps(done) == {
        StepCode.PRICE: 2_000_000,
        StepCode.COST: -1_200_000,
        StepCode.COMMISSION: -250_000,
        StepCode.DELIVERY: -127_484,
        StepCode.TAX: -80_000,
        StepCode.PROFIT: 342_516,
    }
    assert (done.margin, done.roi) == (Decimal("17.13"), Decimal("28.54"))
    sure = {figure.code: figure.confidence for figure in done.figures}
    assert sure[FigureCode.COMMISSION] is Confidence.HIGH
    assert done.confidence is Confidence.MEDIUM_HIGH is sure[FigureCode.DELIVERY]


@pytest.mark.parametrize(
    ("on", "tax", "commission"),
    [
        (date(2025, 12, 31), 60_000, 240_000),
        (date(2026, 1, 1), 80_000, 240_000),
        (date(2026, 1, 5), 80_000, 250_000),
    ],
)
def test_figures_follow_the_day(on: date, tax: int, commission: int) -> None:
    """3 % became 4 % on 1 January 2026, Kaspi's 12 % became 12.5 % on the 5th."""
    conditions = replace(SIMPLE, on=on, delivery=Delivery.PICKUP)
    done = steps(calculate(conditions, PRICE, COST, TARIFFS))
    assert (done[StepCode.TAX], done[StepCode.COMMISSION]) == (-tax, -commission)


@pytest.mark.parametrize(
    ("regime", "top", "tax"),
    [
        (Regime.IP_GENERAL, False, 42_252),  # 10 % of 4 225.16
        (Regime.IP_GENERAL, True, 63_377),  # 15 % above 230 000 МРП (art. 363)
        (Regime.TOO_GENERAL, False, 84_503),  # 20 %
    ],
)
def test_the_general_regimes_tax_the_profit(regime: Regime, top: bool, tax: int) -> None:
    conditions = replace(SIMPLE, regime=regime, is_top_rate=top, delivery=Delivery.CITY)
    done = steps(calculate(conditions, PRICE, COST, TARIFFS))
    # 20 000 − 12 000 − 2 500 − 1 274.84 = 4 225.16
    assert done[StepCode.TAX] == -tax


def test_a_region_has_its_own_rate() -> None:
    done = calculate(replace(SIMPLE, region="Алматы"), PRICE, COST, TARIFFS)
    assert steps(done)[StepCode.TAX] == -60_000
    own = calculate(replace(SIMPLE, tax_percent=Decimal(2)), PRICE, COST, TARIFFS)
    assert steps(own)[StepCode.TAX] == -40_000
    assert {it.source for it in own.figures if it.code is FigureCode.TAX} == {"Указано вами"}


def test_kaspi_pay_is_inside_the_commission_unless_asked_otherwise() -> None:
    on_top = replace(SIMPLE, is_kaspi_pay_on_top=True)
    assert steps(calculate(on_top, PRICE, COST, TARIFFS))[StepCode.COMMISSION] == -269_000


def test_the_vat_of_kaspi_is_that_of_its_untaxed_rate() -> None:
    """10.9 % without VAT is 0.95 % of Kaspi Pay and 9.95 % that bear 16 %: 1.592 of 100."""
    conditions = replace(
        SIMPLE,
        regime=Regime.TOO_GENERAL,
        is_vat_payer=True,
        delivery=Delivery.PICKUP,
        weight_g=None,
    )
    done = steps(calculate(conditions, PRICE, COST, TARIFFS))
    assert done[StepCode.VAT_OUT] == -275_862
    # 12.5 % is printed rounded (12.492), hence 1.593 % and not 1.592 %.
    assert done[StepCode.VAT_IN] == 31_862


@pytest.mark.parametrize(
    ("price", "weight", "delivery", "fee"),
    [
        (99_900, 9_000, Delivery.CITY, 5_684),
        (100_000, 9_000, Delivery.CITY, 17_284),
        (299_900, 9_000, Delivery.EXPRESS, 17_284),
        (499_900, 9_000, Delivery.KAZAKHSTAN, 23_084),
        (999_900, 9_000, Delivery.CITY, 81_084),
        (999_900, 9_000, Delivery.KAZAKHSTAN, 92_684),
        (1_000_000, 5_000, Delivery.CITY, 127_484),
        (1_000_000, 5_001, Delivery.CITY, 156_484),
        (1_000_000, 30_000, Delivery.KAZAKHSTAN, 417_484),
        (1_000_000, 100_001, Delivery.EXPRESS, 980_084),
        (1_000_000, 9_000, Delivery.PICKUP, 0),
    ],
)
def test_delivery_is_what_kaspi_prints(
    price: int, weight: int, delivery: Delivery, fee: int
) -> None:
    """KZ_FACTS §1.2, with 16 % of VAT; no price falls between two steps."""
    conditions = replace(SIMPLE, weight_g=weight, delivery=delivery)
    done = steps(calculate(conditions, price, COST, TARIFFS))
    assert done.get(StepCode.DELIVERY, 0) == -fee


@pytest.mark.skipif(not KASPI_TABLE.exists(), reason="Kaspi's table is not on this machine")
def test_commissions_of_thirty_categories_are_those_of_kaspi() -> None:
    with KASPI_TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_rate = {row["commission_percent_with_vat"] for row in rows}
    assert len(by_rate) == 3
    for rate in by_rate:
        of_rate = [row for row in rows if row["commission_percent_with_vat"] == rate]
        for row in of_rate[:: max(1, len(of_rate) // 10)][:10]:
            levels = (row[f"category_l{level}"] for level in range(1, 6))
            path = tuple(name for name in levels if name)
            conditions = replace(SIMPLE, category=path)
            done = steps(calculate(conditions, PRICE, COST, TARIFFS))
            assert done[StepCode.COMMISSION] == -int(Decimal(rate) * 20_000), path


def test_a_missing_cost_is_missing() -> None:
    company = replace(SIMPLE, regime=Regime.TOO_GENERAL, returns_percent=Decimal(5))
    company = replace(company, return_loss_percent=Decimal(30), delivery=Delivery.CITY)
    done = calculate(company, PRICE, None, TARIFFS, goal=Goal())
    assert (done.profit, done.margin, done.roi) == (None, None, None)
    assert (done.break_even, done.wanted) == (None, None)
    told = steps(done)
    assert told[StepCode.COMMISSION] == -250_000
    unknown = {code for code, amount in told.items() if amount is None}
    assert unknown == {StepCode.COST, StepCode.RETURNS, StepCode.TAX, StepCode.PROFIT}


def test_a_free_purchase_is_not_a_missing_one() -> None:
    done = calculate(SIMPLE, PRICE, 0, TARIFFS)
    assert done.profit == 1_542_516
    assert done.roi is None


def test_deliveries_stand_side_by_side() -> None:
    kinds = (Delivery.CITY, Delivery.KAZAKHSTAN, Delivery.PICKUP)
    variants = tuple(replace(SIMPLE, delivery=kind) for kind in kinds)
    profits = [it.profit for it in compare(variants, PRICE, COST, TARIFFS)]
    assert profits == [342_516, 342_516 - 23_200, 342_516 + 127_484]


@given(
    regime=st.sampled_from(Regime),
    delivery=st.sampled_from(Delivery),
    tenge=st.integers(1, 150_000),
    cost=st.integers(1, 100_000),
    weight=st.integers(1, 120_000),
    margin=st.integers(0, 40),
)
@settings(deadline=None)
def test_steps_add_up_and_the_floor_holds(
    *, regime: Regime, delivery: Delivery, tenge: int, cost: int, weight: int, margin: int
) -> None:
    conditions = replace(
        SIMPLE,
        regime=regime,
        delivery=delivery,
        weight_g=weight,
        is_vat_payer=regime is Regime.TOO_GENERAL,
        returns_percent=Decimal(3),
        bonus_percent=Decimal("1.5"),
        own_delivery=50_000,
    )
    goal = Goal(margin=margin * 10_000)
    done = calculate(conditions, tenge * 100, cost * 100, TARIFFS, goal=goal)
    amounts = [step.amount or 0 for step in done.steps if step.code is not StepCode.PROFIT]
    assert sum(amounts) == done.profit
    if done.wanted and done.wanted.safe is not None:
        at = calculate(conditions, done.wanted.safe, cost * 100, TARIFFS)
        assert at.profit is not None
        assert at.profit * 100 >= at.price * margin
    assert {figure for step in done.steps for figure in step.figures} <= {
        figure.code for figure in done.figures
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"category": ()}, "category"),
        ({"weight_g": None}, "weight"),
        ({"weight_g": 0}, "weight"),
        ({"packaging": -1}, "packaging"),
        ({"advertising": 10**11}, "advertising"),
        ({"bonus_percent": Decimal("100.01")}, "bonus_percent"),
        ({"bonus_percent": Decimal("NaN")}, "bonus_percent"),
        ({"returns_percent": Decimal(100)}, "returns_percent"),
        ({"surcharge_percent": Decimal("0.001")}, "surcharge_percent"),
        ({"is_vat_payer": True}, "is_vat_payer"),
        ({"tax_percent": Decimal(7)}, "tax_percent"),
        ({"is_top_rate": True}, "is_top_rate"),
        ({"regime": Regime.TOO_GENERAL, "region": "Алматы"}, "region"),
        ({"cost_vat_percent": Decimal(16), "is_cost_deductible": False}, "cost_vat_percent"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        replace(SIMPLE, **changed)  # type: ignore[arg-type]
    assert refusal.value.field == field


@pytest.mark.parametrize("price", [0, -100, 150, 10**11])
def test_a_price_is_whole_tenge(price: int) -> None:
    with pytest.raises(InvalidInput):
        calculate(SIMPLE, price, COST, TARIFFS)


def test_a_day_outside_of_the_tables_says_where_they_end() -> None:
    with pytest.raises(NoRate, match=r"начинается"):
        calculate(replace(SIMPLE, on=date(2015, 1, 1)), PRICE, COST, TARIFFS)


def test_an_unknown_category_asks() -> None:
    with pytest.raises(NoRate) as refusal:
        calculate(replace(SIMPLE, category=("Смартфоныы",)), PRICE, COST, TARIFFS)
    assert refusal.value.options


def test_a_floor_is_safe_above_a_step_of_delivery() -> None:
    """Bought for 3 300 ₸, 4 804 ₸ leaves 10 %, but 5 000 ₸ pays 580 ₸ more for delivery."""
    floor = suggest_floor(SIMPLE, 330_000, TEN_PERCENT, TARIFFS, min_price=450_000)
    assert isinstance(floor, Floor)
    assert floor.cheaper is not None
    assert floor.cheaper < 500_000 < floor.price
    assert floor.change == floor.price - 450_000
    assert not floor.is_sure
    assert not floor.is_over_cap


def test_no_floor_without_a_cost_or_beyond_reach() -> None:
    assert suggest_floor(SIMPLE, None, TEN_PERCENT, TARIFFS) is NoFloor.COST_MISSING
    greedy = Goal(margin=900_000)
    assert suggest_floor(SIMPLE, 1_000, greedy, TARIFFS) is NoFloor.UNREACHABLE


def test_a_floor_over_the_cap_says_so_and_sure_figures_need_no_word() -> None:
    own = replace(SIMPLE, delivery=Delivery.OWN)
    floor = suggest_floor(own, 1_000_000, TEN_PERCENT, TARIFFS, max_price=1_000_000)
    assert isinstance(floor, Floor)
    assert floor.is_over_cap
    assert floor.is_sure
    assert floor.change is None
