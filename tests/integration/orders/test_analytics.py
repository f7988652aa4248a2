"""The report of orders: what counts as revenue, whose days and hours they are, and whose orders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from orders_made import seen, write
from records import add_store, add_user, seller

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import analytics
from cube_demper.domain.orders.analytics_schemas import SalesReport, Slice, Span
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.models.stores import KaspiStore

BOX = SecretBox(["key"])
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
"""14:30 in Almaty."""
PRICE = 1_299_000


async def _shop(db: Database) -> tuple[Actor, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        return seller(user), await add_store(tx, user)


async def _report(db: Database, actor: Actor, span: Span = Span.WEEK) -> SalesReport:
    async with db.read() as tx:
        return await analytics.report(tx, actor, span, NOW)


def _order(code: int, ago: timedelta, status: str = "COMPLETED", **given: object) -> SeenOrder:
    return seen(f"9000{code:05}", "ARCHIVE", status, NOW - ago, **given)


async def test_revenue_is_of_orders_neither_cancelled_nor_returned(db: Database) -> None:
    actor, store = await _shop(db)
    hour = timedelta(hours=1)
    orders = [
        _order(1, hour, goods=("Плед", "Фен")),
        _order(2, 30 * hour),
        _order(3, 31 * hour, "CANCELLED"),
        _order(4, 32 * hour, "RETURNED", goods=("Плед", "Фен")),
    ]
    await write(db, store, orders, NOW, secrets=BOX)
    totals = (await _report(db, actor)).totals
    assert (totals.orders, totals.kept, totals.revenue) == (4, 2, 3 * PRICE)
    assert totals.average == 3 * PRICE // 2
    assert (totals.cancelled, totals.cancelled_sum) == (1, PRICE)
    assert (totals.returned, totals.returned_sum) == (1, 2 * PRICE)
    assert totals.share(totals.cancelled) == 25


async def test_days_and_hours_are_of_almaty_and_none_is_missing(db: Database) -> None:
    actor, store = await _shop(db)
    evening = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)  # the 25th, 01:15, in Almaty
    await write(db, store, [_order(1, NOW - evening)], NOW, secrets=BOX)
    report = await _report(db, actor)
    assert [it.begins for it in report.bins] == [date(2026, 11, day) for day in range(21, 28)]
    assert {it.begins: it.orders for it in report.bins if it.orders} == {date(2026, 11, 25): 1}
    assert {hour: count for hour, count in enumerate(report.hours) if count} == {1: 1}


async def test_a_year_is_told_by_weeks_from_monday(db: Database) -> None:
    actor, store = await _shop(db)
    orders = [_order(1, timedelta(hours=1)), _order(2, timedelta(days=364))]
    await write(db, store, orders, NOW, secrets=BOX)
    bins = (await _report(db, actor, Span.YEAR)).bins
    assert {it.begins.weekday() for it in bins} == {0}
    assert sum(it.orders for it in bins) == 2
    assert len(bins) == 53


async def test_the_period_before_is_as_long_and_ends_at_the_same_time_of_day(db: Database) -> None:
    actor, store = await _shop(db)
    day, hour = timedelta(days=1), timedelta(hours=1)
    later_that_day = _order(2, 7 * day - hour)  # an hour after this time of day, a week ago
    orders = [_order(1, hour), later_that_day, _order(3, 7 * day + hour), _order(4, 60 * day)]
    await write(db, store, orders, NOW, secrets=BOX)
    report = await _report(db, actor)
    assert report.before is not None
    assert (report.totals.orders, report.before.orders) == (1, 1)


async def test_nothing_is_compared_with_days_that_we_did_not_read(db: Database) -> None:
    actor, store = await _shop(db)
    await write(db, store, [_order(1, timedelta(hours=1))], NOW, secrets=BOX)
    assert (await _report(db, actor)).before is None


async def test_small_cities_are_one_line_and_nothing_is_lost(db: Database) -> None:
    actor, store = await _shop(db)
    orders = [
        _order(
            number, timedelta(hours=number + 1), city_name=f"Город {number:02}" if number else None
        )
        for number in range(12)
    ]
    orders.append(_order(50, timedelta(hours=2), city_name="Алматы", goods=("Плед", "Фен")))
    await write(db, store, orders, NOW, secrets=BOX)
    report = await _report(db, actor)
    assert report.cities[0] == Slice("Алматы", 1, 2 * PRICE)
    assert len(report.cities) == 8
    assert report.rest_cities.orders == 5
    together = sum(it.revenue for it in report.cities) + report.rest_cities.revenue
    assert together == report.totals.revenue
    assert sum(it.revenue for it in report.categories) == report.totals.revenue


async def test_a_report_counts_the_sellers_own_orders_alone(db: Database) -> None:
    actor, store = await _shop(db)
    other, _ = await _shop(db)
    await write(db, store, [_order(1, timedelta(hours=1))], NOW, secrets=BOX)
    assert (await _report(db, other)).totals.orders == 0
    async with db.read() as tx:
        nothing = await analytics.report(tx, other, Span.WEEK, NOW, store.id)
        nowhere = await analytics.report(tx, actor, Span.WEEK, NOW, uuid4())
    assert (nothing.totals.orders, nowhere.totals.orders) == (0, 0)
