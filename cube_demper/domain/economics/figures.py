"""Figures that a calculation used: what, since when, from where and how sure. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cube_demper.core.money import NBSP
from cube_demper.domain.rates.tables import Confidence, Dated


class FigureCode(StrEnum):
    """What a figure is for; steps of a calculation name theirs."""

    COMMISSION = "commission"
    KASPI_PAY = "kaspi_pay"
    DELIVERY = "delivery"
    TAX = "tax"
    VAT = "vat"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table as it was used."""

    code: FigureCode
    name: str
    value: str
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: Confidence
    note: str = ""

    @classmethod
    def of(cls, code: FigureCode, name: str, value: str, row: Dated) -> Figure:
        """Take what a row of a table tells of itself."""
        return cls(
            code, name, value, row.valid_from, row.valid_to, row.source, row.confidence, row.note
        )


def own_figure(code: FigureCode, name: str, value: str) -> Figure:
    """Return a figure that the seller gave instead of a table's."""
    return Figure(code, name, value, None, None, "Указано вами", Confidence.HIGH)


def least_sure(figures: Iterable[Figure]) -> Confidence:
    """Return how sure the least sure of the figures is."""
    least = Confidence.HIGH
    for figure in figures:
        least = least.at_most(figure.confidence)
    return least


def percent_text(percent: Decimal) -> str:
    """Write a percentage as Russians do: «12,5 %»."""
    return f"{percent.normalize():f}".replace(".", ",") + f"{NBSP}%"
