"""Kept calculations as they travel, and a calculation on paper. Sums in tiyn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.models.calculations import CalculationKind

Cell = str | int | None
"""A text, a sum in tiyn, or nothing."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a paper: its name, its head (empty: none) and its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A calculation as it is copied, printed, sent and put into a file."""

    title: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A calculation that may be kept; `input` is a case as `cube calc` takes it."""

    kind: CalculationKind
    title: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SavedRow:
    """One kept calculation in the list."""

    id: UUID
    kind: CalculationKind
    title: str
    figures_on: date
    created_at: datetime
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept calculation with what was asked."""

    row: SavedRow
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Good:
    """One of the seller's own goods: what a calculation takes of it; None: not known. Tiyn, grams."""

    id: UUID
    name: str
    sku: str
    store_name: str
    price: int | None
    cost: int | None
    category: str | None
    tariff_category: tuple[str, ...] | None = None
    weight_g: int | None = None
    store_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What a calculation of a product begins with.

    `category`: a path with «>», or «» and names to choose from in `options`. `terms` None: the
    conditions of its store were never told. `weight_g`: its own, else the store's usual one.
    """

    good: Good
    category: str
    options: Sequence[str]
    weight_g: int | None
    terms: SaleTerms | None
