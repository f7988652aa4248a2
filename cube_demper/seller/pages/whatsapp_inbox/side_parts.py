"""The right part: the buyer's orders."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.whatsapp_inbox.rows import OrderRow
from cube_demper.seller.pages.whatsapp_inbox.thread_state import ThreadState
from cube_demper.ui.actions import text_link
from cube_demper.ui.dialogs import side_panel
from cube_demper.ui.i18n import tr
from cube_demper.ui.statuses import badge


def orders_part() -> rx.Component:
    """List the person's orders beside the talk, whatever the store."""
    is_here = (ThreadState.talk.id != "") & (ThreadState.phase == "ready")
    return rx.cond(
        is_here,
        rx.el.aside(
            rx.el.h2(tr("Заказы покупателя")),
            _orders(),
            class_name="k-inbox-side",
            aria_label=tr("Заказы покупателя"),
        ),
    )


def orders_panel() -> rx.Component:
    """Show the same over the talk: on a phone there is no room beside it."""
    return side_panel(
        ThreadState.is_aside,
        _orders(),
        title=tr("Заказы покупателя"),
        on_close=ThreadState.show_orders(False),
    )


def _orders() -> rx.Component:
    talk = ThreadState.talk
    every = text_link(tr("Показать все"), talk.orders_link)
    return rx.fragment(
        rx.cond(
            talk.order_count,
            rx.el.p(talk.order_count, class_name="k-note"),
            rx.el.p(tr("Заказов с этого номера не видели."), class_name="k-second"),
        ),
        rx.el.ul(rx.foreach(ThreadState.orders, _order), class_name="k-buyer-orders"),
        rx.cond(talk.orders_link, rx.el.p(every)),
    )


def _order(item: Any) -> rx.Component:
    order: OrderRow = item
    return rx.el.li(
        rx.link(order.code, href=order.link, class_name="k-link"),
        rx.el.span(order.total, class_name="k-strong"),
        rx.el.span(order.when, class_name="k-note"),
        badge(order.word, order.tone),
    )
