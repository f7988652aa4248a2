"""`/`: the product in figures."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.navigation import OPERATIONS, STORES
from admin.pages.overview.rows import Figure
from admin.pages.overview.state import OverviewState
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.tiles import stat_tile, tiles

_SPANS = (
    Tab("7", "7\u00a0дней"),
    Tab("30", "30\u00a0дней"),
    Tab("90", "90\u00a0дней"),
    Tab("365", "Год"),
)


def overview_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Обзор"), tr("Дни по времени Алматы, сегодняшний ещё идёт.")),
        tabs(_SPANS, OverviewState.money.span, name="days"),
        when_ready(
            OverviewState.phase,
            _content(),
            on_retry=OverviewState.load,
            error_text=tr("Сервис работает, сводку не получилось посчитать."),
        ),
        wide=True,
    )


def _content() -> rx.Component:
    money, now = OverviewState.money, OverviewState.machine
    paid = "/payments?tab=paid&days=" + money.span
    return rx.fragment(
        tiles(
            _tile(tr("В кабинете"), now.online, "users", "/users?seen=now"),
            _tile(tr("Процессы"), now.workers, "cpu", OPERATIONS.href),
            _tile(tr("В очередях"), now.queues, "list-ordered", "/operations?tab=queues"),
            _tile(tr("Ушло в Kaspi"), now.kaspi, "gauge", "/operations?tab=kaspi"),
            _tile(tr("Ошибки"), now.errors, "circle-alert", "/operations?tab=errors"),
        ),
        tiles(
            _tile("MRR", money.mrr, "wallet", "/payments?tab=paid&days=30"),
            _tile(tr("Получено"), money.revenue, "banknote", paid),
            _tile(tr("Отток"), money.churn, "user-minus", "/users?plan=left"),
            _tile(tr("Новые"), money.sign_ups, "user-plus", "/users"),
            _tile(tr("Товары"), money.goods, "package", STORES.href),
            _tile(tr("Цены"), money.prices, "tag", "/operations?tab=kaspi"),
        ),
        card(
            rx.cond(
                money.has_revenue,
                rx.fragment(
                    legend((tr("BASIC"), "rival", False), (tr("PRO"), "mine", False)),
                    chart(
                        OverviewState.revenue,
                        label=tr("Деньги по дням"),
                        caption=money.revenue_caption,
                    ),
                ),
                empty_state(money.revenue_caption, icon="banknote"),
            ),
            title=tr("Деньги по дням"),
        ),
        rx.cond(
            money.has_history,
            card(
                chart(OverviewState.mrr, label=tr("MRR по дням"), caption=money.mrr_caption),
                title=tr("MRR"),
            ),
        ),
        rx.el.div(_prices(), _errors(), class_name="k-halves"),
        rx.el.p(money.collected, class_name="k-note"),
    )


def _prices() -> rx.Component:
    money = OverviewState.money
    plot = chart(
        OverviewState.prices,
        label=tr("Изменения цен по дням"),
        caption=money.prices_caption,
        height=234,
    )
    empty = empty_state(money.prices_caption, icon="tag")
    return card(rx.cond(money.has_prices, plot, empty), title=tr("Изменения цен"))


def _errors() -> rx.Component:
    money = OverviewState.money
    kinds = legend(
        (tr("Отправка цены"), "bad", False),
        (tr("Вход"), "floor", False),
        (tr("Каталог"), "mine", False),
        (tr("WhatsApp"), "good", False),
        (tr("Оплата"), "rival", False),
    )
    plot = chart(
        OverviewState.errors, label=tr("Ошибки по дням"), caption=money.errors_caption, height=210
    )
    empty = empty_state(money.errors_caption, icon="check")
    return card(rx.cond(money.has_errors, rx.fragment(kinds, plot), empty), title=tr("Ошибки"))


def _tile(label: Any, figure: Any, icon: str, href: Any) -> rx.Component:
    it: Figure = figure
    return stat_tile(
        label, it.value, icon=icon, change=it.change, tone=it.tone, note=it.note, href=href
    )
