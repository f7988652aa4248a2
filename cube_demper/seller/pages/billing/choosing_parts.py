"""The dialog of a plan: the sum to the tenge, what it is for, and how to pay it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.billing.choosing_rows import WayRow
from cube_demper.seller.pages.billing.choosing_state import ChoosingState
from cube_demper.seller.pages.billing.goods_rows import GoodsRow
from cube_demper.seller.pages.billing.requisites_parts import requisites_fields
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, switch
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list


def choosing_dialog() -> rx.Component:
    """Show what the chosen plan costs now, and take the decision."""
    offer = ChoosingState.offer
    return dialog(
        offer.title != "",
        form(
            fact_list(offer.facts),
            rx.cond(offer.losing_words, _losing()),
            rx.cond(offer.balance, _balance()),
            rx.el.div(
                rx.el.span(offer.total_label, class_name="k-second"),
                rx.el.b(offer.total),
                class_name="k-sum",
            ),
            rx.cond(offer.asks_way, _ways()),
            rx.cond(
                offer.asks_way & (ChoosingState.way == "bank_invoice"),
                requisites_fields(ChoosingState.requisites, ChoosingState.errors),
            ),
            dialog_actions(
                button(tr("Не сейчас"), on_click=ChoosingState.close),
                button(offer.verb, kind="primary", submit=True, busy=ChoosingState.is_busy),
            ),
            on_submit=ChoosingState.agree,
            error=ChoosingState.errors["form"],
        ),
        title=offer.title,
        text=offer.text,
        on_close=ChoosingState.close,
        wide=True,
    )


def _balance() -> rx.Component:
    offer = ChoosingState.offer
    return switch(
        ChoosingState.use_balance,
        tr("Оплатить с баланса"),
        on_change=ChoosingState.switch_balance,
        words=offer.balance,
    )


def _ways() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(tr("Как оплатить")),
        rx.foreach(ChoosingState.ways, _way),
        class_name="k-ways",
    )


def _way(item: Any) -> rx.Component:
    way: WayRow = item
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="way",
            value=way.code,
            default_checked=ChoosingState.way == way.code,
            disabled=way.is_off,
            on_change=ChoosingState.choose_way(way.code),
        ),
        rx.el.span(
            rx.el.span(way.title, class_name="k-strong"),
            rx.el.span(way.text, class_name="k-second"),
            class_name="k-lines",
        ),
        class_name="k-way",
        key=way.code,
    )


def _losing() -> rx.Component:
    offer = ChoosingState.offer
    return rx.el.details(
        rx.el.summary(offer.losing_words, class_name="k-link"),
        rx.el.ul(rx.foreach(ChoosingState.losing, _lost), class_name="k-work-lines k-second"),
        rx.cond(offer.losing_more, rx.el.p(offer.losing_more, class_name="k-note")),
    )


def _lost(item: Any) -> rx.Component:
    product: GoodsRow = item
    return rx.el.li(product.name, " · ", product.since)
