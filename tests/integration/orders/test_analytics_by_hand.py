"""Every figure of the report of orders, counted by hand on ten orders around midnight in Almaty."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from orders_made import seen, write
from records import add_store, add_user, seller

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import analytics, listing
from cube_demper.domain.orders.addresses import read_filters
from cube_demper.domain.orders.analytics_schemas import DaySales, SalesReport, Slice, Span, Totals
from cube_demper.domain.orders.seen_schemas import SeenItem, SeenOrder
from cube_demper.seller.pages.orders_analytics.figures import days_figure, hours_figure
from cube_demper.seller.pages.orders_analytics.rows import report_view

BOX = SecretBox(["key"])
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
"""14:30 of Friday the 27th in Almaty: seven days are the 21st to the 27th."""
TENGE = 100


def _order(code: int, almaty: str, status: str, *goods: tuple[str, int], **given: Any) -> SeenOrder:
    """Return an order of `goods` (category, tenge) placed at «day hour:minute» of November."""
    day, clock = almaty.split()
    placed = datetime.fromisoformat(f"2026-11-{day}T{clock}+05:00")
    items = tuple(
        SeenItem(
            number=number,
            name=category,
            quantity=Decimal(1),
            base_price=tenge * TENGE,
            total_price=tenge * TENGE,
            category_name=category or None,
        )
        for number, (category, tenge) in enumerate(goods)
    )
    total = sum(it.total_price for it in items)
    return seen(
        f"90000{code:04}", "ARCHIVE", status, placed, items=items, total_price=total, **given
    )


WEEK = [
    _order(1, "21 00:00", "COMPLETED", ("Пледы", 10_000)),
    _order(2, "21 23:59", "COMPLETED", ("Фены", 5_000), ("Пледы", 1_000)),
    _order(3, "22 00:00", "CANCELLED", ("Фены", 7_000)),
    _order(4, "25 10:15", "COMPLETED", ("Фены", 4_000), city_name="Астана"),
    _order(5, "25 10:59", "RETURNED", ("Пледы", 3_000), city_name="Астана"),
    _order(6, "26 11:00", "CANCELLED", ("Пледы", 2_000)),
    _order(7, "27 00:00", "COMPLETED", ("", 6_000), city_name=None),
    _order(8, "27 14:29", "COMPLETED", ("Фены", 4_000)),
]
BEFORE = [
    _order(20, "20 14:31", "COMPLETED", ("Пледы", 90_000)),  # past this time of day, a week ago
    _order(21, "20 14:29", "COMPLETED", ("Пледы", 12_000)),
    _order(22, "14 00:00", "CANCELLED", ("Пледы", 9_000)),
    _order(23, "13 23:59", "COMPLETED", ("Пледы", 50_000)),  # before the period before
]


@pytest.fixture
async def actor(db: Database) -> Actor:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
    await write(db, store, [*WEEK, *BEFORE], NOW, secrets=BOX)
    return seller(user)


async def _report(db: Database, actor: Actor) -> SalesReport:
    async with db.read() as tx:
        return await analytics.report(tx, actor, Span.WEEK, NOW)


async def test_totals_and_the_period_before(db: Database, actor: Actor) -> None:
    report = await _report(db, actor)
    assert report.totals == Totals(
        orders=8,
        kept=5,
        revenue=30_000 * TENGE,  # 10,000 + 6,000 + 4,000 + 6,000 + 4,000
        cancelled=2,
        cancelled_sum=9_000 * TENGE,
        returned=1,
        returned_sum=3_000 * TENGE,
    )
    assert report.totals.average == 6_000 * TENGE
    assert report.before == Totals(
        orders=2, kept=1, revenue=12_000 * TENGE, cancelled=1, cancelled_sum=9_000 * TENGE
    )


async def test_days_hours_categories_and_cities(db: Database, actor: Actor) -> None:
    report = await _report(db, actor)
    assert report.bins == (
        DaySales(date(2026, 11, 21), 2, 2, 16_000 * TENGE),
        DaySales(date(2026, 11, 22), 1, 0, 0),
        DaySales(date(2026, 11, 23), 0, 0, 0),
        DaySales(date(2026, 11, 24), 0, 0, 0),
        DaySales(date(2026, 11, 25), 2, 1, 4_000 * TENGE),
        DaySales(date(2026, 11, 26), 1, 0, 0),
        DaySales(date(2026, 11, 27), 2, 2, 10_000 * TENGE),
    )
    assert {hour: count for hour, count in enumerate(report.hours) if count} == {
        0: 3, 10: 2, 11: 1, 14: 1, 23: 1,
    }  # fmt: skip
    assert report.categories == (
        Slice("Фены", 3, 13_000 * TENGE),
        Slice("Пледы", 2, 11_000 * TENGE),
        Slice(None, 1, 6_000 * TENGE),
    )
    assert report.cities == (
        Slice("Алматы", 3, 20_000 * TENGE),
        Slice(None, 1, 6_000 * TENGE),
        Slice("Астана", 1, 4_000 * TENGE),
    )
    assert (report.rest_categories.orders, report.rest_cities.orders) == (0, 0)


async def test_what_the_page_says(db: Database, actor: Actor) -> None:
    view = report_view(await _report(db, actor))

    def said(*values: str) -> tuple[str, ...]:
        return tuple(value.replace("\u00a0", " ") for value in values)

    tiles = (view.revenue, view.orders, view.average, view.cancelled, view.returned)
    assert said(*(it.value for it in tiles)) == ("30 000 ₸", "8", "6 000 ₸", "25 %", "12,5 %")
    assert said(*(it.change for it in tiles)) == (
        "+150 %", "+300 %", "−50 %", "−25,0 п. п.", "+12,5 п. п.",
    )  # fmt: skip
    assert [it.tone for it in tiles] == ["green", "green", "red", "green", "red"]
    assert said(view.cancelled.note, view.returned.note) == (
        "2 заказа на 9 000 ₸",
        "1 заказ на 3 000 ₸",
    )
    assert said(view.days_caption, view.hours_caption) == (
        "Лучший день 21 ноя: 16 000 ₸, 2 заказа.",
        "Чаще всего заказывают с 0:00 до 3:00: 38 % заказов. Время Алматы.",
    )
    assert [(it.name, it.share) for it in view.categories] == [
        ("Фены", 43.3), ("Пледы", 36.7), ("Без категории", 20.0),
    ]  # fmt: skip
    assert [(it.name, it.share) for it in view.cities] == [
        ("Алматы", 66.7), ("Город не указан", 20.0), ("Астана", 13.3),
    ]  # fmt: skip


async def test_plots_draw_the_same_figures(db: Database, actor: Actor) -> None:
    report = await _report(db, actor)
    (days,), (hours,) = days_figure(report).data, hours_figure(report).data
    assert list(days.y) == [16_000, 0, 0, 0, 4_000, 0, 10_000]
    assert [str(it).replace("\u00a0", " ") for it in days.customdata][1] == (
        "1 заказ, из них потеряно 1"
    )
    assert (sum(hours.y), hours.y[0], hours.y[10]) == (8, 3, 2)


async def test_a_tile_opens_the_very_orders_that_it_counts(db: Database, actor: Actor) -> None:
    report = await _report(db, actor)
    view = report_view(report)
    for tile, count in ((view.orders, 8), (view.cancelled, 2), (view.returned, 1)):
        given = dict(part.split("=") for part in tile.link.partition("?")[2].split("&"))
        async with db.read() as tx:
            page = await listing.list_orders(tx, actor, read_filters(given, "", NOW), secrets=BOX)
        assert page.total == count


async def test_a_minute_after_midnight_a_new_day_has_begun(db: Database, actor: Actor) -> None:
    midnight = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    async with db.read() as tx:
        before = await analytics.report(tx, actor, Span.WEEK, midnight - timedelta(minutes=1))
        after = await analytics.report(tx, actor, Span.WEEK, midnight + timedelta(minutes=1))
    assert [it.begins.day for it in before.bins] == [21, 22, 23, 24, 25, 26, 27]
    assert [it.begins.day for it in after.bins] == [22, 23, 24, 25, 26, 27, 28]
    assert (before.totals.orders, after.totals.orders) == (8, 6)


async def test_nothing_at_all_is_said_and_breaks_nothing(db: Database) -> None:
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    report = await _report(db, stranger)
    view = report_view(report)
    assert (view.has_orders, view.average.value, view.cancelled.value) == (False, "—", "—")
    assert (view.categories, view.cities, view.hours_caption) == ([], [], "")
    assert len(report.bins) == 7
    assert sum(days_figure(report).data[0].y) == 0
