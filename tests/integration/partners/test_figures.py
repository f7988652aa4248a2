"""Figures by day: each event on its Almaty day, month ends too, whatever became of its row since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from partner_scene import SHARE, Programme
from records import NOON

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.partners import clicks, links, reading
from cube_demper.domain.partners.schemas import DayFigures, Report

DAY = timedelta(days=1)


async def report_at(it: Programme, now: datetime, days: int = 30) -> Report:
    async with it.db.read() as tx:
        return await reading.report(tx, it.actor, days, now)


def by_day(report: Report) -> dict[date, DayFigures]:
    return {it.day.date(): it for it in report.days}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 30, 18, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 30, 19, 0, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 31, 18, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 19, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 29, 18, 59, 59, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
async def test_the_last_second_of_a_month_belongs_to_it(
    programme: Programme, at: datetime, day: date
) -> None:
    await programme.buy(await programme.sign_up(at), at)
    for now in (at, at + DAY):
        (found,) = [it for it in (await report_at(programme, now)).days if it.clicks]
        assert found.day.date() == day
        assert (found.sign_ups, found.payments, found.earned) == (1, 1, SHARE)


@pytest.mark.parametrize("seed", range(3))
async def test_each_click_is_on_one_day_and_no_day_has_another(
    programme: Programme, seed: int
) -> None:
    draw = Random(seed)
    moments = [NOON + timedelta(minutes=draw.randint(0, 60 * 24 * 35)) for _ in range(40)]
    for number, at in enumerate(moments):
        await programme.click(at, ip=f"10.5.{seed}.{number}")
    end = NOON + 36 * DAY
    found = by_day(await report_at(programme, end, 90))
    wanted: dict[date, int] = {}
    for at in moments:
        day = at.astimezone(ALMATY).date()
        wanted[day] = wanted.get(day, 0) + 1
    assert {day: it.clicks for day, it in found.items() if it.clicks} == wanted
    async with programme.db.read() as tx:
        (link,) = await links.listing(tx, programme.actor)
    assert link.clicks == len(moments)


async def test_figures_outlive_the_clicks_that_made_them(
    programme: Programme, db: Database
) -> None:
    """A year against the year before: rows are kept for 400 days, figures for good."""
    await programme.click(NOON)
    await programme.click(NOON + timedelta(seconds=5))
    later = NOON + 500 * DAY
    await programme.click(later, ip="10.6.0.1")
    async with db.write() as tx:
        await clicks.forget_old(tx, SYSTEM, later)
    report = await report_at(programme, later, 365)
    assert (report.total.clicks, report.before.clicks) == (1, 1)
    assert report.left_out == {}
    async with db.read() as tx:
        (link,) = await links.listing(tx, programme.actor)
    assert link.clicks == 2
