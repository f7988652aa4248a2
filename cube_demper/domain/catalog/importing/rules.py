"""What one row of a file does to a product. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.catalog.edit_schemas import REFUSAL_WORDS, Refusal
from cube_demper.domain.catalog.importing.schemas import RowOutcome, refused
from cube_demper.domain.catalog.importing.sheet import HEADING_OF, Field
from cube_demper.domain.pricing import checks
from cube_demper.models.catalog import CostMethod
from cube_demper.models.imports import RowVerdict

Columns = dict[str, Any]


class Importable(Protocol):
    """What of a product an import looks at."""

    external_kaspi_id: str | None
    price: int | None
    cost_price: int | None
    cost_method: str
    min_price: int | None
    max_price: int | None
    base_price: int | None
    price_step_override: int | None
    demping_strategy: str
    strategy_params: dict[str, Any]
    bot_active: bool
    bot_enabled_at: datetime | None
    is_priority: bool


def outcome_of_row(
    product: Importable, values: Mapping[Field, object], *, has_slot: bool
) -> RowOutcome:
    """Work out what a row does; `has_slot`: the plan has room for one more bot."""
    wanted = _columns(product, values)
    old = {name: getattr(product, name) for name in wanted}
    new = {name: value for name, value in wanted.items() if old[name] != value}
    if not new:
        return RowOutcome(RowVerdict.SAME)
    try:
        _check(product, new)
    except InvalidInput as error:
        return refused(error.message)
    if refusal := _switch_refusal(product, new, has_slot=has_slot):
        return refused(REFUSAL_WORDS[refusal])
    if "cost_price" in new:  # batches write it no more: the seller did
        old["cost_method"], new["cost_method"] = product.cost_method, CostMethod.MANUAL.value
    return RowOutcome(RowVerdict.CHANGE, "", {name: old[name] for name in new}, new)


def bot_before(product: Importable) -> Columns:
    """Return what an undo needs to switch this bot as it was."""
    since = product.bot_enabled_at
    return {
        "base_price": product.base_price,
        "bot_enabled_at": since.isoformat() if since else None,
    }


def is_as(product: Importable, columns: Mapping[str, Any]) -> bool:
    """Tell whether these columns hold these values; what only belongs to the switch is not asked."""
    asked = {field.value for field in HEADING_OF} | {"strategy_params"}
    return all(getattr(product, n) == value for n, value in columns.items() if n in asked)


def fits(product: Importable, columns: Mapping[str, Any]) -> bool:
    """Tell whether these columns may stand beside what else holds of the product."""
    low, high = (columns.get(n, getattr(product, n)) for n in ("min_price", "max_price"))
    if low is None and high is None:
        return not columns.get("bot_active", product.bot_active)
    return low is None or high is None or bool(low <= high)


def _columns(product: Importable, values: Mapping[Field, object]) -> Columns:
    columns: Columns = {}
    for name, value in values.items():
        if name is not Field.STRATEGY:
            columns[name.value] = value
        elif isinstance(value, tuple):
            strategy, top_n = value
            rest = {key: kept for key, kept in product.strategy_params.items() if key != "top_n"}
            columns["demping_strategy"] = strategy.value
            columns["strategy_params"] = rest if top_n is None else {**rest, "top_n": top_n}
    return columns


def _check(product: Importable, new: Columns) -> None:
    step = new.get("price_step_override")
    if step is not None:
        checks.check_step(step)
    if "min_price" in new or "max_price" in new:
        low = new.get("min_price", product.min_price)
        high = new.get("max_price", product.max_price)
        checks.check_bounds(low, high)


def _switch_refusal(product: Importable, new: Columns, *, has_slot: bool) -> Refusal | None:
    is_on = new.get("bot_active", product.bot_active)
    low, high = (new.get(n, getattr(product, n)) for n in ("min_price", "max_price"))
    if not is_on:
        return None
    if low is None and high is None:
        return Refusal.NO_BOUND if new.get("bot_active") else Refusal.LAST_BOUND
    if not new.get("bot_active"):
        return None
    if product.external_kaspi_id is None:
        return Refusal.NO_CARD
    if product.price is None:
        return Refusal.PRICE_UNKNOWN
    return None if has_slot else Refusal.OVER_PLAN
