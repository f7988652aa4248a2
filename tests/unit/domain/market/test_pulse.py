"""How lively a card is: what looks teach, and how soon it is believed."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.market.pulse import RATES, UNKNOWN, Pulse, learn, newborn, usual_of

LOOKS = st.lists(
    st.tuples(st.floats(0.003, 12), st.integers(0, 23), st.booleans()), min_size=1, max_size=40
)


def _watch(
    rate: float, every: float, hours: float, seed: int = 7, pulse: Pulse | None = None
) -> Pulse:
    """Look every `every` hours at a card that moves `rate` times an hour."""
    chance, at = random.Random(seed), 0.0
    pulse = pulse or newborn(UNKNOWN)
    while at < hours:
        at += every
        has_moved = chance.random() > math.exp(-rate * every)
        pulse = learn(pulse, hours=every, hour=int(at) % 24, has_moved=has_moved, usual=UNKNOWN)
    return pulse


@settings(deadline=None)
@given(LOOKS)
def test_levels_stay_probabilities_whatever_is_seen(looks: list[tuple[float, int, bool]]) -> None:
    pulse = newborn(UNKNOWN)
    for hours, hour, has_moved in looks:
        pulse = learn(pulse, hours=hours, hour=hour, has_moved=has_moved, usual=UNKNOWN)
    assert sum(pulse.levels) == pytest.approx(1, abs=1e-6)
    assert min(pulse.levels) > 1e-38, "the database keeps it as `real`"
    assert RATES[0] <= pulse.rate <= RATES[-1]
    assert all(pulse.habit(hour) > 0 for hour in range(24))


@settings(deadline=None)
@given(LOOKS, st.floats(0.01, 1))
def test_a_move_never_makes_a_card_look_quieter_than_no_move(
    looks: list[tuple[float, int, bool]], hours: float
) -> None:
    pulse = newborn(UNKNOWN)
    for gap, hour, has_moved in looks:
        pulse = learn(pulse, hours=gap, hour=hour, has_moved=has_moved, usual=UNKNOWN)
    moved = learn(pulse, hours=hours, hour=3, has_moved=True, usual=UNKNOWN)
    still = learn(pulse, hours=hours, hour=3, has_moved=False, usual=UNKNOWN)
    assert moved.rate >= still.rate


@pytest.mark.parametrize("rate", [0.25, 2.0, 16.0])
def test_the_rate_is_found_within_a_day(rate: float) -> None:
    pulse = _watch(rate, every=min(0.2, 0.5 / rate), hours=24)
    assert rate / 2.5 < pulse.rate < rate * 2.5


def test_moves_between_two_looks_are_not_taken_for_one() -> None:
    """Twenty moves an hour, seen every quarter: each look only says «moved»."""
    assert _watch(20.0, every=0.25, hours=24).rate > 8


def test_a_lively_card_that_falls_silent_is_believed_within_hours() -> None:
    lively = _watch(16.0, every=0.02, hours=3)
    assert _watch(0.0, every=0.25, hours=4, pulse=lively).rate < 1


def test_a_card_that_was_silent_for_a_week_is_believed_when_it_wakes() -> None:
    silent = _watch(0.0, every=12.0, hours=7 * 24)
    assert _watch(30.0, every=0.1, hours=2, pulse=silent).rate > 5


def test_unusual_hours_are_learned_and_unknown_ones_are_as_ever() -> None:
    """Two moves an hour from 9 to 21, none at night, for a week."""
    chance, pulse, at = random.Random(1), newborn(UNKNOWN), 0.0
    while at < 7 * 24:
        at += 0.1
        hour = int(at) % 24
        has_moved = 9 <= hour < 21 and chance.random() > math.exp(-0.2)
        pulse = learn(pulse, hours=0.1, hour=hour, has_moved=has_moved, usual=UNKNOWN)
    day = min(pulse.habit(hour) for hour in range(10, 20))
    night = max(pulse.habit(hour) for hour in [*range(23, 24), *range(8)])
    assert day > 2 * night
    assert newborn(UNKNOWN).habit(12) == 1


def test_what_is_usual_does_not_drift_while_nothing_is_learned() -> None:
    """New cards are as usual, and the usual is what cards are: it must not feed on itself."""
    usual = UNKNOWN
    for _ in range(10_000):
        usual = usual_of(5_000, newborn(usual).levels)
    assert usual == pytest.approx(UNKNOWN)


def test_what_is_usual_follows_many_cards_and_keeps_every_rate_possible() -> None:
    quiet = (1.0, *(0.0 for _ in RATES[1:]))
    few, many = usual_of(100, quiet), usual_of(10_000, quiet)

    assert UNKNOWN[0] < few[0] < many[0]
    assert all(level > 0 for level in many)
    assert sum(many) == pytest.approx(1)
