"""The question before renewal is cancelled: what stops, when, and what stays."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.billing.ending_state import EndingState
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list


def ending_dialog() -> rx.Component:
    """Ask."""
    question = EndingState.question
    return confirm_dialog(
        question.title != "",
        title=question.title,
        text=question.text,
        numbers=fact_list(question.facts),
        confirm=tr("Отменить продление"),
        on_confirm=EndingState.confirm,
        on_close=EndingState.close,
        danger=True,
        busy=EndingState.is_busy,
    )
