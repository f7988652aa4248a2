"""What a seller asks to change about goods, and what came of it. Prices in tiyn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import Enum, StrEnum
from uuid import UUID

from cube_demper.domain.pricing.schemas import RivalFilters

UNDO_FOR = timedelta(hours=1)


class Keep(Enum):
    """The value of a field that an edit does not touch; None is a value («blank»)."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True)
class TermsChange:
    """New terms of one product; what is not named stays."""

    min_price: int | Keep | None = KEEP
    max_price: int | Keep | None = KEEP
    step: int | Keep | None = KEEP
    """None: the store's step."""
    strategy: str | Keep = KEEP
    top_n: int | Keep | None = KEEP
    delivery_filter: str | Keep | None = KEEP
    rival_filters: RivalFilters | Keep = KEEP

    def given(self) -> dict[str, object]:
        """Return the fields that are to change."""
        values = {it.name: getattr(self, it.name) for it in fields(self)}
        return {name: value for name, value in values.items() if value is not KEEP}


@dataclass(frozen=True, slots=True)
class CityChange:
    """New terms of one product in a city other than the home one."""

    min_price: int | Keep | None = KEEP
    max_price: int | Keep | None = KEEP
    bot_active: bool | Keep = KEEP

    def given(self) -> dict[str, object]:
        """Return the fields that are named."""
        values = {it.name: getattr(self, it.name) for it in fields(self)}
        return {name: value for name, value in values.items() if value is not KEEP}


class Refusal(StrEnum):
    """Why an action left a product as it was; the words are in `REFUSAL_WORDS`."""

    NO_CARD = "no_card"
    NO_BOUND = "no_bound"
    PRICE_UNKNOWN = "price_unknown"
    OVER_PLAN = "over_plan"
    LAST_BOUND = "last_bound"
    MIN_OVER_MAX = "min_over_max"
    MIN_TOO_LOW = "min_too_low"
    HAS_MIN = "has_min"


REFUSAL_WORDS: Mapping[Refusal, str] = {
    Refusal.NO_CARD: "нет кода карточки Kaspi",
    Refusal.NO_BOUND: "задайте мин. цену",
    Refusal.PRICE_UNKNOWN: "цена на витрине ещё не известна",
    Refusal.OVER_PLAN: "больше не вмещает тариф",
    Refusal.LAST_BOUND: "бот включён, а других границ нет",
    Refusal.MIN_OVER_MAX: "мин. цена оказалась бы больше макс.",
    Refusal.MIN_TOO_LOW: "мин. цена оказалась бы меньше 10 ₸",
    Refusal.HAS_MIN: "мин. цена уже задана",
}


@dataclass(frozen=True, slots=True)
class RefusedProduct:
    """One product that an action left alone."""

    id: UUID
    name: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What an action over a selection did (or would do, in a preview).

    `changed` goods changed, `same` needed no change; `refused` counts the rest by reason and
    `examples` names the first few of them. `undo_id` takes it back, for an hour.
    """

    changed: int
    same: int
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    examples: tuple[RefusedProduct, ...] = ()
    undo_id: UUID | None = None

    @property
    def refused_count(self) -> int:
        """Count all goods that were left alone."""
        return sum(self.refused.values())


@dataclass(frozen=True, slots=True)
class StrategyChange:
    """One strategy for a whole selection."""

    strategy: str
    top_n: int | None = None


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step for a whole selection; None: the store's."""

    step: int | None


@dataclass(frozen=True, slots=True)
class MinPriceChange:
    """One min. price for a whole selection, or each product's price less a percentage."""

    price: int | None = None
    percent_below: int | None = None
    only_blank: bool = False


BulkChange = StrategyChange | StepChange | MinPriceChange
