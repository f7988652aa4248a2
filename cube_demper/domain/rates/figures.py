"""Figures that a calculation used: what, since when, from where and how sure. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from cube_demper.core.money import MINUS, NBSP
from cube_demper.domain.rates.rows import Confidence, Dated


class FigureCode(StrEnum):
    """What a figure of a sale is for; steps of a calculation name theirs."""

    COMMISSION = "commission"
    KASPI_PAY = "kaspi_pay"
    DELIVERY = "delivery"
    TAX = "tax"
    VAT = "vat"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table as it was used, or a figure of the person's own; `code` is set for a sale's."""

    name: str
    value: str
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: Confidence
    note: str = ""
    code: FigureCode | None = None

    @classmethod
    def of(cls, name: str, value: str, row: Dated, code: FigureCode | None = None) -> Figure:
        """Take what a row of a table tells of itself."""
        return cls(
            name, value, row.valid_from, row.valid_to, row.source, row.confidence, row.note, code
        )

    def as_json(self) -> dict[str, str | None]:
        """Return what a reader checks the figure by; days as ISO texts."""
        told = {
            "name": self.name,
            "value": self.value,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "source": self.source,
            "confidence": self.confidence.value,
            "note": self.note,
        }
        return told if self.code is None else {"code": self.code.value, **told}


def own_figure(name: str, value: str, code: FigureCode | None = None) -> Figure:
    """Return a figure that the person gave instead of a table's."""
    return Figure(name, value, None, None, "Указано вами", Confidence.HIGH, code=code)


def least_sure(figures: Iterable[Figure]) -> Confidence:
    """Return how sure the least sure of the figures is."""
    least = Confidence.HIGH
    for figure in figures:
        least = least.at_most(figure.confidence)
    return least


@lru_cache(256)
def percent_text(percent: Decimal) -> str:
    """Write a percentage as Russians do: «12,5 %»."""
    return f"{number_text(percent)}{NBSP}%"


def number_text(value: Decimal) -> str:
    """Write a number without idle zeros, its thousands apart, with a comma."""
    return f"{value.normalize():,f}".replace(",", NBSP).replace(".", ",").replace("-", MINUS)
