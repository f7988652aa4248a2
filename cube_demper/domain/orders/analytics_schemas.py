"""What orders brought in a period. Money in tiyn; days and hours are Almaty's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum


class Span(IntEnum):
    """How many days a report covers, today included."""

    WEEK = 7
    MONTH = 30
    QUARTER = 90
    YEAR = 365


@dataclass(frozen=True, slots=True)
class Totals:
    """Orders placed in a period. `kept`: neither cancelled nor returned; `revenue` is theirs."""

    orders: int = 0
    kept: int = 0
    revenue: int = 0
    cancelled: int = 0
    cancelled_sum: int = 0
    returned: int = 0
    returned_sum: int = 0

    @property
    def average(self) -> int | None:
        """Return the average kept order; None without one."""
        return self.revenue // self.kept if self.kept else None

    def share(self, part: int) -> float | None:
        """Return what per cent of all orders `part` is; None without orders."""
        return 100 * part / self.orders if self.orders else None


@dataclass(frozen=True, slots=True)
class DaySales:
    """One day, or the week that begins with it."""

    begins: date
    orders: int
    kept: int
    revenue: int


@dataclass(frozen=True, slots=True)
class Slice:
    """The kept orders of one category or city. `name` None: Kaspi did not say."""

    name: str | None
    orders: int
    revenue: int


@dataclass(frozen=True, slots=True)
class SalesReport:
    """A period beside the one before it.

    `before` is None where our orders do not reach back through it. `hours`: orders placed in each
    hour of the day. `rest_categories` and `rest_cities`: the kept orders beyond the largest shown.
    """

    since: datetime
    span: Span
    totals: Totals
    before: Totals | None
    bins: tuple[DaySales, ...]
    is_weekly: bool
    hours: tuple[int, ...]
    categories: tuple[Slice, ...]
    rest_categories: Slice
    cities: tuple[Slice, ...]
    rest_cities: Slice
