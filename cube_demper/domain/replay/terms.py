"""From rows and a changed rule to what `decide` is told; the rule as JSON. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.catalog.edit_schemas import KEEP, Keep, TermsChange
from cube_demper.domain.economics.profit_floors import ProfitFloors
from cube_demper.domain.economics.service import good_of
from cube_demper.domain.pricing import checks
from cube_demper.domain.pricing.schemas import (
    DEFAULT_TOP_N,
    ProductTerms,
    RivalFilters,
    StoreTerms,
)
from cube_demper.domain.replay.schemas import Trial
from cube_demper.domain.stores.rules import is_open
from cube_demper.domain.stores.schemas import WorkHours
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings, KaspiStore

_FIELDS = ("min_price", "max_price", "step", "strategy", "top_n", "delivery_filter")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for all goods: the limits of settings and the seller's own merchants."""

    min_price_tenge: int
    max_fall_percent: int
    merchant_ids: frozenset[str] = frozenset()


def check_rule(rule: TermsChange) -> None:
    """Refuse a rule that could not be applied either. Raises InvalidInput."""
    if rule.strategy is not KEEP:
        checks.check_strategy(rule.strategy)
    if isinstance(rule.step, int):
        checks.check_step(rule.step, field="step")
    if isinstance(rule.top_n, int):
        checks.check_top_n(rule.top_n)
    if rule.delivery_filter is not KEEP:
        checks.check_delivery_filter(rule.delivery_filter)
    bounds = [it if isinstance(it, int) else None for it in (rule.min_price, rule.max_price)]
    checks.check_bounds(*bounds)
    if rule.min_price is None and rule.max_price is None:
        raise InvalidInput("Задайте мин. или макс. цену.", field="min_price")


def trial_of(
    product: Product,
    store: KaspiStore,
    settings: DempingSettings | None,
    rule: TermsChange,
    house: House,
    *,
    floors: ProfitFloors,
) -> Trial:
    """Lay the rule over the product's terms of today. `floors`: by the least profit of `settings`."""
    kept = settings or DempingSettings(store_id=store.id)
    params: dict[str, Any] = product.strategy_params or {}
    chosen = _over(rule.delivery_filter, product.delivery_filter) or kept.delivery_filter
    step = _over(rule.step, product.price_step_override) or kept.price_step
    terms = ProductTerms(
        kaspi_sku=product.kaspi_sku,
        city_id=store.home_city_id,
        cabinet_price=product.price,
        min_price=_over(rule.min_price, product.min_price),
        max_price=_over(rule.max_price, product.max_price),
        base_price=product.base_price or product.price,
        step=step,
        strategy=checks.check_strategy(_over(rule.strategy, product.demping_strategy)),
        top_n=_over(rule.top_n, params.get("top_n")) or DEFAULT_TOP_N,
        delivery_filter=checks.check_delivery_filter(chosen),
        rival_filters=RivalFilters.merged(
            RivalFilters.from_json(kept.rival_filters),
            RivalFilters.from_json(product.rival_filters),
        ),
    )
    shop = StoreTerms(
        merchant_id=store.merchant_id,
        own_merchant_ids=house.merchant_ids - {store.merchant_id},
        excluded_merchant_ids=frozenset(kept.excluded_merchant_ids or ()),
        min_price_allowed=house.min_price_tenge * 100,
        max_fall_percent=house.max_fall_percent,
    )
    hours = WorkHours(kept.work_hours_start, kept.work_hours_end)
    return Trial(terms, shop, floors.of(good_of(product)), partial(_is_open, hours))


def rule_to_json(rule: TermsChange) -> dict[str, Any]:
    """Write a rule: the fields that it changes."""
    return {name: value for name, value in rule.given().items() if name in _FIELDS}


def rule_from_json(value: dict[str, Any]) -> TermsChange:
    """Read back what `rule_to_json` wrote."""
    return TermsChange(**{name: value[name] for name in _FIELDS if name in value})


def _over(new: Value | Keep | None, old: Value | None) -> Value | None:
    return old if new is KEEP else new


def _is_open(hours: WorkHours, moment: datetime) -> bool:
    return is_open(hours, moment)
