"""What pages and workers are told about payout reports. Times aware UTC, money in tiyn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Protocol
from uuid import UUID

from cube_demper.models.payouts import DifferenceKind, PayoutOperation, PayoutStatus

TOPIC = "economics.payout"
EVENT = "payout"
MOST_BYTES = 20 * 2**20
ROWS_SHOWN = 50
REPORTS_SHOWN = 50
MOST_NOTE = 500
BUSY = frozenset({PayoutStatus.READING, PayoutStatus.MATCHING})


class Sheet(Protocol):
    """An open file: about how many rows it has, and its numbered rows of text, one by one."""

    @property
    def about(self) -> int:
        """About how many rows there are."""
        ...

    @property
    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank. Raises InvalidInput on the way."""
        ...


Parse = Callable[[IO[bytes]], Sheet]
"""Opens a file. Raises InvalidInput."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of a report add up to."""

    gross: int = 0
    commission: int = 0
    delivery: int = 0
    bonus: int = 0
    net: int = 0
    fine: int = 0
    """Lines that are as expected."""


@dataclass(frozen=True, slots=True)
class KindTotal:
    """The differences of one kind: how many, how many are open, and the open ones' sums."""

    kind: DifferenceKind
    count: int
    open: int
    short: int
    """What the seller is short of."""
    over: int
    """What the seller got too much."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report."""

    id: UUID
    store_id: UUID
    store_name: str
    file_name: str
    status: PayoutStatus
    note: str
    period: tuple[date, date] | None
    stated_total: int | None
    total: int
    done: int
    created_at: datetime
    matched_at: datetime | None
    headings: Sequence[Mapping[str, str]] = ()
    columns: Mapping[str, str] | None = None
    kinds: tuple[KindTotal, ...] = ()

    @property
    def open(self) -> int:
        """Count the differences that nobody has settled."""
        return sum(it.open for it in self.kinds)

    @property
    def short(self) -> int:
        """Return what the seller is short of by the open ones."""
        return sum(it.short for it in self.kinds)

    @property
    def over(self) -> int:
        """Return what the seller got too much by the open ones."""
        return sum(it.over for it in self.kinds)


@dataclass(frozen=True, slots=True)
class DifferenceFilter:
    """Which differences: open, settled or all, of one kind or of any, by an order's number."""

    is_resolved: bool | None = False
    kind: DifferenceKind | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One difference as it is shown and exported."""

    id: UUID
    kind: DifferenceKind
    number: int
    order_code: str
    ours: int | None
    theirs: int | None
    amount: int
    is_estimate: bool
    facts: Mapping[str, Any]
    resolved_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the report beside what was expected of it."""

    number: int
    order_code: str
    operation: PayoutOperation
    operated_on: date | None
    gross: int
    commission: int
    delivery: int
    bonus: int
    net: int | None
    details: str
    cells: Sequence[tuple[str, str]]
    """The headings of the file with what the line has under them."""
    expected_commission: int | None
    expected_delivery: int | None
    is_estimate: bool
    is_fine: bool
