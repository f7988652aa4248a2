"""How far back orders are read, and when again."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.domain.orders import polling_rules as rules
from cube_demper.models.orders import OrderSource
from cube_demper.models.polling import PollProblem

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
API, CABINET = OrderSource.API, OrderSource.CABINET
INTERVAL = timedelta(minutes=10)


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_windows_cover_the_whole_time_and_none_is_too_long(depth: timedelta) -> None:
    found = list(rules.windows(NOON - depth, NOON))
    assert (found[0][1], found[-1][0]) == (NOON, NOON - depth)
    assert all(end - start <= timedelta(days=14) for start, end in found)
    assert all(later[0] == earlier[1] for later, earlier in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("error", "source", "problem"),
    [
        (CredentialsRejected(), API, PollProblem.TOKEN),
        (CredentialsRejected(), CABINET, PollProblem.SIGNED_OUT),
        (Refused(), CABINET, PollProblem.NO_RIGHT),
        (Refused(), API, PollProblem.CHANGED),
        (RateLimited(timedelta(minutes=1)), API, PollProblem.CROWDED),
        (ContractChanged(), API, PollProblem.CHANGED),
        (Unreachable(), API, PollProblem.SILENT),
    ],
)
def test_what_stops_a_reading_has_a_name(
    error: IntegrationError, source: OrderSource, problem: PollProblem
) -> None:
    assert rules.problem_of(error, source) is problem


def test_failures_back_off_but_never_over_the_interval() -> None:
    waits = [rules.wait_after(number, INTERVAL, Unreachable()) for number in range(1, 7)]
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 2, 4, 8, 10, 10]
    asked = RateLimited(timedelta(minutes=30))
    assert rules.wait_after(1, INTERVAL, asked) == timedelta(minutes=30)


def test_progress_is_never_done_before_the_end() -> None:
    since = NOON - timedelta(days=100)
    assert rules.import_share(since, NOON, NOON) == 0
    assert rules.import_share(since, NOON - timedelta(days=50), NOON) == 50
    assert rules.import_share(since, since, NOON) == 99
    assert rules.import_share(None, None, None) == 0
