"""One sale settled: worked examples, and what holds for every sale."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.economics.economics_cases import TENGE, costs, terms

from cube_demper.domain.economics.settling import profit_of, settle
from cube_demper.domain.economics.terms import (
    WHOLE,
    DeliveryStep,
    TaxBase,
    Terms,
    millionths,
    share,
    within,
)

SIMPLIFIED = Terms(
    commission=125_000,
    commission_untaxed=9_500,
    packaging=15_000,
    delivery=(DeliveryStep(0, 5_684), DeliveryStep(1_000_000, 127_484)),
    tax=40_000,
)
PRICE, COST = 2_000_000, 1_200_000
prices = st.integers(1, 2_000).map(lambda tenge: tenge * TENGE)


def test_a_sale_on_the_simplified_regime() -> None:
    """20 000 ₸: 12.5 % is 2 500, delivery 1 099 × 1.16, packaging 150, 4 % of the turnover is 800."""
    sale = settle(SIMPLIFIED, PRICE, COST)
    assert (sale.commission, sale.delivery, sale.tax) == (250_000, 127_484, 80_000)
    assert sale.profit == 2_000_000 - 1_200_000 - 250_000 - 127_484 - 15_000 - 80_000 == 327_516


def test_a_company_that_pays_vat() -> None:
    """VAT is taken out of the price and of what was bought with it; 20 % of the rest is the tax."""
    company = replace(
        SIMPLIFIED,
        vat=160_000,
        cost_vat=160_000,
        delivery_vat=160_000,
        tax=200_000,
        tax_base=TaxBase.PROFIT,
    )
    sale = settle(company, PRICE, COST)
    assert sale.vat_out == 275_862  # 20 000 × 16/116
    # 12 000 × 16/116, (2 500 − 190) × 16/116, 1 274.84 × 16/116
    assert sale.vat_in == 165_517 + 31_862 + 17_584
    assert sale.before_tax == 407_516 - 275_862 + 214_963
    assert sale.tax == 69_323
    assert sale.profit == 277_294


def test_a_tenth_returned_burdens_nine_kept_sales() -> None:
    returned = replace(SIMPLIFIED, returns=100_000, return_loss=300_000)
    sale = settle(returned, PRICE, COST)
    # Delivery 1 274.84 / 9 = 141.65; packaging 150 and 30 % of 12 000, together / 9 = 416.67.
    assert sale.returns == 14_165 + 41_667


def test_a_cost_without_papers_is_taxed_as_profit() -> None:
    owner = Terms(tax=100_000, tax_base=TaxBase.PROFIT)
    assert settle(owner, 100_000, 60_000).tax == 4_000
    assert settle(replace(owner, is_cost_deductible=False), 100_000, 60_000).tax == 10_000


def test_a_loss_bears_no_tax_on_profit_and_all_of_it_on_turnover() -> None:
    assert settle(Terms(tax=200_000, tax_base=TaxBase.PROFIT), 100_000, 150_000).tax == 0
    assert settle(Terms(tax=40_000), 100_000, 150_000).profit == -54_000


def test_each_sum_is_rounded_half_up() -> None:
    assert [share(amount, 125_000) for amount in (3, 4, 12, 20)] == [0, 1, 2, 3]
    assert within(11_600, 160_000) == 1_600
    assert within(100, 0) == 0


def test_a_percentage_is_exact_or_refused() -> None:
    assert millionths(Decimal("0.95")) == 9_500
    with pytest.raises(ValueError, match="four decimals"):
        millionths(Decimal("0.00001"))


@pytest.mark.parametrize("starts", [(), (100,), (0, 200, 200), (0, 300, 200)])
def test_steps_of_delivery_begin_at_nothing_and_rise(starts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        Terms(delivery=tuple(DeliveryStep(start, 0) for start in starts))


@given(terms(), prices, costs)
@settings(deadline=None)
def test_nothing_of_the_price_is_lost(case: Terms, price: int, cost: int) -> None:
    sale = settle(case, price, cost)
    taken = sum(sale[1:10]) + sale.vat_out - sale.vat_in + sale.tax
    assert price == taken + sale.profit
    assert all(amount >= 0 for name, amount in sale._asdict().items() if name not in _SIGNED)


@given(terms(), prices, costs)
@settings(deadline=None)
def test_it_is_the_exact_sum_to_a_few_tiyn(case: Terms, price: int, cost: int) -> None:
    assert abs(settle(case, price, cost).profit - _exact(case, price, cost)) < 10


@given(terms(), prices, costs, st.integers(1, 10_000))
@settings(deadline=None, max_examples=50)
def test_a_dearer_purchase_never_leaves_more(case: Terms, price: int, cost: int, more: int) -> None:
    assert profit_of(case, price, cost + more) <= profit_of(case, price, cost)


_SIGNED = {"before_tax", "profit"}


def _exact(case: Terms, price: int, cost: int) -> Fraction:
    """The same without a rounding, written anew from the papers."""
    part = Fraction(1, WHOLE)
    fee = case.delivery_fee(price)
    kaspi = price * part * case.commission
    back = Fraction(case.returns, WHOLE - case.returns)
    lost = (case.packaging + cost * part * case.return_loss) * back
    spent = kaspi + fee * (1 + back) + lost + case.packaging + case.other + case.advertising
    spent += price * part * (case.surcharge + case.bonus + case.advertising_share)
    vat = Fraction(0)
    if case.vat:
        taxed = kaspi - price * part * case.commission_untaxed
        vat = (price - taxed) * Fraction(case.vat, WHOLE + case.vat)
        vat -= cost * Fraction(case.cost_vat, WHOLE + case.cost_vat)
        vat -= fee * (1 + back) * Fraction(case.delivery_vat, WHOLE + case.delivery_vat)
    before = price - cost - spent - vat
    taxable = Fraction(price)
    if case.tax_base is TaxBase.PROFIT:
        taxable = max(Fraction(0), before + (0 if case.is_cost_deductible else cost))
    return before - taxable * part * case.tax
