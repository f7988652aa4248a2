"""What the comparison of a report with our orders works on. Money in tiyn, days in Almaty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cube_demper.domain.economics.payouts.parsing import Line
from cube_demper.domain.economics.payouts.tariff import Part
from cube_demper.models.payouts import DifferenceKind


class OrderEnd(StrEnum):
    """How an order ended, if it did."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What we know of an order. `ended_on` is None when that was before we first saw it."""

    code: str
    total: int
    ordered_on: date
    end: OrderEnd
    ended_on: date | None = None
    parts: tuple[Part, ...] = ()
    delivery_kinds: tuple[str, ...] | None = ()
    """Kaspi's deliveries it may have gone by; () by none of them; None: not known."""
    delivery_told: int | None = None
    weight_g: int | None = None

    @property
    def goods(self) -> tuple[Part, ...]:
        """Return what the commission is taken from."""
        return self.parts or (Part(self.total),)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other reports of the store say of an order."""

    is_paid: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a whole report."""

    first: date
    last: date
    today: date
    is_delivery_in_net: bool = True
    has_delivery: bool = True
    """Whether the report has a column of Kaspi's delivery at all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `amount`: what the seller is short of; negative: what they got too much."""

    kind: DifferenceKind
    subject: str
    number: int
    order_code: str
    ours: int | None = None
    theirs: int | None = None
    amount: int = 0
    is_estimate: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_line(
        cls,
        kind: DifferenceKind,
        line: Line,
        ours: int | None = None,
        theirs: int | None = None,
        *,
        amount: int = 0,
        is_estimate: bool = False,
        **facts: str,
    ) -> Difference:
        """Return a difference that a line has."""
        subject, code = str(line.number), line.order_code
        return cls(kind, subject, line.number, code, ours, theirs, amount, is_estimate, facts)


@dataclass(frozen=True, slots=True)
class Expected:
    """What should have been kept by a line."""

    commission: int | None
    delivery: int | None
    is_estimate: bool


@dataclass(slots=True)
class Verdict:
    """The differences of an order's lines, and what was expected of each line."""

    differences: list[Difference] = field(default_factory=list)
    expected: dict[int, Expected] = field(default_factory=dict)


def paid_by(line: Line) -> int:
    """Return what a line pays out."""
    return line.gross - line.withheld if line.net is None else line.net


def day_text(day: date | None) -> str:
    """Return a day as facts keep it."""
    return "" if day is None else day.isoformat()
