"""The dialog of floors by margin: one number in, a diff out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.economics.floors_state import FloorsState, Kept, Move
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import checkbox, form, form_field, text_input
from cube_demper.ui.i18n import tr


def floors_dialog() -> rx.Component:
    """Ask for a margin, show what it makes of the min. prices, then write them."""
    return dialog(
        FloorsState.is_open,
        rx.el.p(FloorsState.subject, class_name="k-second"),
        rx.cond(FloorsState.preview.is_known, _diff(), _form()),
        title=tr("Мин. цены по марже"),
        on_close=FloorsState.close,
        wide=True,
    )


def _form() -> rx.Component:
    return form(
        form_field(
            tr("Маржа не меньше"),
            text_input("floor_margin", unit="%", input_mode="numeric", default_value="10"),
            name="floor_margin",
            help=tr("После комиссии, доставки, налога и расходов — при любой цене не ниже"),
            error=FloorsState.errors["percent"],
        ),
        checkbox("floor_only_up", tr("Только поднимать: нынешние мин. цены не снижать")),
        checkbox("floor_only_blank", tr("Только там, где мин. цены ещё нет")),
        dialog_actions(
            button(tr("Отмена"), on_click=FloorsState.close),
            button(tr("Посчитать"), kind="primary", submit=True),
        ),
        on_submit=FloorsState.count,
    )


def _diff() -> rx.Component:
    preview = FloorsState.preview
    return rx.fragment(
        rx.el.p(preview.title, class_name="k-strong"),
        rx.cond(
            preview.moves.length() > 0,
            rx.el.ul(
                rx.foreach(preview.moves, _move),
                class_name="k-lines-list",
                style={"maxHeight": "280px", "overflowY": "auto"},
                tab_index=0,
                aria_label=tr("Что изменится"),
            ),
        ),
        rx.cond(preview.rest, rx.el.p(preview.rest, class_name="k-note")),
        rx.cond(
            preview.kept.length() > 0,
            rx.el.div(
                rx.el.p(tr("Останутся как есть:"), class_name="k-strong"),
                rx.el.ul(
                    rx.foreach(preview.kept, _kept),
                    style={"margin": "4px 0 0", "paddingLeft": "18px"},
                ),
                class_name="k-second",
                style={"marginTop": "12px", "fontSize": "13px", "lineHeight": "20px"},
            ),
        ),
        dialog_actions(
            button(tr("Изменить маржу"), on_click=FloorsState.change_again),
            rx.cond(
                preview.can_apply,
                button(
                    tr("Задать мин. цены"),
                    kind="primary",
                    on_click=FloorsState.apply,
                    busy=FloorsState.is_busy,
                ),
            ),
        ),
    )


def _move(item: Any) -> rx.Component:
    it: Move = item
    return rx.el.li(
        rx.el.span(it.name, class_name="k-clip", style={"flex": "1", "minWidth": "0"}),
        rx.el.span(it.old, class_name="k-second", style={"whiteSpace": "nowrap"}),
        rx.el.span("→", aria_label=tr("станет")),
        rx.el.b(it.new, style={"whiteSpace": "nowrap"}),
        rx.el.span(it.change, class_name="k-note", style={"whiteSpace": "nowrap"}),
        style={"display": "flex", "gap": "8px", "alignItems": "baseline", "padding": "6px 0"},
    )


def _kept(item: Any) -> rx.Component:
    it: Kept = item
    return rx.el.li(it.title, rx.cond(it.names, rx.el.span(" — ", it.names, class_name="k-note")))
