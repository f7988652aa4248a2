"""`/orders/analytics`: what orders brought."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.orders_analytics.rows import SliceRow, Tile
from cube_demper.seller.pages.orders_analytics.state import AnalyticsState
from cube_demper.seller.plans.view import page_or_lack
from cube_demper.ui.charts import chart
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.tiles import meter, stat_tile, tiles

_SPANS = (
    Tab("7", "7\u00a0дней"),
    Tab("30", "30\u00a0дней"),
    Tab("90", "90\u00a0дней"),
    Tab("365", "Год"),
)


def analytics_page() -> rx.Component:
    """Make the page."""
    return page_or_lack(_page(), "analytics")


def _page() -> rx.Component:
    report = AnalyticsState.report
    return page(
        page_header(
            tr("Аналитика заказов"),
            tr("По дню заказа, время Алматы. Сегодняшний день ещё идёт."),
            back=(tr("Заказы"), "/orders"),
        ),
        tabs(_SPANS, report.span, name="days"),
        when_ready(
            AnalyticsState.phase,
            rx.cond(report.has_orders, _report(), _nothing()),
            on_retry=AnalyticsState.load,
            error_text=tr("Заказы на месте, отчёт не получилось посчитать."),
        ),
        wide=True,
    )


def _report() -> rx.Component:
    report = AnalyticsState.report
    return rx.fragment(
        tiles(
            _tile(tr("Выручка"), report.revenue, "banknote"),
            _tile(tr("Заказы"), report.orders, "shopping-bag", is_link=True),
            _tile(tr("Средний чек"), report.average, "receipt"),
            _tile(tr("Отмены"), report.cancelled, "circle-x", is_link=True),
            _tile(tr("Возвраты"), report.returned, "undo-2", is_link=True),
        ),
        card(
            chart(AnalyticsState.days, label=report.days_title, caption=report.days_caption),
            title=report.days_title,
        ),
        rx.el.div(
            _slices(tr("Категории"), report.categories),
            _slices(tr("Города"), report.cities),
            class_name="k-halves",
        ),
        card(
            chart(
                AnalyticsState.hours,
                label=tr("Заказы по часам дня"),
                caption=report.hours_caption,
                height=200,
            ),
            title=tr("Когда заказывают"),
        ),
    )


def _tile(label: str, tile: Any, icon: str, *, is_link: bool = False) -> rx.Component:
    it: Tile = tile
    return stat_tile(
        label,
        it.value,
        icon=icon,
        change=it.change,
        tone=it.tone,
        note=it.note,
        href=it.link if is_link else None,
    )


def _slices(title: str, rows: Any) -> rx.Component:
    return card(rx.foreach(rows.to(list[SliceRow]), _slice), title=title)


def _slice(row: Any) -> rx.Component:
    it: SliceRow = row
    return meter(it.name, it.value, it.share)


def _nothing() -> rx.Component:
    return rx.el.div(
        empty_state(
            tr("За это время заказов нет"),
            tr("Выберите срок длиннее: прошлые заказы загружаем за год."),
            icon="chart-column",
        ),
        class_name="k-card",
    )
