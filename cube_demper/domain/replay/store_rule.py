"""What of a whole store a replay tries besides the terms of goods; and that rule as JSON. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace
from typing import Any, Final, cast

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.catalog.bulk_rules import Changeable, check_change, outcome_of
from cube_demper.domain.catalog.edit_schemas import Bound, BoundChange, TermsChange
from cube_demper.domain.pricing import checks
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.domain.stores.rules import SAME_MERCHANT, bad_merchants
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings

ANY_DELIVERY: Final = "any"
_LOOKED_AT = (
    "bot_active",
    "price",
    "min_price",
    "max_price",
    "cost_price",
    "is_priority",
    "price_step_override",
    "demping_strategy",
    "strategy_params",
)
"""`bulk_rules.Changeable`."""


@dataclass(frozen=True, slots=True)
class StoreRule:
    """Bounds in per cent of each product's price of today, and the store's rules of rivals.

    None: as today. A rating or a number of reviews of 0, `ANY_DELIVERY`, and no merchants at all: no
    such rule.
    """

    min_percent: int | None = None
    max_percent: int | None = None
    min_rating: float | None = None
    min_reviews: int | None = None
    ignore_preorder: bool | None = None
    rival_delivery: str | None = None
    excluded_merchants: tuple[str, ...] | None = None
    only_merchants: tuple[str, ...] | None = None

    @property
    def bound_changes(self) -> tuple[BoundChange, ...]:
        """Return the bounds as bulk changes, in the order in which they are made."""
        asked = ((Bound.MAX, self.max_percent), (Bound.MIN, self.min_percent))
        return tuple(BoundChange(bound, percent=share) for bound, share in asked if share)

    @property
    def has_rivals(self) -> bool:
        """Tell whether it changes who is a rival."""
        asked = (
            self.min_rating,
            self.min_reviews,
            self.ignore_preorder,
            self.rival_delivery,
            self.excluded_merchants,
            self.only_merchants,
        )
        return any(it is not None for it in asked)

    def filters_over(self, kept: RivalFilters) -> RivalFilters:
        """Return the store's filters as the rule would have them."""
        changed = kept
        if self.min_rating is not None:
            changed = replace(changed, min_rating=self.min_rating or None)
        if self.min_reviews is not None:
            changed = replace(changed, min_reviews=self.min_reviews or None)
        if self.ignore_preorder is not None:
            changed = replace(changed, ignore_preorder=self.ignore_preorder or None)
        if self.only_merchants is not None:
            changed = replace(changed, only_merchants=frozenset(self.only_merchants))
        return changed

    def excluded_over(self, kept: Sequence[str]) -> tuple[str, ...]:
        """Return the merchants that the store leaves out of account, as the rule would have them."""
        return tuple(kept) if self.excluded_merchants is None else self.excluded_merchants

    def delivery_over(self, kept: str | None) -> str | None:
        """Return the store's delivery filter as the rule would have it."""
        if self.rival_delivery is None:
            return kept
        return None if self.rival_delivery == ANY_DELIVERY else self.rival_delivery

    def settings_over(self, kept: DempingSettings) -> DempingSettings:
        """Return settings of their own as the rule would have them."""
        columns = {name: getattr(kept, name) for name in type(kept).model_fields}
        filters = self.filters_over(RivalFilters.from_json(kept.rival_filters))
        columns["rival_filters"] = filters.to_json()
        columns["delivery_filter"] = self.delivery_over(kept.delivery_filter)
        columns["excluded_merchant_ids"] = list(
            self.excluded_over(kept.excluded_merchant_ids or ())
        )
        return DempingSettings(**columns)

    def terms_over(self, product: Product, terms: TermsChange) -> TermsChange:
        """Add the product's bounds; where a bulk change would refuse one, it stays as it is."""
        seen = {name: getattr(product, name) for name in _LOOKED_AT}
        bounds: dict[str, Any] = {}
        for change in self.bound_changes:
            view = cast("Changeable", SimpleNamespace(**(seen | bounds)))
            bounds |= outcome_of(view, change).new
        return replace(terms, **bounds)


def check_store_rule(rule: StoreRule) -> None:
    """Refuse a rule that could not be applied either. Raises InvalidInput."""
    for change in rule.bound_changes:
        check_change(change)
    low, high = rule.min_percent, rule.max_percent
    if low and high and low > high:
        raise InvalidInput("Мин. цена больше макс. цены.", field="min_percent")
    if rule.min_rating is not None and not 0 <= rule.min_rating <= 5:
        raise InvalidInput("Рейтинг — от 0 до 5.", field="min_rating")
    if rule.min_reviews is not None and not 0 <= rule.min_reviews <= 1_000_000:
        raise InvalidInput("Отзывов — целое число.", field="min_reviews")
    if rule.rival_delivery not in {None, ANY_DELIVERY}:
        checks.check_delivery_filter(rule.rival_delivery)
    excluded, only = rule.excluded_merchants or (), rule.only_merchants or ()
    for name, ids in (("excluded_merchants", excluded), ("only_merchants", only)):
        if problem := bad_merchants(ids):
            raise InvalidInput(problem, field=name)
    if set(excluded) & set(only):
        raise InvalidInput(SAME_MERCHANT, field="only_merchants")


def store_rule_to_json(rule: StoreRule) -> dict[str, Any]:
    """Write the fields that are given."""
    values = {it.name: getattr(rule, it.name) for it in fields(rule)}
    return {name: value for name, value in values.items() if value is not None}


def store_rule_from_json(value: dict[str, Any]) -> StoreRule:
    """Read back what `store_rule_to_json` wrote, beside whatever else is there."""
    names = [it.name for it in fields(StoreRule)]
    given = {name: value[name] for name in names if name in value}
    lists: dict[str, Any] = {name: tuple(it) for name, it in given.items() if isinstance(it, list)}
    return StoreRule(**{**given, **lists})
