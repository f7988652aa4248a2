"""Choosing a category of Kaspi's tariffs: groups and what lies under them, or a search. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cube_demper.domain.rates import commissions
from cube_demper.domain.rates.categories import Path
from cube_demper.domain.rates.tables import Tables

MOST_SHOWN = 50
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A category; `parts`: how many lie right under it.

    `percents`: the commissions of it and its parts. `can_be_taken` is false where they differ and
    one of the parts must be chosen.
    """

    path: Path
    parts: int
    percents: tuple[Decimal, ...]
    can_be_taken: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What is offered; `is_near`: nothing has the words asked for, these are only like them."""

    rows: tuple[Choice, ...]
    is_near: bool = False
    is_cut: bool = False


def list_choices(tables: Tables, on: date, *, under: Path = (), search: str = "") -> Choices:
    """Return the categories right under one, or those of a search wherever they lie.

    Raises OutsideTables for a day without commissions.
    """
    text = search[:_LONGEST].strip()
    if not text:
        return Choices(_choices(tables, on, tables.categories.children(under)))
    found = tables.categories.search(text, MOST_SHOWN + 1)
    if found:
        rows = _choices(tables, on, found[:MOST_SHOWN])
        return Choices(rows, is_cut=len(found) > MOST_SHOWN)
    near = [
        path for name in tables.categories.nearest(text) for path in tables.categories.named(name)
    ]
    return Choices(_choices(tables, on, near[:MOST_SHOWN]), is_near=True)


def _choices(tables: Tables, on: date, paths: Sequence[Path]) -> tuple[Choice, ...]:
    in_force = tables.commissions_on(on)
    found = []
    for path in paths:
        row, percents = commissions.rates_within(path, in_force)
        parts = len(tables.categories.children(path))
        is_one = row is not None and len(percents) == 1
        found.append(Choice(path, parts, percents, is_one))
    return tuple(found)
