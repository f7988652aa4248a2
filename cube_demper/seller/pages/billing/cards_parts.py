"""The tab «Карты»."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.billing.card_rows import CardRow
from cube_demper.seller.pages.billing.cards_state import CardsState
from cube_demper.ui.actions import button, icon_button, link_button
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.statuses import badge


def cards_tab() -> rx.Component:
    """Show the saved cards."""
    return rx.fragment(
        when_ready(
            CardsState.phase,
            card(
                rx.cond(
                    CardsState.rows.length() > 0,
                    rx.el.ul(rx.foreach(CardsState.rows, _card), class_name="k-lines-list"),
                    empty_state(
                        tr("Карт пока нет"),
                        tr("Карта сохранится при первой оплате картой и будет продлевать тариф."),
                        link_button(tr("Выбрать тариф"), "/billing"),
                        icon="credit-card",
                    ),
                ),
                title=tr("Карты"),
                note=tr("номера хранит банк, у нас только последние четыре цифры"),
                flush=True,
            ),
            on_retry=CardsState.load,
        ),
        _question(),
    )


def _card(item: Any) -> rx.Component:
    saved: CardRow = item
    return rx.el.li(
        rx.el.span(rx.icon("credit-card", size=16, aria_hidden="true"), class_name="k-task-sign"),
        rx.el.div(
            rx.el.span(saved.name, class_name="k-strong"),
            rx.cond(
                saved.trouble,
                rx.el.span(saved.trouble, class_name="k-amber"),
                rx.el.span(saved.expires, class_name="k-second"),
            ),
            class_name="k-lines",
        ),
        rx.el.div(
            rx.cond(
                saved.is_default,
                badge(tr("Продлевает тариф"), "green", "check"),
                button(
                    tr("Продлевать с неё"), size="s", on_click=CardsState.make_default(saved.id)
                ),
            ),
            icon_button(
                "trash-2",
                tr("Удалить карту {name}", name=saved.name),
                on_click=CardsState.ask(saved.id),
            ),
            class_name="k-push k-row",
        ),
        class_name="k-task",
        key=saved.id,
    )


def _question() -> rx.Component:
    question = CardsState.question
    return confirm_dialog(
        question.id != "",
        title=question.title,
        text=question.text,
        numbers=fact_list(question.facts),
        confirm=tr("Удалить карту"),
        on_confirm=CardsState.remove,
        on_close=CardsState.close,
        danger=True,
        busy=CardsState.is_busy,
    )
