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
from cube_demper.ui.placeholders import when_ready
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
            _tile(tr("Сейчас в кабинете"), now.online, "users", "/users?seen=now"),
            _tile(tr("Процессы"), now.workers, "cpu", OPERATIONS.href),
            _tile(tr("В очередях"), now.queues, "list-ordered", "/operations?tab=queues"),
            _tile(tr("Изменений в Kaspi"), now.kaspi, "gauge", "/operations?tab=kaspi"),
            _tile(tr("Ошибки проверок"), now.errors, "circle-alert", "/operations?tab=errors"),
        ),
        tiles(
            _tile("MRR", money.mrr, "wallet", "/payments?tab=paid&days=30"),
            _tile(tr("Получено за срок"), money.revenue, "banknote", paid),
            _tile(tr("Отток"), money.churn, "user-minus", "/users?plan=lapsed"),
            _tile(tr("Новые продавцы"), money.sign_ups, "user-plus", "/users"),
            _tile(tr("Товары"), money.goods, "package", STORES.href),
            _tile(tr("Цен изменено"), money.prices, "tag", "/operations?tab=kaspi"),
        ),
        card(
            legend((tr("BASIC"), "rival", False), (tr("PRO"), "mine", False)),
            chart(OverviewState.revenue, label=tr("Деньги по дням"), caption=money.revenue_caption),
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
    return card(
        chart(
            OverviewState.prices,
            label=tr("Изменения цен по дням"),
            caption=OverviewState.money.prices_caption,
            height=234,
        ),
        title=tr("Изменения цен"),
    )


def _errors() -> rx.Component:
    return card(
        legend(
            (tr("Отправка цены"), "bad", False),
            (tr("Вход"), "floor", False),
            (tr("Каталог"), "mine", False),
            (tr("WhatsApp"), "good", False),
            (tr("Оплата"), "rival", False),
        ),
        chart(
            OverviewState.errors,
            label=tr("Ошибки по дням"),
            caption=OverviewState.money.errors_caption,
            height=210,
        ),
        title=tr("Ошибки"),
    )


def _tile(label: Any, figure: Any, icon: str, href: Any) -> rx.Component:
    it: Figure = figure
    return stat_tile(
        label, it.value, icon=icon, change=it.change, tone=it.tone, note=it.note, href=href
    )
