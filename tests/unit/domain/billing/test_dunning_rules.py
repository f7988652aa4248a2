"""The schedule of an ending plan, whatever the hours at which the worker happens to look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.billing.dunning.rules import Act, Ending, due, lands_at, next_at

END = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
GRACE = END + timedelta(days=3)
_endings = st.builds(
    Ending,
    ends_at=st.just(END),
    grace_until=st.sampled_from([None, GRACE]),
    renews_itself=st.booleans(),
    is_cancelled=st.booleans(),
)


def play(ending: Ending, looks: list[datetime]) -> list[tuple[str, datetime]]:
    done: list[tuple[str, datetime]] = []
    for now in looks:
        done += [(step.name, now) for step in due(_with(ending, done), now)]
    return done


def _with(ending: Ending, done: list[tuple[str, datetime]]) -> Ending:
    names = frozenset(name for name, _ in done)
    return Ending(
        ending.ends_at, ending.grace_until, ending.renews_itself, ending.is_cancelled, done=names
    )


@given(_endings, st.lists(st.integers(-14 * 24, 8 * 24), min_size=1, max_size=30))
def test_each_step_is_done_once_and_none_too_early(ending: Ending, hours: list[int]) -> None:
    done = play(ending, [END + timedelta(hours=it) for it in sorted(hours)])
    names = [name for name, _ in done]
    assert len(names) == len(set(names))
    for name, at in done:
        if name == "land":
            assert at >= lands_at(ending)
        if name.startswith("remind"):
            assert at < END
        if name.startswith("charge"):
            assert ending.renews_itself
            assert not ending.is_cancelled
            assert at < lands_at(ending)
    if max(hours) >= 3 * 24:
        assert "land" in names


@given(_endings, st.integers(-14 * 24 * 60, 8 * 24 * 60))
def test_the_next_look_is_ahead_and_misses_nothing(ending: Ending, minutes: int) -> None:
    now = END + timedelta(minutes=minutes)
    names = [(step.name, now) for step in due(ending, now)]
    after = _with(ending, names)
    coming = next_at(after, now)
    assert coming > now
    between = due(after, now + (coming - now) / 2)
    assert all(step.act is not Act.LAND for step in between) or now >= lands_at(ending)


def test_a_reminder_that_was_missed_is_not_told_after_a_later_one() -> None:
    ending = Ending(END, GRACE, renews_itself=False, is_cancelled=False)
    looks = [END - timedelta(hours=hours) for hours in (20, 6, 1)]
    assert [name for name, _ in play(ending, looks)] == ["remind_1"]
