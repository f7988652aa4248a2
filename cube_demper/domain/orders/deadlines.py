"""Until when Kaspi waits for a seller. Pure; times aware UTC, days and hours Almaty's.

KASPI.md §4.4: a new order is accepted within 3 working hours, an express one within 60 minutes, or it is
cancelled as «нет в наличии». Which hours are working ones is each shop's own setting in the cabinet,
which Kaspi's papers do not show us: 09:00-21:00 every day is assumed. That makes our time rather
too early than too late for a shop that is open for less, and it is always said to be approximate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.models.orders import OrderStatus

ACCEPT_WITHIN: Final = timedelta(hours=3)
"""Working hours. Confidence HIGH (KASPI.md §4.4)."""
EXPRESS_WITHIN: Final = timedelta(minutes=60)
"""Confidence HIGH that it is an hour, LOW that it runs at night too."""
DAY_BEGINS, DAY_ENDS = time(9), time(21)
"""Confidence LOW: see above."""
SOON: Final = timedelta(minutes=45)


class DeadlineKind(StrEnum):
    """What has to be done by then."""

    ACCEPT = "accept"
    HAND_OVER = "hand_over"
    PICKUP = "pickup"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One time limit. `is_exact`: Kaspi named it, else it is counted by us."""

    kind: DeadlineKind
    at: datetime
    is_exact: bool

    def is_soon(self, now: datetime) -> bool:
        """Tell whether it is near or over."""
        return self.at - now < SOON


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of an order its deadlines depend on."""

    status: OrderStatus
    state: str
    approved_at: datetime
    is_express: bool = False
    is_packed: bool = False
    is_handed_over: bool = False
    courier_planned_at: datetime | None = None
    reserved_until: datetime | None = None


def deadline_of(order: Waiting) -> Deadline | None:
    """Return what an order waits for next, and until when."""
    if order.status is OrderStatus.APPROVED and order.state == "NEW":
        return Deadline(DeadlineKind.ACCEPT, accept_by(order), is_exact=False)
    if order.status is OrderStatus.ACCEPTED_BY_MERCHANT and not order.is_handed_over:
        planned = order.courier_planned_at
        if planned is not None and order.state.startswith("KASPI_DELIVERY"):
            return Deadline(DeadlineKind.HAND_OVER, planned, is_exact=True)
    is_waiting = order.status is OrderStatus.DELIVERED and order.state == "PICKUP"
    if is_waiting and order.reserved_until is not None:
        return Deadline(DeadlineKind.PICKUP, order.reserved_until, is_exact=True)
    return None


def accept_by(order: Waiting) -> datetime:
    """Return until when a new order may be accepted; an express one's hour counts day and night."""
    if order.is_express:
        return order.approved_at + EXPRESS_WITHIN
    left = ACCEPT_WITHIN
    for begins, ends in _working_days(order.approved_at):
        start = max(begins, order.approved_at)
        if start + left <= ends:
            return start + left
        left -= max(timedelta(0), ends - start)
    raise AssertionError("days never end")


def working_time(since: datetime, until: datetime) -> timedelta:
    """Return how much working time lies between two moments."""
    total = timedelta(0)
    for begins, ends in _working_days(since):
        if begins >= until:
            return total
        total += max(timedelta(0), min(ends, until) - max(begins, since))
    raise AssertionError("days never end")


def _working_days(since: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = since.astimezone(ALMATY).date()
    while True:
        yield (
            datetime.combine(day, DAY_BEGINS, ALMATY),
            datetime.combine(day, DAY_ENDS, ALMATY),
        )
        day += timedelta(days=1)
