"""The question before a return, with its numbers."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.returning.state import ReturnState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list


def return_dialog() -> rx.Component:
    """Say what goes back, what does not and why, then ask."""
    asked = ReturnState.question
    return dialog(
        asked.is_open,
        rx.el.p(asked.text, class_name="k-second"),
        fact_list(asked.numbers),
        rx.cond(
            asked.skipped.length() > 0,
            rx.el.div(
                rx.el.p(tr("Останутся как есть:"), class_name="k-strong"),
                rx.el.ul(rx.foreach(asked.skipped, rx.el.li), class_name="k-plain-list"),
                class_name="k-second",
            ),
        ),
        text_link(tr("Как это работает"), "/help#undo-hour"),
        dialog_actions(
            button(tr("Отмена"), on_click=ReturnState.close),
            rx.cond(
                asked.can_apply,
                button(
                    tr("Вернуть цены"),
                    kind="primary",
                    on_click=ReturnState.confirm,
                    busy=ReturnState.is_busy,
                ),
            ),
        ),
        title=asked.title,
        on_close=ReturnState.close,
    )
