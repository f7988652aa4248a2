"""When what is done about a plan that ends. Pure: a state goes in, the steps that are due come out.

Times are UTC; `ends_at` is the period's end, `now` the clock's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

REMIND_BEFORE: Final = {7: timedelta(days=7), 3: timedelta(days=3), 1: timedelta(days=1)}
"""Days before the end on which a person hears of it."""
CHARGE_BEFORE: Final = timedelta(hours=6)
"""A plan is renewed so long before its end, so that a declined card does not stop the bot."""
RETRY_AFTER: Final = (
    timedelta(hours=-6),
    timedelta(hours=12),
    timedelta(hours=36),
    timedelta(hours=60),
)
"""When a card is tried, counted from the end; the last try is well before the grace is over."""
LANDING_RETRY: Final = timedelta(minutes=10)
LANDING_GIVES_UP: Final = timedelta(hours=24)
"""A store that rests lands when its hours open; one that cannot be reached so long stays where it is."""


class Act(StrEnum):
    """What is to be done."""

    REMIND = "remind"
    CHARGE = "charge"
    GRACE = "grace"
    LAND = "land"


@dataclass(frozen=True, slots=True)
class Ending:
    """A subscription as its end is seen now."""

    ends_at: datetime
    grace_until: datetime | None
    renews_itself: bool
    """A saved card pays for it, or the balance alone."""
    is_cancelled: bool
    done: frozenset[str] = frozenset()
    """Names of the steps that were done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, once. `name` is its key; `days` of a reminder."""

    act: Act
    name: str
    at: datetime
    days: int = 0


def due(ending: Ending, now: datetime) -> list[Step]:
    """Return the steps to do now, in order. Of reminders that were missed only the latest is told."""
    passed = [it for it in _all(ending) if it.at <= now]
    late = [it for it in passed if it.name not in ending.done]
    latest = [it for it in passed if it.act is Act.REMIND][-1:]
    charges = [it for it in late if it.act is Act.CHARGE]
    over = now >= lands_at(ending)
    told = [it for it in latest if it in late] if now < ending.ends_at else []
    tries = [] if over else charges[-1:]
    rest = [it for it in late if it.act in (Act.GRACE, Act.LAND)]
    return [*told, *tries, *(it for it in rest if it.act is Act.LAND or not over)]


def next_at(ending: Ending, now: datetime) -> datetime:
    """Return when to look again: at the next step, at the latest when the plan is over."""
    coming = [it.at for it in _all(ending) if it.at > now and it.name not in ending.done]
    return min(coming, default=max(lands_at(ending), now + LANDING_RETRY))


def retry_at(ends_at: datetime, now: datetime) -> datetime | None:
    """Return when the card is tried next; None after the last try."""
    return min((ends_at + it for it in RETRY_AFTER if ends_at + it > now), default=None)


def lands_at(ending: Ending) -> datetime:
    """Return when the plan stops working."""
    return ending.grace_until or ending.ends_at


def _all(ending: Ending) -> Iterable[Step]:
    end = ending.ends_at
    for days, before in REMIND_BEFORE.items():
        yield Step(Act.REMIND, f"remind_{days}", end - before, days)
    if ending.renews_itself and not ending.is_cancelled:
        for number, after in enumerate(RETRY_AFTER):
            yield Step(Act.CHARGE, f"charge_{number}", end + after)
    if ending.grace_until is not None:
        yield Step(Act.GRACE, "grace", end)
    yield Step(Act.LAND, "land", lands_at(ending))
