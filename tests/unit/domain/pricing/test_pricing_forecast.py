"""When queued changes leave, and when that is said at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import T0, minutes

from cube_demper.domain.pricing.forecast import Forecast, forecast, is_short, leaves_at
from cube_demper.domain.pricing.worth import CHANGES_WINDOW, UNRESERVED_WINDOW, reserve

_LIMITS = st.integers(1, 60)
_SENT = st.lists(st.integers(1, 1_799).map(lambda ago: T0 - timedelta(seconds=ago)), max_size=80)


def _sent(*ago: float) -> list[datetime]:
    return [T0 - minutes(it) for it in ago]


def test_while_there_is_room_for_all_nothing_is_said() -> None:
    sent = _sent(*[10] * 62)
    assert leaves_at(163, sent, limit=250, now=T0) == T0
    assert forecast(limit=250, sent=sent, queued=163, wanted=[], now=T0) is None
    assert not is_short(0, _sent(*[1] * 250), limit=250, now=T0)


def test_the_next_leave_as_the_window_frees_the_reserve_left_alone() -> None:
    sent = _sent(*[20] * 100, *[5] * 125)
    foretold = [leaves_at(place, sent, limit=250, now=T0) - T0 for place in (1, 25, 26, 100, 101)]
    assert foretold == [minutes(it) for it in (7, 7, 10, 10, 22)]
    assert leaves_at(1, sent, limit=250, now=T0, is_urgent=True) == T0


def test_a_long_queue_goes_around_the_window_several_times() -> None:
    sent = _sent(*[20] * 225)
    foretold = [leaves_at(place, sent, limit=250, now=T0) - T0 for place in (225, 226, 500)]
    assert foretold == [minutes(it) for it in (10, 34, 64)]


def test_the_forecast_counts_what_was_wanted_and_what_is_too_much() -> None:
    wanted = _sent(*[10] * 410, *[40] * 300)
    found = forecast(limit=250, sent=_sent(*[10] * 225), queued=160, wanted=wanted, now=T0)
    assert found == Forecast(
        limit=250, used=225, needed=410, queued=160, ends_at=T0 + minutes(20), too_many=210
    )


@settings(deadline=None)
@given(st.integers(1, 300), _SENT, _LIMITS, st.booleans())
def test_nobody_leaves_in_the_past_and_the_queue_keeps_its_order(
    place: int, sent: list[datetime], limit: int, is_urgent: bool
) -> None:
    first = leaves_at(place, sent, limit=limit, now=T0, is_urgent=is_urgent)
    assert first >= T0
    assert leaves_at(place + 1, sent, limit=limit, now=T0, is_urgent=is_urgent) >= first
    assert leaves_at(place, sent, limit=limit, now=T0, is_urgent=True) <= leaves_at(
        place, sent, limit=limit, now=T0
    )


@settings(deadline=None)
@given(st.integers(1, 100), _SENT, _LIMITS)
def test_what_leaves_at_the_foretold_moments_never_exceeds_kaspis_limit(
    queued: int, sent: list[datetime], limit: int
) -> None:
    sent = sorted(sent)[-limit:]
    leaving = [leaves_at(place, sent, limit=limit, now=T0) for place in range(1, queued + 1)]
    for moment in leaving:
        since = [moment - it for it in (*sent, *leaving) if it <= moment]
        assert sum(it < CHANGES_WINDOW for it in since) <= limit
        assert sum(it < UNRESERVED_WINDOW for it in since) <= max(1, limit - reserve(limit))
