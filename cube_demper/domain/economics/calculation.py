"""A whole calculation of one sale: its steps in words, its figures, the prices that reach a goal. Pure.

A cost that is missing stays missing: what Kaspi and the state take is told, the profit is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cube_demper.domain.economics.conditions import Conditions, check_money, check_price
from cube_demper.domain.economics.settling import settle
from cube_demper.domain.economics.solving import BREAK_EVEN, Goal, Reach, prices_reaching
from cube_demper.domain.economics.steps import Step, steps_of
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.rates.figures import Figure, least_sure
from cube_demper.domain.rates.tables import Confidence

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Calculation:
    """What one sale leaves, tiyn and percent; everything that needs a missing cost is None.

    `steps` go from the price down to the profit, for a waterfall: their amounts add up to it.
    `margin` is of the price, `roi` of what was spent before the sale (purchase, packaging, other).
    """

    price: int
    cost: int | None
    steps: tuple[Step, ...]
    profit: int | None
    margin: Decimal | None
    roi: Decimal | None
    break_even: Reach | None
    wanted: Reach | None
    figures: tuple[Figure, ...]

    @property
    def confidence(self) -> Confidence:
        """Return how sure the least sure figure is."""
        return least_sure(self.figures)


def calculate(
    conditions: Conditions,
    price: int,
    cost: int | None,
    tariffs: Tariffs,
    *,
    goal: Goal | None = None,
) -> Calculation:
    """Calculate one sale with all its explanations.

    Raises InvalidInput (a price or cost that cannot be) and NoRate (the tables do not know).
    """
    check_price(price)
    if cost is not None:
        check_money(cost, "cost")
    tariff = tariffs.of(conditions)
    sale = settle(tariff.terms, price, cost or 0)
    if cost is None:
        figures = tariff.figures_at(price)
        steps = steps_of(conditions, tariff.terms, sale, figures, has_cost=False)
        return Calculation(price, None, steps, None, None, None, None, None, figures)
    break_even = prices_reaching(tariff.terms, cost, BREAK_EVEN)
    wanted = None if goal is None else prices_reaching(tariff.terms, cost, goal)
    figures = tariff.figures_at(price, *_answers(break_even), *_answers(wanted))
    return Calculation(
        price,
        cost,
        steps_of(conditions, tariff.terms, sale, figures, has_cost=True),
        sale.profit,
        percent_of_sum(sale.profit, price),
        percent_of_sum(sale.profit, sale.cost + sale.packaging + sale.other),
        break_even,
        wanted,
        figures,
    )


def compare(
    variants: tuple[Conditions, ...], price: int, cost: int | None, tariffs: Tariffs
) -> tuple[Calculation, ...]:
    """Calculate the same sale under several conditions: deliveries side by side, this year and next."""
    return tuple(calculate(it, price, cost, tariffs) for it in variants)


def percent_of_sum(part: int, whole: int) -> Decimal | None:
    """Return a percentage with two decimals, half away from zero; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _answers(reach: Reach | None) -> list[int]:
    found = (reach.lowest, reach.safe) if reach else ()
    return [price for price in found if price is not None]
