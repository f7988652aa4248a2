"""The table of orders: what stands in each column, and on a phone in each card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.orders.listing import PAGE_SIZE
from cube_demper.seller.pages.orders.arrivals_state import ArrivalsState
from cube_demper.seller.pages.orders.deadline import DeadlineView
from cube_demper.seller.pages.orders.rows import RowView
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.seller.pages.orders.words import STATUSES
from cube_demper.ui.i18n import tr
from cube_demper.ui.lists import figure, list_table
from cube_demper.ui.live_value import countdown
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, two_lines

Row = rx.vars.ObjectVar[RowView]
_CARD = '"code total" "status status" "goods goods" "buyer place"'


def orders_table(**around: Any) -> rx.Component:
    """Show the page of orders; `around` is what `data_table` takes besides the columns."""
    return list_table(
        OrdersState,
        _columns(),
        label=tr("Заказы"),
        card=_CARD,
        card_columns="minmax(0, 11fr) minmax(0, 9fr)",
        page_size=PAGE_SIZE,
        row_name=lambda row: tr("Выбрать заказ {code}", code=row.code),
        **around,
    )


def _columns() -> list[Column]:
    return [
        Column("code", tr("Заказ"), _code, width="150px", sort="ordered", label=""),
        Column("goods", tr("Товары"), _goods, label=""),
        Column(
            "buyer",
            tr("Покупатель"),
            lambda row: two_lines(row.buyer, row.phone),
            width="190px",
            label="",
        ),
        Column(
            "place",
            tr("Доставка"),
            lambda row: two_lines(row.place, row.place_note),
            width="200px",
            label="",
            min_screen=1100,
        ),
        Column("status", tr("Статус"), _status, width="220px", label=""),
        figure("total", tr("Сумма"), width="120px", sort="total", label=""),
    ]


def _code(row: Row) -> rx.Component:
    return rx.el.span(
        rx.el.button(
            row.code,
            type="button",
            class_name="k-link k-strong",
            on_click=OrdersState.open(row.id),
            custom_attrs={"aria-label": tr("Заказ {code}", code=row.code)},
            style={"textAlign": "left", "color": "inherit"},
        ),
        rx.el.span(row.made, class_name="k-note"),
        class_name=rx.cond(ArrivalsState.ids.contains(row.id), "k-arrived", ""),
        style={"display": "flex", "flexDirection": "column", "minWidth": "0"},
    )


def _goods(row: Row) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.goods, class_name="k-clip", title=row.goods),
        rx.cond(row.goods_note, rx.el.span(row.goods_note, class_name="k-note")),
        style={"display": "flex", "flexDirection": "column", "minWidth": "0"},
    )


def _status(row: Row) -> rx.Component:
    return rx.el.span(
        order_badge(row.status),
        rx.cond(
            row.status_note,
            rx.el.span(
                row.status_note,
                class_name="k-note",
                style={"display": "block", "whiteSpace": "normal", "marginTop": "3px"},
            ),
        ),
        deadline_line(row.deadline),
        class_name="k-order-status",
    )


def deadline_line(deadline: rx.vars.ObjectVar[DeadlineView]) -> rx.Component:
    """Show until when an order waits; how sure that is, on hover and to screen readers."""
    return rx.cond(
        deadline.words,
        rx.el.span(
            rx.icon("timer", size=14, aria_hidden="true"),
            rx.el.span(deadline.words),
            rx.cond(deadline.until, rx.el.span(countdown(deadline.until), class_name="k-left")),
            class_name="k-note k-deadline",
            title=deadline.hint,
            custom_attrs={"data-tone": deadline.tone},
        ),
    )


def order_badge(code: rx.Var[str]) -> rx.Component:
    """Show a status by its word."""
    cases: list[Any] = [
        (str(key), badge(tr(shown.word), shown.tone, shown.icon)) for key, shown in STATUSES.items()
    ]
    return rx.match(code, *cases, rx.fragment())
