"""The clock that follows the database's: a late answer must not set it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cube_demper.core.clock import SystemClock

TEN = datetime(2026, 11, 26, 10, tzinfo=UTC)


def test_the_databases_time_is_taken_as_of_the_middle_of_the_trip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SystemClock()
    monkeypatch.setattr(clock, "reading", lambda: 100.4)

    assert clock.correct(TEN, asked_at=100.0)

    assert abs(clock.now() - (TEN + timedelta(seconds=0.2))) < timedelta(milliseconds=1)


def test_an_answer_read_by_a_process_that_was_frozen_meanwhile_sets_no_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SystemClock()
    monkeypatch.setattr(clock, "reading", lambda: 400.0)
    before = clock.now()

    assert not clock.correct(TEN, asked_at=100.0)

    assert clock.now() == before
