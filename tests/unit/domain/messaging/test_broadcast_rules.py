"""The forecast is what the gate then does, and the danger names what makes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.core.clock import ALMATY
from cube_demper.domain.messaging import rules as gate
from cube_demper.domain.messaging.broadcasts.rules import forecast, risk, share
from cube_demper.domain.messaging.broadcasts.schemas import Audience, Cause, Danger, Load, Reach
from cube_demper.domain.messaging.gate_schemas import MessageKind, Number

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
"""12:00 in Almaty."""
NAMED = "{customer_name}, спасибо! Напишите «стоп», и мы не побеспокоим."


class Gate:
    """A number that sends by the gate's own rules: notices at even times, broadcasts between them."""

    def __init__(self, number: Number, notices: int, now: datetime) -> None:
        self.number, self.notices, self.now = number, notices, now
        self.said = 0
        self.due = [at for at in self._moments() if at > now]

    def write_to(self, people: int) -> date:
        while people:
            self._wait()
            is_notice = bool(self.due) and self.due[0] <= self.now
            if is_notice:
                self.due.pop(0)
            elif self.said < share(self.number, Load(self.notices), gate.almaty_day(self.now)):
                people, self.said = people - 1, self.said + 1
            else:
                self._skip()
                continue
            self.now += timedelta(seconds=6)
            self.number = replace(
                self.number,
                sent_today=self.number.sent_today + 1,
                free_at=gate.next_free(self.now, 0.5),
            )
        return gate.almaty_day(self.now)

    def _wait(self) -> None:
        while (shut := gate.closed(self.number, MessageKind.BROADCAST, self.now)) is not None:
            assert shut.until is not None
            self._go_to(shut.until)

    def _skip(self) -> None:
        midnight = datetime.combine(gate.almaty_day(self.now) + timedelta(days=1), time(), ALMATY)
        self._go_to(self.due[0] if self.due else midnight)

    def _go_to(self, moment: datetime) -> None:
        is_next_day = gate.almaty_day(moment) > gate.almaty_day(self.now)
        self.now = moment
        if is_next_day:
            wrote = self.number.sent_today > 0
            before = self.number.days_before + wrote
            self.number = replace(self.number, sent_today=0, days_before=before)
            self.said, self.due = 0, self._moments()

    def _moments(self) -> list[datetime]:
        day = gate.almaty_day(self.now)
        opens = datetime.combine(day, self.number.quiet_end, ALMATY)
        closes = datetime.combine(day, self.number.quiet_start, ALMATY)
        step = (closes - opens) / max(self.notices, 1)
        return [opens + step * (number + 0.5) for number in range(self.notices)]


@settings(max_examples=150, deadline=None)
@given(
    people=st.integers(1, 400),
    limit=st.integers(5, 100),
    notices=st.integers(0, 60),
    days_before=st.integers(0, 9) | st.none(),
    minutes=st.integers(0, 24 * 60 - 1),
)
def test_the_gate_is_done_when_the_forecast_says(
    people: int, limit: int, notices: int, days_before: int | None, minutes: int
) -> None:
    now, is_warm = NOON + timedelta(minutes=minutes), days_before is None
    number = Number(daily_limit=limit, days_before=days_before or 0, is_warm=is_warm)
    told = forecast(number, people, Load(notices), now)
    if told.ends_on is None:
        assert notices > limit - people / 366 - 1
        return
    done = Gate(number, notices, now).write_to(people)
    assert abs((done - told.ends_on).days) <= 1
    assert told.days == (told.ends_on - gate.almaty_day(now)).days + 1
    assert told.a_day <= limit


def test_a_hundred_a_day_after_what_orders_take() -> None:
    number = Number(is_warm=True)
    assert forecast(number, 1_000, Load(), NOON).days == 10
    assert forecast(number, 1_000, Load(notices_a_day=50), NOON).days == 20
    assert forecast(number, 10, Load(), NOON).ends_on == date(2026, 11, 27)


def test_at_night_it_begins_in_the_morning() -> None:
    night = datetime(2026, 11, 27, 22, tzinfo=ALMATY)
    assert forecast(Number(is_warm=True), 10, Load(), night).ends_on == date(2026, 11, 28)


def test_orders_that_take_the_whole_budget_leave_no_end() -> None:
    told = forecast(Number(is_warm=True), 10, Load(notices_a_day=100), NOON)
    assert (told.ends_on, told.a_day) == (None, 0)


def test_a_new_number_warms_up_meanwhile() -> None:
    # 20 + 25 + 30 + 40 = 115
    assert forecast(Number(), 115, Load(), NOON).days == 4
    assert forecast(Number(), 116, Load(), NOON).days == 5


@pytest.mark.parametrize(
    ("cause", "reach", "number", "a_day", "text"),
    [
        (Cause.COLD_A_DAY, Reach(100, 15), Number(is_warm=True), 40, NAMED),
        (Cause.COLD_SHARE, Reach(10, 5), Number(is_warm=True), 10, NAMED),
        (Cause.NEW_NUMBER, Reach(10), Number(), 10, NAMED),
        (Cause.SAME_TEXT, Reach(10), Number(is_warm=True), 10, "Скидка! Или напишите стоп"),
        (Cause.LINK, Reach(10), Number(is_warm=True), 10, f"{NAMED} shop.kz"),
        (Cause.MANY_A_DAY, Reach(100), Number(is_warm=True), 50, NAMED),
        (Cause.NO_WAY_OUT, Reach(10), Number(is_warm=True), 10, "{customer_name}, спасибо!"),
    ],
)
def test_each_cause_of_danger(
    cause: Cause, reach: Reach, number: Number, a_day: int, text: str
) -> None:
    found = risk(reach, number, a_day, (text, ""))
    assert found.causes == (cause,)
    assert found.danger is Danger.MEDIUM


def test_a_calm_broadcast_and_a_wild_one() -> None:
    assert risk(Reach(10), Number(is_warm=True), 10, (NAMED,)).danger is Danger.LOW
    wild = risk(Reach(500, 480), Number(), 20, ("Скидки http://shop.kz",))
    assert wild.danger is Danger.HIGH
    assert wild.causes[0] is Cause.COLD_A_DAY


def test_a_filter_comes_back_as_it_was_kept() -> None:
    audience = Audience(since=date(2026, 1, 1), city="Алматы", least_orders=2, only_wrote=True)
    assert Audience.from_json(audience.as_json()) == audience
    assert Audience.from_json({}) == Audience()
