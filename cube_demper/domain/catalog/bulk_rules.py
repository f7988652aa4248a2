"""What one bulk change does to one product. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import ceil_to_tenge
from cube_demper.domain.catalog.edit_schemas import (
    BulkChange,
    MinPriceChange,
    Refusal,
    StepChange,
    StrategyChange,
)
from cube_demper.domain.pricing import checks
from cube_demper.domain.pricing.schemas import LOWEST_PRICE

Columns = dict[str, Any]


class Changeable(Protocol):
    """What of a product a bulk change looks at."""

    bot_active: bool
    price: int | None
    min_price: int | None
    max_price: int | None
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
    else:
        _check_min(change)


def outcome_of(product: Changeable, change: BulkChange) -> Outcome:
    """Work out what the change does to one product."""
    if isinstance(change, MinPriceChange):
        return _min_price(product, change)
    if isinstance(change, StepChange):
        new: Columns = {"price_step_override": change.step}
    else:
        rest = {key: value for key, value in product.strategy_params.items() if key != "top_n"}
        params = rest if change.top_n is None else {**rest, "top_n": change.top_n}
        new = {"demping_strategy": change.strategy, "strategy_params": params}
    return _differing(product, new)


def _check_min(change: MinPriceChange) -> None:
    if change.percent_below is not None:
        if not 0 <= change.percent_below <= 90:
            raise InvalidInput("Процент — число от 0 до 90.", field="percent_below")
    elif change.price is None:
        raise InvalidInput("Введите мин. цену или процент от цены.", field="min_price")
    else:
        checks.check_bounds(change.price, None)


def _min_price(product: Changeable, change: MinPriceChange) -> Outcome:
    if change.only_blank and product.min_price is not None:
        return Outcome({}, {}, Refusal.HAS_MIN)
    price = change.price
    if change.percent_below is not None:
        if product.price is None:
            return Outcome({}, {}, Refusal.PRICE_UNKNOWN)
        price = ceil_to_tenge(-(-product.price * (100 - change.percent_below) // 100))
    if price is not None and price < LOWEST_PRICE:
        return Outcome({}, {}, Refusal.MIN_TOO_LOW)
    if price is not None and product.max_price is not None and price > product.max_price:
        return Outcome({}, {}, Refusal.MIN_OVER_MAX)
    return _differing(product, {"min_price": price})


def _differing(product: Changeable, new: Columns) -> Outcome:
    old = {name: getattr(product, name) for name in new}
    return Outcome({}, {}) if old == new else Outcome(old, new)
