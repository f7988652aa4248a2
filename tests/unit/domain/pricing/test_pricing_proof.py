"""When sent prices are looked for in the window."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import T0, minutes

from cube_demper.domain.pricing.proof import (
    EARLIEST_LOOK,
    ENOUGH_SEEN,
    USUAL_LOOKS,
    first_look_after,
    next_look_at,
)

_SECONDS = st.integers(1, 2_000).map(lambda it: timedelta(seconds=it))


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_the_first_look_is_at_90_seconds_until_the_store_is_known() -> None:
    assert first_look_after([]) == _seconds(90)
    assert first_look_after([_seconds(30)] * (ENOUGH_SEEN - 1)) == _seconds(90)


def test_a_store_that_is_always_seen_at_the_first_look_is_looked_at_sooner_and_sooner() -> None:
    after = _seconds(90)
    for _ in range(20):
        after = first_look_after([after] * ENOUGH_SEEN)
    assert after == EARLIEST_LOOK


def test_misses_put_the_first_look_back() -> None:
    quick = [_seconds(25)] * 16
    assert first_look_after([*quick, *[_seconds(90)] * 4]) == _seconds(72)


@given(st.lists(_SECONDS, max_size=30))
def test_the_first_look_is_never_later_than_the_design_says(seen: list[timedelta]) -> None:
    assert EARLIEST_LOOK <= first_look_after(seen) <= USUAL_LOOKS[0]


@given(_SECONDS)
def test_after_an_early_look_come_the_usual_three_and_no_more(first: timedelta) -> None:
    looked_at, looks = T0 + min(first, USUAL_LOOKS[0]), 1
    while (again := next_look_at(T0, looked_at)) is not None:
        looked_at, looks = again, looks + 1
    assert looks == (3 if first >= USUAL_LOOKS[0] else 4)
    assert looked_at == T0 + minutes(9)


def test_a_look_that_comes_late_ends_the_wait_at_once() -> None:
    assert next_look_at(T0, T0 + minutes(20)) is None
    assert next_look_at(T0, T0 + minutes(5)) == T0 + minutes(9)
