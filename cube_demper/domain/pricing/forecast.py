"""When queued changes will leave, and how many are too many. Pure.

A change that has left frees its place in Kaspi's window 30 minutes later; so the moments at which the
next ones may leave are known. Those that will come in between and are worth more are not: «около».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cube_demper.domain.pricing.worth import CHANGES_WINDOW, UNRESERVED_WINDOW, reserve


@dataclass(frozen=True, slots=True)
class Forecast:
    """A store that wants more changes than Kaspi takes.

    `needed`: changes that bot and seller wanted in the last 30 minutes. `ends_at`: when the last of
    those that wait now may leave. `too_many`: wanted in the last hour beyond what Kaspi takes in one.
    `stock`: how many of `queued` are stock or pre-orders, which leave before all prices.
    """

    limit: int
    used: int
    needed: int
    queued: int
    ends_at: datetime
    too_many: int
    stock: int = 0


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a product stands in its store's queue, and about when its change leaves."""

    place: int
    queued: int
    leaves_at: datetime


def leaves_at(
    place: int,
    sent: Sequence[datetime],
    *,
    limit: int,
    now: datetime,
    is_urgent: bool = False,
    stock: int = 0,
) -> datetime:
    """Return when the change at this place of the queue (from 1) may leave.

    Args:
        place: in the queue, stock changes counted.
        sent: when the store's changes of the last 30 minutes left.
        limit: how many changes Kaspi takes in 30 minutes.
        now: the present.
        is_urgent: it may use the reserve.
        stock: so many at the head of the queue are stock changes; those may use the reserve.

    """
    left = sorted(sent)
    unreserved = max(1, limit - reserve(limit))
    moment = now
    for number in range(place):
        if len(left) >= limit:
            moment = max(moment, left[-limit] + CHANGES_WINDOW)
        may_use_reserve = is_urgent or number < stock
        if not may_use_reserve and len(left) >= unreserved:
            moment = max(moment, left[-unreserved] + UNRESERVED_WINDOW)
        left.append(moment)
    return moment


def is_short(
    queued: int, sent: Sequence[datetime], *, limit: int, now: datetime, stock: int = 0
) -> bool:
    """Tell whether not all that waits may leave now; `stock` of it are stock changes."""
    return queued > 0 and leaves_at(queued, sent, limit=limit, now=now, stock=stock) > now


def forecast(
    *,
    limit: int,
    sent: Sequence[datetime],
    queued: int,
    wanted: Sequence[datetime],
    now: datetime,
    stock: int = 0,
) -> Forecast | None:
    """Say how short a store's changes are; None while there is room for all that waits.

    `wanted`: when each change of the last hour was decided. `stock`: so many of `queued` are stock.
    """
    if not is_short(queued, sent, limit=limit, now=now, stock=stock):
        return None
    hour = timedelta(hours=1)
    takes_an_hour = limit * (hour // CHANGES_WINDOW)
    return Forecast(
        limit=limit,
        used=len(sent),
        needed=sum(now - moment < CHANGES_WINDOW for moment in wanted),
        queued=queued,
        ends_at=leaves_at(queued, sent, limit=limit, now=now, stock=stock),
        too_many=max(0, len(wanted) - takes_an_hour),
        stock=stock,
    )
