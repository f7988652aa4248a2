"""The card of switches, and the question before one is turned."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.operations.rows import SwitchRow
from admin.pages.operations.switching import SwitchesState
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.statuses import badge


def switches_card() -> rx.Component:
    """List the switches."""
    return rx.fragment(
        card(
            rx.el.ul(rx.foreach(SwitchesState.switches, _line), class_name="k-lines-list"),
            title=tr("Выключатели на случай аварии"),
            note=tr("действуют сразу и для всех"),
            flush=True,
        ),
        _question(),
    )


def _line(entry: Any) -> rx.Component:
    it: SwitchRow = entry
    return rx.el.li(
        rx.el.span(
            rx.el.span(it.name, class_name="k-strong"),
            rx.el.span(it.effect, class_name="k-note"),
            rx.cond(it.reason, rx.el.span(tr("Причина: {why}", why=it.reason))),
            class_name="k-lines",
        ),
        rx.el.span(
            badge(it.state, rx.cond(it.is_on, "green", "red")),
            button(
                rx.cond(it.is_on, tr("Выключить"), tr("Включить")),
                size="s",
                on_click=SwitchesState.begin(it.code),
            ),
            class_name="k-row k-push",
        ),
        class_name="k-line",
    )


def _question() -> rx.Component:
    it, error = SwitchesState.turning, SwitchesState.errors["reason"]
    return dialog(
        it.code != "",
        form(
            rx.cond(
                it.is_on,
                form_field(
                    tr("Причина"),
                    text_input("reason", max_length=200, error=error, auto_complete="off"),
                    name="reason",
                    help=tr(
                        "Её прочитает каждый, кому это понадобится: «Банк не отвечает до 18:00.»"
                    ),
                    error=error,
                ),
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=SwitchesState.put_away),
                rx.cond(
                    it.is_on,
                    button(
                        tr("Выключить для всех"),
                        kind="danger",
                        submit=True,
                        busy=SwitchesState.is_busy,
                    ),
                    button(
                        tr("Включить для всех"),
                        kind="primary",
                        submit=True,
                        busy=SwitchesState.is_busy,
                    ),
                ),
            ),
            on_submit=SwitchesState.turn,
            error=SwitchesState.errors["form"],
        ),
        title=rx.cond(
            it.is_on,
            tr("Выключить: {what}?", what=it.name),
            tr("Включить: {what}?", what=it.name),
        ),
        text=it.effect,
        on_close=SwitchesState.put_away,
    )
