"""Parts of the panel around an order: what it leaves, who bought it, what they were told."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.navigation import MESSAGES
from cube_demper.seller.pages.orders.around_rows import PastRow, TalkRow
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui.actions import text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list
from cube_demper.ui.timeline import timeline, timeline_item


def profit_part() -> rx.Component:
    """Show what the order leaves, or what keeps that from being known."""
    around = OrdersState.panel.around
    return rx.cond(
        around.profit,
        rx.el.section(
            rx.el.h2(tr("Останется вам"), class_name="k-strong"),
            rx.el.p(
                rx.el.span(
                    around.profit,
                    class_name="k-strong k-profit",
                    custom_attrs={"data-tone": around.profit_tone},
                ),
                rx.el.span(around.profit_note, class_name="k-note"),
                rx.cond(around.profit_link, text_link(tr("Указать"), around.profit_link)),
                class_name="k-lead",
            ),
        ),
    )


def buyer_part() -> rx.Component:
    """Show what else this person has ordered at the seller's stores."""
    around = OrdersState.panel.around
    return rx.fragment(
        fact_list(OrdersState.panel.person),
        rx.el.p(around.buyer, class_name="k-second"),
        rx.cond(around.buyer_facts.length() > 0, fact_list(around.buyer_facts)),
        rx.cond(
            around.past.length() > 0,
            rx.el.ul(rx.foreach(around.past, _past), class_name="k-lines"),
        ),
        rx.cond(around.past_note, rx.el.p(around.past_note, class_name="k-note")),
    )


def talk_part() -> rx.Component:
    """Show every message of this order with what became of it."""
    around = OrdersState.panel.around
    thread = f"{MESSAGES.href}?order={OrdersState.panel.id}"
    return rx.fragment(
        rx.cond(around.talk.length() > 0, timeline(around.talk, _talk)),
        rx.cond(
            around.talk_note,
            rx.el.p(
                around.talk_note,
                rx.cond(
                    around.talk_link,
                    rx.fragment(" ", text_link(tr("Настроить"), "/messages/templates")),
                ),
                class_name="k-second",
            ),
        ),
        rx.cond(around.write, rx.el.p(text_link(around.write, thread))),
    )


def _past(item: Any) -> rx.Component:
    past: PastRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.button(
                past.code,
                type="button",
                class_name="k-link",
                on_click=OrdersState.open(past.id),
                custom_attrs={"aria-label": tr("Открыть заказ {code}", code=past.code)},
            ),
            rx.el.span(past.note, class_name="k-note"),
            class_name="k-past-words",
        ),
        rx.el.span(past.total, class_name="k-past-sum"),
        class_name="k-past",
    )


def _talk(item: Any) -> rx.Component:
    talk: TalkRow = item
    return timeline_item(talk.time, talk.title, code=talk.code, note=talk.note)
