"""Rows of the dated tables: a figure, the days it is in force, its source and how sure it is.

Money in tiyn, weights in grams, percents as Decimals (12.5 is 12.5 %).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from cube_demper.core.money import percent_of


class Confidence(StrEnum):
    """How sure a figure is, from the surest."""

    HIGH = "high"
    MEDIUM_HIGH = "medium-high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def is_sure(self) -> bool:
        """A figure that needs no word of caution."""
        return self is Confidence.HIGH

    def at_most(self, other: Confidence) -> Confidence:
        """Return the less sure of two."""
        order = list(Confidence)
        return max(self, other, key=order.index)


class Payer(StrEnum):
    """Who pays. A company stands for every legal person; ANY is in rows only."""

    PERSON = "person"
    IP = "ip"
    TOO = "too"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What every row has. None as an end means: no known beginning, or still in force."""

    kind: ClassVar[str]

    valid_from: date | None = None
    valid_to: date | None = None
    """The last day in force."""
    source: str
    confidence: Confidence
    note: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether the row counts on this day."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionRow(Dated):
    """Kaspi's commission on a sale, Kaspi Pay's 0,95 % included, for a category and all below it."""

    kind = "commission"

    path: tuple[str, ...]
    percent: Decimal
    """With VAT: what is withheld from the price."""
    percent_without_vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow(Dated):
    """Kaspi's delivery, withheld from the seller for a delivered order.

    `kind_of` is city, kazakhstan, express or pickup; `price_from` ≤ price < `price_to`,
    `weight_over_g` < weight ≤ `weight_to_g`, None is without a bound.
    """

    kind = "delivery"

    kind_of: str
    price_from: int
    price_to: int | None = None
    weight_over_g: int | None = None
    weight_to_g: int | None = None
    fee: int
    """Without VAT."""
    vat_percent: Decimal

    @property
    def needs_weight(self) -> bool:
        """Whether the fee depends on the weight."""
        return self.weight_over_g is not None or self.weight_to_g is not None

    @property
    def fee_with_vat(self) -> int:
        """What is withheld, rounded half up to a tiyn."""
        return percent_of(self.fee, 100 + self.vat_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRow(Dated):
    """Another fee of Kaspi: a percent of the sum or a fixed amount."""

    kind = "fee"

    code: str
    name: str
    percent: Decimal | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow(Dated):
    """A tax or a social payment: a percent of its base, or a number of МРП a month.

    `base_min_mzp` and `base_max_mzp` bound the base in МЗП; `limit_mrp` is where the rate or the regime
    ends (or, for VAT, where registration becomes a duty), in МРП.
    """

    kind = "tax"

    code: str
    payer: Payer
    region: str | None = None
    name: str
    percent: Decimal | None = None
    mrp: Decimal | None = None
    base_min_mzp: Decimal | None = None
    base_max_mzp: Decimal | None = None
    limit_mrp: Decimal | None = None
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRateRow(Dated):
    """The National Bank's base rate, percent a year."""

    kind = "base_rate"

    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow(Dated):
    """The monthly calculation index (МРП) and the minimum wage (МЗП)."""

    kind = "index"

    mrp: int
    mzp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow(Dated):
    """A state duty: a percent of a sum up to a cap in МРП, or a number of МРП."""

    kind = "duty"

    code: str
    payer: Payer
    name: str
    percent: Decimal | None = None
    mrp: Decimal | None = None
    cap_mrp: Decimal | None = None
    law: str


Row = CommissionRow | DeliveryRow | FeeRow | TaxRow | BaseRateRow | IndexRow | DutyRow
