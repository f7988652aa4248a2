"""The tables that come with the program: `data/*.csv` and the tree of categories, one name a line."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from io import StringIO
from typing import TypeVar

from cube_demper.domain.rates.codec import decode
from cube_demper.domain.rates.rows import Dated
from cube_demper.domain.rates.tables import (
    BaseRateRow,
    CommissionRow,
    DeliveryRow,
    DutyRow,
    FeeRow,
    IndexRow,
    Tables,
    TaxRow,
)

R = TypeVar("R", bound=Dated)


@cache
def load() -> Tables:
    """Read the shipped tables, once in a process."""
    return Tables(
        commissions=_rows(CommissionRow, "commissions"),
        deliveries=_rows(DeliveryRow, "deliveries"),
        fees=_rows(FeeRow, "fees"),
        taxes=_rows(TaxRow, "taxes"),
        base_rates=_rows(BaseRateRow, "base_rates"),
        indexes=_rows(IndexRow, "indexes"),
        duties=_rows(DutyRow, "duties"),
        category_paths=category_paths(),
    )


@cache
def category_paths() -> tuple[tuple[str, ...], ...]:
    """Return every category of Kaspi's tariffs; in the file a space a level stands before the name."""
    paths: list[tuple[str, ...]] = []
    above: tuple[str, ...] = ()
    for line in _text("categories.txt").splitlines():
        name = line.lstrip(" ")
        above = (*above[: len(line) - len(name)], name)
        paths.append(above)
    return tuple(paths)


def _rows(kind: type[R], name: str) -> tuple[R, ...]:
    return tuple(decode(kind, texts) for texts in csv.DictReader(StringIO(_text(f"{name}.csv"))))


def _text(name: str) -> str:
    return (resources.files("cube_demper.domain.rates") / "data" / name).read_text("utf-8")
