"""One sale looked at from all sides: deliveries beside each other, the next year, profit by price. Pure.

What a side cannot tell (no weight, no row for that day) it says in words; the others stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cube_demper.core.errors import DomainError
from cube_demper.core.money import TIYN_IN_TENGE, ceil_to_tenge, floor_to_tenge
from cube_demper.domain.economics.calculation import Calculation, calculate
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.economics.unit_case import UnitCase
from cube_demper.domain.rates.figures import Figure, FigureCode

_POINTS = 80
_REACH = 5
"""How many times dearer than the price a mark may be and still stand on the plot."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same sale under one other condition; what cannot be told is said in `problem`."""

    conditions: Conditions
    calculation: Calculation | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure now and on the later day; `is_new` tells whether the table has a row of its own for it."""

    now: Figure
    later: Figure | None
    is_new: bool

    @property
    def is_other(self) -> bool:
        """Tell whether the figure itself is another one."""
        return self.later is not None and self.later.value != self.now.value


@dataclass(frozen=True, slots=True)
class NextYear:
    """The same sale on the next 1 January."""

    on: date
    variant: Variant
    figures: tuple[FigureChange, ...]

    @property
    def has_news(self) -> bool:
        """Tell whether any figure is another one, or the same in a later row."""
        return any(it.is_new or it.is_other for it in self.figures)


@dataclass(frozen=True, slots=True)
class Curve:
    """Profit (tiyn) by price (whole tenge in tiyn), with the prices at which goals are reached for good."""

    prices: tuple[int, ...]
    profits: tuple[int, ...]
    break_even: int | None
    wanted: int | None


@dataclass(frozen=True, slots=True)
class Study:
    """Everything about one sale; `curve` is None while the cost is missing."""

    case: UnitCase
    calculation: Calculation
    deliveries: tuple[Variant, ...]
    next_year: NextYear
    curve: Curve | None


def study(case: UnitCase, tariffs: Tariffs) -> Study:
    """Look at a sale from all sides. Raises InvalidInput (a field of the case) and NoRate."""
    conditions, goal = case.conditions(), case.goal()
    done = calculate(conditions, case.price, case.cost, tariffs, goal=goal)
    return Study(
        case,
        done,
        tuple(_delivered(case, conditions, it, tariffs) for it in Delivery),
        _next_year(case, conditions, goal, done, tariffs),
        None if case.cost is None else _curve(case.cost, conditions, done, tariffs),
    )


def _delivered(case: UnitCase, conditions: Conditions, kind: Delivery, tariffs: Tariffs) -> Variant:
    """Count another delivery; one's own at no cost is not a delivery that anybody offers."""
    if kind is Delivery.OWN and not conditions.own_delivery:
        return Variant(conditions, None, "укажите, сколько стоит своя доставка")
    try:
        other = replace(conditions, delivery=kind)
        return Variant(other, calculate(other, case.price, case.cost, tariffs))
    except DomainError as error:
        return Variant(conditions, None, error.message)


def _next_year(
    case: UnitCase, conditions: Conditions, goal: Goal | None, now: Calculation, tariffs: Tariffs
) -> NextYear:
    on = date(conditions.on.year + 1, 1, 1)
    later = replace(conditions, on=on)
    try:
        done = calculate(later, case.price, case.cost, tariffs, goal=goal)
    except DomainError as error:
        return NextYear(on, Variant(later, None, error.message), ())
    changes = _changes(_used(now), _used(done), on.year)
    return NextYear(on, Variant(later, done), changes)


def _used(done: Calculation) -> dict[FigureCode | None, Figure]:
    """Return a figure of each kind, that of the sale's own price first."""
    found: dict[FigureCode | None, Figure] = {}
    for figure in done.figures:
        found.setdefault(figure.code, figure)
    return found


def _changes(
    now: dict[FigureCode | None, Figure], later: dict[FigureCode | None, Figure], year: int
) -> tuple[FigureChange, ...]:
    def is_new(figure: Figure | None) -> bool:
        return bool(figure and figure.valid_from and figure.valid_from >= date(year, 1, 1))

    return tuple(
        FigureChange(figure, later.get(code), is_new(later.get(code)))
        for code, figure in now.items()
    )


def _curve(cost: int, conditions: Conditions, done: Calculation, tariffs: Tariffs) -> Curve:
    terms = tariffs.of(conditions).terms
    break_even = done.break_even.safe if done.break_even else None
    wanted = done.wanted.safe if done.wanted else None
    marks = [it for it in (break_even, wanted) if it is not None and it <= done.price * _REACH]
    prices = _prices(done.price, marks, [it.price_from for it in terms.delivery])
    profits = tuple(profit_of(terms, price, cost) for price in prices)
    return Curve(prices, profits, break_even, wanted)


def _prices(price: int, marks: Sequence[int], steps: Sequence[int]) -> tuple[int, ...]:
    """Choose prices around the sale's own that hold every mark and both sides of each delivery step."""
    low = max(TIYN_IN_TENGE, floor_to_tenge(min(price, *marks, price) * 7 // 10))
    high = floor_to_tenge(max(price, *marks, price) * 13 // 10)
    pace = max(TIYN_IN_TENGE, ceil_to_tenge((high - low) // _POINTS))
    edges = [it for step in steps for it in (step - TIYN_IN_TENGE, step)]
    wanted = {*range(low, high + 1, pace), high, price, *marks, *edges}
    return tuple(sorted(it for it in wanted if low <= it <= high))
