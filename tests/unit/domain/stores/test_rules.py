"""Settings of the bot as typed by a person, and the hours in which it may work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.clock import ALMATY
from cube_demper.domain.stores import rules
from cube_demper.domain.stores.errors import InvalidSettings
from cube_demper.domain.stores.schemas import BotSettings, SettingsForm, WorkHours

_FORM = SettingsForm(
    price_step="1",
    check_interval_minutes="15",
    work_hours_start="09:00",
    work_hours_end="21:00",
)
_INSTANTS = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
_TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=ALMATY).astimezone(UTC)


class TestReadForm:
    def test_good_form_becomes_settings_in_tiyn(self) -> None:
        settings = rules.read_form(
            replace(
                _FORM,
                price_step="1 500",
                min_profit="2 000 ₸",
                excluded_merchant_ids="30000001, 30000002\n30000001",
                min_rating="4,5",
                min_reviews="10",
                ignore_preorder=True,
            )
        )
        assert settings.price_step == 150_000
        assert settings.min_profit == 200_000
        assert settings.hours == WorkHours(time(9), time(21))
        assert settings.excluded_merchant_ids == ("30000001", "30000002")
        assert settings.rival_filters.to_json() == {
            "min_rating": 4.5,
            "min_reviews": 10,
            "ignore_preorder": True,
        }

    def test_round_the_clock_forgets_the_hours(self) -> None:
        assert rules.read_form(replace(_FORM, is_round_the_clock=True)).hours == WorkHours()

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("price_step", "0"),
            ("price_step", "-1"),
            ("price_step", "1,5"),
            ("price_step", "0.5"),
            ("price_step", "много"),
            ("price_step", ""),
            ("check_interval_minutes", "0"),
            ("check_interval_minutes", "0,5"),
            ("check_interval_minutes", "-15"),
            ("check_interval_minutes", "1441"),
            ("check_interval_minutes", ""),
            ("check_interval_minutes", "٣"),
            ("work_hours_start", "25:99"),
            ("work_hours_start", "9"),
            ("work_hours_end", "24:00"),
            ("work_hours_end", "99:99"),
            ("work_hours_end", "09:00"),
            ("work_hours_end", ""),
            ("min_profit", "-100"),
            ("min_profit", "10,5"),
            ("excluded_merchant_ids", "Магазин"),
            ("excluded_merchant_ids", "1'; drop table"),
            ("only_merchants", "a/b"),
            ("min_rating", "5,1"),
            ("min_rating", "NaN"),
            ("min_reviews", "-1"),
        ],
    )
    def test_bad_field_is_refused_with_a_russian_sentence_under_it(
        self, field: str, text: str
    ) -> None:
        with pytest.raises(InvalidSettings) as refused:
            rules.read_form(replace(_FORM, **{field: text}))
        assert set(refused.value.fields) == {field}
        assert refused.value.fields[field].endswith(".")

    def test_start_left_out_is_refused(self) -> None:
        with pytest.raises(InvalidSettings) as refused:
            rules.read_form(replace(_FORM, work_hours_start=""))
        assert "work_hours_end" in refused.value.fields

    def test_both_hours_left_out_is_not_taken_for_round_the_clock(self) -> None:
        with pytest.raises(InvalidSettings):
            rules.read_form(replace(_FORM, work_hours_start="", work_hours_end=""))

    def test_every_bad_field_is_named_at_once(self) -> None:
        with pytest.raises(InvalidSettings) as refused:
            rules.read_form(replace(_FORM, price_step="0", check_interval_minutes="0"))
        assert set(refused.value.fields) == {"price_step", "check_interval_minutes"}

    def test_store_cannot_be_both_excluded_and_the_only_rival(self) -> None:
        with pytest.raises(InvalidSettings) as refused:
            rules.read_form(replace(_FORM, excluded_merchant_ids="7", only_merchants="7"))
        assert set(refused.value.fields) == {"only_merchants"}


class TestCheckSettings:
    @pytest.mark.parametrize(
        "change",
        [
            {"price_step": 0},
            {"price_step": 150},
            {"price_step": -100},
            {"check_interval_minutes": 0},
            {"check_interval_minutes": 1441},
            {"hours": WorkHours(time(9), None)},
            {"hours": WorkHours(None, time(9))},
            {"hours": WorkHours(time(9), time(9))},
            {"min_profit": -100},
            {"min_profit": 150},
            {"excluded_merchant_ids": ("",)},
            {"excluded_merchant_ids": tuple(map(str, range(201)))},
        ],
    )
    def test_bad_settings_are_refused_whoever_built_them(self, change: dict[str, object]) -> None:
        settings = BotSettings(price_step=100, check_interval_minutes=15)
        rules.check_settings(settings)
        with pytest.raises(InvalidSettings):
            rules.check_settings(replace(settings, **change))


class TestWorkHours:
    def test_round_the_clock_is_always_open(self) -> None:
        assert rules.is_open(WorkHours(), _at(3))
        assert rules.next_open(WorkHours(), _at(3)) == _at(3)

    @pytest.mark.parametrize(
        ("hour", "minute", "expected"),
        [(8, 59, False), (9, 0, True), (20, 59, True), (21, 0, False), (2, 0, False)],
    )
    def test_day_window(self, hour: int, minute: int, expected: bool) -> None:
        assert rules.is_open(WorkHours(time(9), time(21)), _at(hour, minute)) is expected

    @pytest.mark.parametrize(
        ("hour", "expected"),
        [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)],
    )
    def test_window_may_cross_midnight(self, hour: int, expected: bool) -> None:
        assert rules.is_open(WorkHours(time(22), time(6)), _at(hour)) is expected

    def test_next_opening_is_today_or_tomorrow(self) -> None:
        hours = WorkHours(time(9), time(21))
        assert rules.next_open(hours, _at(8)) == _at(9)
        assert rules.next_open(hours, _at(22)) == _at(9) + timedelta(days=1)

    def test_window_that_crossed_midnight_began_yesterday(self) -> None:
        hours = WorkHours(time(22), time(6))
        assert rules.opened_at(hours, _at(3)) == _at(22) - timedelta(days=1)
        assert rules.opened_at(hours, _at(23)) == _at(22)
        assert rules.opened_at(hours, _at(12)) is None

    @given(start=_TIMES, end=_TIMES, now=_INSTANTS)
    def test_next_opening_is_open_within_a_day_and_never_past(
        self, start: time, end: time, now: datetime
    ) -> None:
        if start == end:
            return
        hours = WorkHours(start, end)
        opening = rules.next_open(hours, now)
        assert now <= opening <= now + timedelta(days=1)
        assert rules.is_open(hours, opening)
