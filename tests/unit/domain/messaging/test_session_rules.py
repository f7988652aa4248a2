"""Statuses of a number as WAHA may tell them: in any order, twice, and with words nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.messaging.sessions import rules
from cube_demper.domain.messaging.sessions.schemas import SessionPhase

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
KNOWN = ("STOPPED", "STARTING", "SCAN_QR_CODE", "WORKING", "FAILED")
WORDS = st.sampled_from([*KNOWN, "PASSKEY_REQUIRED", "NEW_IN_2027"]) | st.text(max_size=40)
TELLINGS = st.lists(
    st.tuples(WORDS, st.integers(0, 50)), min_size=1, max_size=30, unique_by=lambda it: it[1]
)


def _heard(tellings: list[tuple[str, int]]) -> str:
    known, at = "", None
    for status, second in tellings:
        told_at = NOON + timedelta(seconds=second)
        if rules.is_news(at, told_at):
            known, at = status, told_at
    return known


@given(TELLINGS, st.randoms(), st.integers(1, 3))
def test_whatever_the_order_the_newest_status_stands(
    tellings: list[tuple[str, int]], chance: object, times: int
) -> None:
    newest = max(tellings, key=lambda it: it[1])[0]
    mixed = tellings * times
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert _heard(mixed) == newest


@given(WORDS)
def test_every_word_has_a_phase_and_an_unknown_one_asks_for_the_seller(status: str) -> None:
    phase = rules.phase_of(status)
    assert (phase is SessionPhase.NEEDS_ACTION) == (status not in KNOWN)


@given(st.sampled_from(SessionPhase), st.sampled_from(SessionPhase))
def test_the_seller_is_needed_only_when_a_number_that_worked_is_lost(
    before: SessionPhase, after: SessionPhase
) -> None:
    if rules.needs_seller(before, after):
        assert before in (SessionPhase.WORKING, SessionPhase.STARTING)
        assert after not in (SessionPhase.WORKING, SessionPhase.STARTING)
