"""How many looks are begun at once: none of them may wait longer for its leave than leaves wait."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.integrations.kaspi.limits.rules import LONGEST_WAIT
from workers.checking import in_flight_at_most


@given(st.integers(1, 60), st.integers(1, 16))
def test_together_they_have_their_leave_in_time(looks_a_second: int, workers: int) -> None:
    together = workers * in_flight_at_most(looks_a_second, workers)

    least = 2 * workers
    assert together == least or together / looks_a_second < LONGEST_WAIT.total_seconds()


@given(st.integers(2, 60))
def test_one_worker_can_use_all_though_answers_take_two_seconds(
    looks_a_second: int,
) -> None:
    assert in_flight_at_most(looks_a_second, 1) / 2 >= looks_a_second
