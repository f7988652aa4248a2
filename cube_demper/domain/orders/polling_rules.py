"""How far back orders are read, in which steps, and when again after a failure. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    RateLimited,
    Refused,
)
from cube_demper.models.orders import OrderSource
from cube_demper.models.polling import PollProblem

DEPTH: Final = timedelta(days=7)
"""How far back every reading goes (SPEC §5.1)."""
SWEEP_DEPTH: Final = timedelta(days=60)
"""How far back one reading a day goes: pre-orders take 30 days, returns come 14 later (KASPI.md §4.4)."""
SWEEP_EVERY: Final = timedelta(days=1)
IMPORT_DEPTH: Final = timedelta(days=365)
"""How far back the first import goes: a year, so that taxes and seasons can be told (chosen)."""
WINDOW: Final = timedelta(days=13)
"""Kaspi refuses windows of more than 14 days (KASPI.md §4.1)."""
FOLLOWED: Final = 30
"""Orders asked for one by one at the end of a reading, at most."""
_FIRST_WAIT: Final = timedelta(minutes=1)


def windows(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a time into windows that Kaspi answers for, the newest first."""
    end = until
    while end > since:
        start = max(since, end - WINDOW)
        yield start, end
        end = start


def problem_of(error: IntegrationError, source: OrderSource) -> PollProblem:
    """Name what stopped a reading."""
    match error:
        case CredentialsRejected():
            return PollProblem.TOKEN if source is OrderSource.API else PollProblem.SIGNED_OUT
        case Refused():
            return PollProblem.NO_RIGHT if source is OrderSource.CABINET else PollProblem.CHANGED
        case RateLimited():
            return PollProblem.CROWDED
        case ContractChanged():
            return PollProblem.CHANGED
    return PollProblem.SILENT


def wait_after(failures: int, interval: timedelta, error: IntegrationError | None) -> timedelta:
    """Return the pause after so many failures in a row: a minute, doubling, never over the interval."""
    if isinstance(error, RateLimited):
        return max(error.retry_after, _FIRST_WAIT)
    doublings: int = 2 ** min(max(failures - 1, 0), 10)
    return min(interval, _FIRST_WAIT * doublings)


def import_share(since: datetime | None, cursor: datetime | None, begun: datetime | None) -> int:
    """Return how much of the first import is done, in whole percent."""
    if since is None or cursor is None or begun is None or begun <= since:
        return 0
    return min(99, int((begun - cursor) / (begun - since) * 100))
