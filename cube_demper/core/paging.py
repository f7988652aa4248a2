"""A page of a list, and which page there is to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: `counts` by tab, «» for all. Who asked knows what the rows are."""

    rows: Sequence[Any]
    page: int
    total: int
    counts: dict[str, int] = field(default_factory=dict)


def inside(page: int, total: int, size: int = PAGE_SIZE) -> int:
    """Return the page to show: one beyond the last is the last."""
    return max(1, min(page, -(-total // size)))


def offset(page: int, size: int = PAGE_SIZE) -> int:
    """Return how many rows stand before a page."""
    return (page - 1) * size
