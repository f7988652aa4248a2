"""What we promise and how it is counted: by working hours, the sooner the higher the plan. Pure.

Figures are ours (there is no law on it): PRO pays for speed, FREE is answered within a working day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.domain.support.schemas import Sla

BEGINS: Final = time(9)
ENDS: Final = time(21)
"""Every day, by Almaty."""
_DAY: Final = timedelta(hours=ENDS.hour - BEGINS.hour)


@dataclass(frozen=True, slots=True)
class Promise:
    """Working hours until the first answer, and until the matter is closed."""

    answer: timedelta
    resolve: timedelta


PROMISES: Final[Mapping[int, Promise]] = MappingProxyType(
    {
        2: Promise(timedelta(minutes=15), timedelta(hours=4)),
        1: Promise(timedelta(hours=1), timedelta(hours=12)),
        0: Promise(timedelta(hours=4), timedelta(hours=36)),
    }
)
"""By `plans.priority`: PRO, BASIC, FREE."""


def promise(priority: int) -> Promise:
    """Return the promise of a priority; one that is not known is the nearest."""
    return PROMISES[min(max(priority, min(PROMISES)), max(PROMISES))]


def is_working(at: datetime) -> bool:
    """Tell whether support works now."""
    return BEGINS <= at.astimezone(ALMATY).time() < ENDS


def add_working(start: datetime, span: timedelta) -> datetime:
    """Return the instant when `span` of working hours after `start` is over."""
    at = _to_working(start)
    left = span
    while True:
        end = at.replace(hour=ENDS.hour, minute=0, second=0, microsecond=0)
        if left <= end - at:
            return (at + left).astimezone(start.tzinfo)
        left -= end - at
        at = _next_morning(at)


def working_between(start: datetime, end: datetime) -> timedelta:
    """Count working hours from `start` to `end`; nothing when it ends before it starts."""
    if end <= start:
        return timedelta()
    return _since_epoch(end) - _since_epoch(start)


def sla_of(
    *,
    answer_due_at: datetime,
    resolve_due_at: datetime,
    answered_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
) -> Sla:
    """Return how a matter stands at `now`."""
    answer_end = answered_at or closed_at or now
    resolve_end = closed_at or now
    left = None
    if closed_at is None:
        due = resolve_due_at if answered_at else answer_due_at
        left = working_between(now, due) if now <= due else -working_between(due, now)
    return Sla(
        answer_due_at=answer_due_at,
        resolve_due_at=resolve_due_at,
        answered_at=answered_at,
        closed_at=closed_at,
        is_answer_late=answer_end > answer_due_at,
        is_resolve_late=resolve_end > resolve_due_at,
        left=left,
    )


def _to_working(at: datetime) -> datetime:
    local = at.astimezone(ALMATY)
    morning = local.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)
    if local < morning:
        return morning
    return local if local.time() < ENDS else _next_morning(local)


def _next_morning(local: datetime) -> datetime:
    following = local + timedelta(days=1)
    return following.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)


def _since_epoch(at: datetime) -> timedelta:
    """Return working time since an old day: a difference of two is the working time between."""
    local = at.astimezone(ALMATY)
    morning = local.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)
    today = min(max(local - morning, timedelta()), _DAY)
    return local.toordinal() * _DAY + today
