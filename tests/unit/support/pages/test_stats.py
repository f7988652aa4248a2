"""Support's figures in words, and days without any."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from cube_demper.domain.support.schemas import DayStats, PersonStats
from support.pages.stats.figures import answers_figure, every_day, matters_figure
from support.pages.stats.rows import person_row, totals_of

DAY = date(2026, 11, 27)


def test_days_without_anything_stand_among_the_others() -> None:
    days = every_day([DayStats(DAY, 3, 2, 1, 1)], DAY - timedelta(days=2), DAY)
    assert [(it.day.day, it.opened) for it in days] == [(25, 0), (26, 0), (27, 3)]


def test_sums_say_what_to_see() -> None:
    days = every_day([DayStats(DAY, 3, 4, 1, 1)], DAY - timedelta(days=6), DAY)
    totals = totals_of(days)
    assert (totals.opened, totals.answered, totals.closed, totals.late) == ("3", "4", "1", "1")
    assert totals.late_share == "25\u00a0%"
    assert totals.matters.startswith("Больше всего 27\u00a0ноя: 3\u00a0обращения.")
    assert "открыто на 2 больше, чем закрыто" in totals.matters
    assert not totals_of(every_day([], DAY, DAY)).has_any


def test_late_answers_stand_on_top_of_those_in_time() -> None:
    days = [DayStats(DAY, 3, 4, 1, 1)]
    in_time, late = answers_figure(days).data
    assert (list(in_time.y), list(late.y)) == ([3], [1])
    assert [list(it.y) for it in matters_figure(days).data] == [[3], [1]]


def test_a_person_without_answers_has_no_median_and_no_rating() -> None:
    row = person_row(PersonStats(uuid4(), "Алия", 0, 0, 2, None, 0, None, 0))
    assert (row.median, row.rating, row.ratings, row.late_tone) == ("—", "—", "", "green")
    told = person_row(PersonStats(uuid4(), "Алия", 9, 8, 2, timedelta(minutes=7), 1, 4.666, 3))
    assert (told.median, told.rating, told.ratings) == (
        "7\u00a0мин", "4,7 из 5", "3\u00a0оценки",
    )  # fmt: skip
