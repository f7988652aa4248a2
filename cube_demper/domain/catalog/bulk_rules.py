"""What one bulk change does to one product. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import ceil_to_tenge, floor_to_tenge
from cube_demper.domain.catalog.edit_schemas import (
    Base,
    Bound,
    BoundChange,
    BulkChange,
    MarginChange,
    PriorityChange,
    Refusal,
    StepChange,
    StrategyChange,
)
from cube_demper.domain.economics.profit_floors import Gap
from cube_demper.domain.pricing import checks
from cube_demper.domain.pricing.schemas import LOWEST_PRICE

MOST_MARGIN = 90
_GAPS = {
    Gap.TERMS: Refusal.NO_SALE_TERMS,
    Gap.COST: Refusal.COST_UNKNOWN,
    Gap.CATEGORY: Refusal.CATEGORY_UNKNOWN,
    Gap.WEIGHT: Refusal.WEIGHT_UNKNOWN,
    Gap.RATE: Refusal.RATE_UNKNOWN,
    Gap.UNSURE: Refusal.FIGURE_UNSURE,
    Gap.UNREACHABLE: Refusal.MARGIN_UNREACHABLE,
}
Columns = dict[str, Any]


class Changeable(Protocol):
    """What of a product a bulk change looks at."""

    bot_active: bool
    price: int | None
    min_price: int | None
    max_price: int | None
    cost_price: int | None
    is_priority: bool
    price_step_override: int | None
    demping_strategy: str
    strategy_params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Old and new values of the columns that change; neither, when none does or it is refused."""

    old: Columns
    new: Columns
    refusal: Refusal | None = None


def check_change(change: BulkChange) -> None:
    """Refuse a change that suits no product at all. Raises InvalidInput."""
    if isinstance(change, StrategyChange):
        checks.check_strategy(change.strategy)
        if change.top_n is not None:
            checks.check_top_n(change.top_n)
    elif isinstance(change, StepChange):
        if change.step is not None:
            checks.check_step(change.step, field="step")
    elif isinstance(change, BoundChange):
        _check_bound(change)
    elif isinstance(change, MarginChange) and not 0 <= change.percent <= MOST_MARGIN:
        raise InvalidInput(f"Маржа: целое число от 0 до {MOST_MARGIN} %.", field="percent")


def outcome_of(
    product: Changeable, change: BulkChange, by_margin: int | Gap = Gap.TERMS
) -> Outcome:
    """Work out what the change does to one product; `by_margin`: the price that leaves its margin."""
    if isinstance(change, MarginChange):
        return _by_margin(product, change, by_margin)
    if isinstance(change, BoundChange):
        return _bound(product, change)
    if isinstance(change, PriorityChange):
        new: Columns = {"is_priority": change.is_priority}
    elif isinstance(change, StepChange):
        new = {"price_step_override": change.step}
    else:
        rest = {key: value for key, value in product.strategy_params.items() if key != "top_n"}
        params = rest if change.top_n is None else {**rest, "top_n": change.top_n}
        new = {"demping_strategy": change.strategy, "strategy_params": params}
    return _differing(product, new)


def _check_bound(change: BoundChange) -> None:
    if change.percent is not None:
        if not 1 <= change.percent <= 1_000:
            raise InvalidInput("Процент — целое число, например 15.", field="percent")
    elif change.price is None:
        raise InvalidInput("Введите сумму или процент.", field="price")
    else:
        checks.check_bounds(change.price, None)


def _bound(product: Changeable, change: BoundChange) -> Outcome:
    is_min = change.bound is Bound.MIN
    if change.only_blank and getattr(product, change.bound) is not None:
        return Outcome({}, {}, Refusal.HAS_MIN if is_min else Refusal.HAS_MAX)
    price = change.price
    if change.percent is not None:
        base: int | None = getattr(product, change.base)
        if not base:
            of_price = change.base is Base.PRICE
            return Outcome({}, {}, Refusal.PRICE_UNKNOWN if of_price else Refusal.COST_UNKNOWN)
        price = _share(base, change.percent, up=is_min)
    if price is not None and (refusal := _misfit(product, change.bound, price)):
        return Outcome({}, {}, refusal)
    return _differing(product, {change.bound.value: price})


def _by_margin(product: Changeable, change: MarginChange, price: int | Gap) -> Outcome:
    if change.only_blank and product.min_price is not None:
        return Outcome({}, {}, Refusal.HAS_MIN)
    if isinstance(price, Gap):
        return Outcome({}, {}, _GAPS[price])
    if refusal := _misfit(product, Bound.MIN, price):
        return Outcome({}, {}, refusal)
    if change.only_up and product.min_price is not None:
        price = max(price, product.min_price)
    return _differing(product, {Bound.MIN.value: price})


def _share(base: int, percent: int, *, up: bool) -> int:
    """Take a percentage: a min. price is rounded up to whole tenge, a max. price down."""
    if up:
        return ceil_to_tenge(-(-base * percent // 100))
    return floor_to_tenge(base * percent // 100)


def _misfit(product: Changeable, bound: Bound, price: int) -> Refusal | None:
    if price < LOWEST_PRICE:
        return Refusal.MIN_TOO_LOW
    if bound is Bound.MIN and product.max_price is not None and price > product.max_price:
        return Refusal.MIN_OVER_MAX
    if bound is Bound.MAX and product.min_price is not None and price < product.min_price:
        return Refusal.MAX_UNDER_MIN
    return None


def _differing(product: Changeable, new: Columns) -> Outcome:
    old = {name: getattr(product, name) for name in new}
    return Outcome({}, {}) if old == new else Outcome(old, new)
