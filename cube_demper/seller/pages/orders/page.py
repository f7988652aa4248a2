"""`/orders`: the orders of the seller's stores as Kaspi sorts them."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.orders.list_schemas import OrderTab
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.orders.arrivals import arrivals, sound_note, sound_switch
from cube_demper.seller.pages.orders.doing import doing_dialog
from cube_demper.seller.pages.orders.going_on import going_on, orders_selection, selection_dialog
from cube_demper.seller.pages.orders.panel import order_panel
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.seller.pages.orders.table import orders_table
from cube_demper.seller.pages.orders.words import (
    DAYS_WORDS,
    DELIVERIES,
    RARE_TABS,
    SORT_WORDS,
    STATUSES,
    TABS,
)
from cube_demper.seller.plans.view import button_or_lock
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.downloads import save_file
from cube_demper.ui.filters import filter_chip
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import list_tabs, list_tools, unless_none
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.query import clear_query


def orders_page() -> rx.Component:
    """Make the page."""
    reading = OrdersState.reading
    return page(
        page_header(tr("Заказы"), OrdersState.summary, rx.cond(OrdersState.has_orders, _ways())),
        rx.cond(reading.title, notice(reading.title, reading.text, tone="amber")),
        rx.cond(reading.importing, rx.el.p(reading.importing, class_name="k-note", role="status")),
        arrivals(),
        rx.cond(OrdersState.has_orders, sound_note()),
        going_on(),
        unless_none(
            OrdersState,
            OrdersState.has_orders,
            list_tabs(OrdersState, {it: TABS[it] for it in OrderTab}, rare=RARE_TABS),
            orders_table(
                tools=list_tools(
                    OrdersState, tr("Номер, телефон или имя"), *_filters(), sorts=SORT_WORDS
                ),
                selection=orders_selection(),
                empty=_nothing_found(),
                error_text=tr("Заказы на месте, их не получилось показать."),
            ),
            none=_none(),
        ),
        order_panel(),
        doing_dialog(),
        selection_dialog(),
        wide=True,
    )


def _filters() -> tuple[rx.Component, ...]:
    chosen = OrdersState.chosen
    statuses = [(str(it), tr(shown.word)) for it, shown in STATUSES.items()]
    return (
        filter_chip(
            tr("Когда"),
            chosen.days,
            [(str(days), tr(words)) for days, words in DAYS_WORDS.items()],
            name="days",
        ),
        filter_chip(tr("Статус"), chosen.status, statuses, name="status"),
        filter_chip(
            tr("Доставка"),
            chosen.delivery,
            [(str(it), tr(words)) for it, words in DELIVERIES.items()],
            name="delivery",
        ),
    )


def _ways() -> rx.Component:
    return rx.el.div(
        sound_switch(),
        button_or_lock(
            link_button(tr("Аналитика"), "/orders/analytics", icon="chart-column"),
            "analytics",
            tr("Аналитика"),
        ),
        button(
            tr("Скачать в Excel"),
            icon="download",
            on_click=save_file("/api/orders/export?", with_filter=True),
        ),
        class_name="k-row",
    )


def _nothing_found() -> rx.Component:
    return empty_state(
        tr("Ничего не нашлось"),
        tr("Телефон вводите целиком, имя — словами без сокращений."),
        button(tr("Показать все"), on_click=clear_query()),
        icon="search-x",
    )


def _none() -> rx.Component:
    reading = OrdersState.reading
    return rx.cond(
        reading.has_stores,
        rx.cond(
            reading.is_on,
            empty_state(
                tr("Заказов пока нет"),
                tr("Раз в 10 минут спрашиваем Kaspi, новые появятся здесь сами."),
                icon="shopping-bag",
            ),
            empty_state(
                tr("Заказы ещё не читаем"),
                tr("Добавьте токен заказов или включите чтение через кабинет."),
                link_button(tr("Открыть магазины"), "/stores", kind="primary"),
                icon="shopping-bag",
            ),
        ),
        connect_first(
            tr("Подключите магазин Kaspi"),
            tr("Здесь появятся заказы ваших магазинов."),
        ),
    )
