"""The send gate's rules: pace, budget, night and staleness hold for every sequence of messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.clock import ALMATY
from cube_demper.domain.messaging import rules
from cube_demper.domain.messaging.gate_schemas import (
    Limiter,
    MessageKind,
    Notice,
    Number,
    OrderStatus,
    PauseReason,
    Reader,
    Reason,
    TriggerEvent,
)

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
"""12:00 in Almaty."""
ORDER, REPLY, TEST = MessageKind.ORDER, MessageKind.REPLY, MessageKind.TEST
moments = st.integers(0, 400 * 86_400).map(lambda seconds: NOON + timedelta(seconds=seconds))


def almaty(hour: int, minute: int = 0, day: int = 27) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ALMATY)


class TestSpeaking:
    """A number that always has something to say."""

    @given(
        begins=moments,
        chances=st.lists(st.floats(0, 1), min_size=1, max_size=200),
        limit=st.integers(1, 100),
        days_before=st.integers(0, 12),
        is_warm=st.booleans(),
    )
    def test_never_too_often_too_many_or_at_night(
        self, begins: datetime, chances: list[float], limit: int, days_before: int, is_warm: bool
    ) -> None:
        number = Number(daily_limit=limit, days_before=days_before, is_warm=is_warm)
        now, sent = begins, []
        for chance in chances:
            number, now = self._wait(number, now)
            sent.append(now)
            number = replace(
                number,
                sent_today=number.sent_today + 1,
                free_at=rules.next_free(now, chance),
            )
        gaps = [later - earlier for earlier, later in pairwise(sent)]
        assert all(gap >= timedelta(seconds=30) for gap in gaps)
        assert all(time(9) <= at.astimezone(ALMATY).time() < time(21) for at in sent)
        by_day: dict[date, int] = {}
        for at in sent:
            by_day[rules.almaty_day(at)] = by_day.get(rules.almaty_day(at), 0) + 1
        assert max(by_day.values()) <= min(limit, 100)
        if not is_warm and days_before == 0:
            assert next(iter(by_day.values())) <= rules.WARM_UP[0]

    def _wait(self, number: Number, now: datetime) -> tuple[Number, datetime]:
        """Wait as the worker does: until the gate says, never longer than a few steps."""
        for _ in range(6):
            shut = rules.closed(number, ORDER, now)
            if shut is None:
                return number, now
            assert shut.until is not None
            assert shut.until > now
            if rules.almaty_day(shut.until) != rules.almaty_day(now):
                wrote = int(number.sent_today > 0)
                number = replace(number, sent_today=0, days_before=number.days_before + wrote)
            now = shut.until
        raise AssertionError("the gate never opens")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (Number(is_agreed=False), Reason.NOT_AGREED),
        (Number(is_stopped=True), Reason.STOPPED),
        (Number(pause=PauseReason.TIMELOCK), Reason.PAUSED),
        (Number(is_working=False), Reason.NOT_LINKED),
        (Number(sent_today=100, is_warm=True), Reason.BUDGET),
        (Number(free_at=NOON + timedelta(seconds=1)), Reason.PACE),
    ],
)
def test_what_shuts_a_number_shuts_it_for_a_person_too(number: Number, reason: Reason) -> None:
    for kind in MessageKind:
        shut = rules.closed(number, kind, NOON)
        assert shut is not None
        assert shut.reason is reason


@pytest.mark.parametrize(
    ("start", "end", "now", "opens"),
    [
        (time(21), time(9), almaty(20, 59), None),
        (time(21), time(9), almaty(21), almaty(9, day=28)),
        (time(21), time(9), almaty(3), almaty(9)),
        (time(21), time(9), almaty(9), None),
        (time(0), time(6), almaty(5, 59), almaty(6)),
        (time(13), time(14), almaty(13, 30), almaty(14)),
    ],
)
def test_quiet_hours(start: time, end: time, now: datetime, opens: datetime | None) -> None:
    assert rules.night_ends(Number(quiet_start=start, quiet_end=end), now) == opens


def test_a_person_may_answer_at_night_and_the_machine_may_not() -> None:
    night = almaty(23)
    assert rules.closed(Number(), REPLY, night) is None
    assert rules.closed(Number(), TEST, night) is None
    shut = rules.closed(Number(), MessageKind.BROADCAST, night)
    assert shut is not None
    assert shut.until == almaty(9, day=28)


class TestBudget:
    """How many a day, and what says so."""

    def test_a_new_number_warms_up_by_days_of_writing(self) -> None:
        steps = [rules.warm_budget(Number(days_before=d), NOON.date()) for d in range(9)]
        limits = [step.limit for step in steps]
        assert limits == sorted(limits)
        assert (limits[0], limits[-1]) == (20, 100)
        assert steps[0].limiter is Limiter.WARM_UP
        assert steps[-1].limiter is Limiter.SPEC

    def test_an_old_number_begins_in_the_middle(self) -> None:
        old = Number(in_use_since=date(2026, 1, 1))
        assert rules.warm_budget(old, NOON.date()).limit == 40

    def test_the_sellers_own_limit_is_never_raised(self) -> None:
        own = Number(daily_limit=10)
        assert rules.warm_budget(own, NOON.date()).limit == 10
        assert rules.warm_budget(own, NOON.date()).limiter is Limiter.SELLER

    def test_spent_today_goes_on_in_the_morning(self) -> None:
        shut = rules.closed(Number(sent_today=20), ORDER, NOON)
        assert shut is not None
        assert shut.until == almaty(9, day=28)


class TestStaleness:
    """What is no longer worth saying is not said."""

    @given(
        event=st.sampled_from(TriggerEvent),
        status=st.sampled_from([OrderStatus.CANCELLED, OrderStatus.RETURNED]),
    )
    def test_nothing_about_a_cancelled_order(
        self, event: TriggerEvent, status: OrderStatus
    ) -> None:
        notice = Notice(ORDER, event, order_status=status)
        assert rules.stale(notice, Reader(), NOON) is Reason.CANCELLED

    @pytest.mark.parametrize(
        ("event", "status", "reason"),
        [
            ("order_approved", "ACCEPTED_BY_MERCHANT", None),
            ("order_approved", "DELIVERY", Reason.MOVED_ON),
            ("order_shipped", "DELIVERY", None),
            ("order_shipped", "DELIVERED", Reason.MOVED_ON),
            ("order_delivered", "COMPLETED", Reason.MOVED_ON),
            ("review_request", "COMPLETED", None),
            ("review_request", "DELIVERED", Reason.MOVED_ON),
            ("order_approved", "UNKNOWN", Reason.MOVED_ON),
        ],
    )
    def test_an_event_is_told_while_the_order_stands_there(
        self, event: str, status: str, reason: Reason | None
    ) -> None:
        notice = Notice(ORDER, TriggerEvent(event), order_status=OrderStatus(status))
        assert rules.stale(notice, Reader(), NOON) is reason

    @pytest.mark.parametrize(
        ("notice", "reader", "reason"),
        [
            (Notice(ORDER, expires_at=NOON), Reader(), Reason.TOO_OLD),
            (Notice(ORDER, is_order_missing=True), Reader(), Reason.ORDER_GONE),
            (Notice(ORDER, is_switched_on=False), Reader(), Reason.SWITCHED_OFF),
            (Notice(ORDER), Reader(has_address=False), Reason.NO_PHONE),
            (Notice(ORDER), Reader(has_opted_out=True), Reason.OPTED_OUT),
            (Notice(ORDER), Reader(is_on_whatsapp=False), Reason.NOT_ON_WHATSAPP),
            (
                Notice(MessageKind.BROADCAST),
                Reader(has_opted_out=True, heard_at=NOON),
                Reason.OPTED_OUT,
            ),
            (Notice(REPLY), Reader(has_opted_out=True, heard_at=NOON), None),
            (Notice(REPLY), Reader(has_opted_out=True), Reason.OPTED_OUT),
        ],
    )
    def test_other_reasons(self, notice: Notice, reader: Reader, reason: Reason | None) -> None:
        assert rules.stale(notice, reader, NOON) is reason

    def test_every_event_has_a_place_and_a_life(self) -> None:
        assert set(rules.KEEPS) == set(TriggerEvent)
        assert set(rules.PRIORITIES) == set(MessageKind)


@given(text=st.text(max_size=2000), chance=st.floats(0, 1))
def test_typing_is_neither_instant_nor_endless(text: str, chance: float) -> None:
    assert 2 <= rules.typing_seconds(text, chance) <= 9


def test_numbers_are_looked_up_once_in_a_while() -> None:
    known = Reader(is_on_whatsapp=True)
    assert rules.is_check_due(Reader(), None, NOON)
    assert not rules.is_check_due(known, NOON - timedelta(days=89), NOON)
    assert rules.is_check_due(known, NOON - timedelta(days=90), NOON)
    assert rules.is_check_due(Reader(is_on_whatsapp=False), NOON - timedelta(days=30), NOON)
