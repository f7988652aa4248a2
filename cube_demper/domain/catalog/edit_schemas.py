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
    COST_UNKNOWN = "cost_unknown"
    OVER_PLAN = "over_plan"
    LAST_BOUND = "last_bound"
    MIN_OVER_MAX = "min_over_max"
    MIN_TOO_LOW = "min_too_low"
    HAS_MIN = "has_min"
    MAX_UNDER_MIN = "max_under_min"
    HAS_MAX = "has_max"
    NO_SALE_TERMS = "no_sale_terms"
    CATEGORY_UNKNOWN = "category_unknown"
    WEIGHT_UNKNOWN = "weight_unknown"
    RATE_UNKNOWN = "rate_unknown"
    FIGURE_UNSURE = "figure_unsure"
    MARGIN_UNREACHABLE = "margin_unreachable"


REFUSAL_WORDS: Mapping[Refusal, str] = {
    Refusal.NO_CARD: "нет кода карточки Kaspi",
    Refusal.NO_BOUND: "задайте мин. цену",
    Refusal.PRICE_UNKNOWN: "цена на витрине ещё не известна",
    Refusal.COST_UNKNOWN: "себестоимость не указана",
    Refusal.OVER_PLAN: "больше не вмещает тариф",
    Refusal.LAST_BOUND: "бот включён, а других границ нет",
    Refusal.MIN_OVER_MAX: "мин. цена оказалась бы больше макс.",
    Refusal.MIN_TOO_LOW: "цена оказалась бы меньше 10 ₸",
    Refusal.HAS_MIN: "мин. цена уже задана",
    Refusal.MAX_UNDER_MIN: "макс. цена оказалась бы меньше мин.",
    Refusal.HAS_MAX: "макс. цена уже задана",
    Refusal.NO_SALE_TERMS: "не заданы условия магазина на странице «Экономика»",
    Refusal.CATEGORY_UNKNOWN: "не выбрана категория тарифов Kaspi",
    Refusal.WEIGHT_UNKNOWN: "не указан вес, а от него зависит доставка",
    Refusal.RATE_UNKNOWN: "тарифов на эту дату нет",
    Refusal.FIGURE_UNSURE: "часть цифр неточная: подтвердите их на странице «Экономика»",
    Refusal.MARGIN_UNREACHABLE: "такой маржи не даёт никакая цена",
}


@dataclass(frozen=True, slots=True)
class RefusedProduct:
    """One product that an action left alone."""

    id: UUID
    name: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Move:
    """One product whose bound a bulk change moves; prices in tiyn, None: blank."""

    id: UUID
    name: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What an action over a selection did (or would do, in a preview).

    `changed` goods changed, `same` needed no change; `refused` counts the rest by reason and
    `examples` names the first few of them. `undo_id` takes it back, for an hour. `moves`: the
    first goods whose bound moves; `plan` stands for all of them: agreed to as it was shown, or not
    done at all.
    """

    changed: int
    same: int
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    examples: tuple[RefusedProduct, ...] = ()
    undo_id: UUID | None = None
    moves: tuple[Move, ...] = ()
    plan: str = ""

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


class Bound(StrEnum):
    """A price that the bot does not pass; the value is the column's name."""

    MIN = "min_price"
    MAX = "max_price"


class Base(StrEnum):
    """What a percentage is of; the value is the column's name."""

    PRICE = "price"
    COST = "cost_price"


@dataclass(frozen=True, slots=True)
class BoundChange:
    """One bound for a whole selection: a sum in tiyn, or a percentage of each product's own base."""

    bound: Bound
    price: int | None = None
    percent: int | None = None
    """Of `base`: 85 is 15 % below it, 120 is 20 % above."""
    base: Base = Base.PRICE
    only_blank: bool = False


@dataclass(frozen=True, slots=True)
class MarginChange:
    """A min. price for each product of a selection by the margin that it leaves.

    `percent` of the price, from 0 to 90. `only_up`: a min. price is never lowered.
    """

    percent: int
    only_blank: bool = False
    only_up: bool = False


@dataclass(frozen=True, slots=True)
class PriorityChange:
    """Whether the selection is looked at before the seller's other goods."""

    is_priority: bool


BulkChange = StrategyChange | StepChange | BoundChange | MarginChange | PriorityChange
