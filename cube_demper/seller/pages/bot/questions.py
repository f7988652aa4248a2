"""The question before a stop or a permission to send."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.bot.switch_state import BotSwitchState
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list


def question_dialog() -> rx.Component:
    """Ask, with what will happen in numbers."""
    asked = BotSwitchState.question
    return confirm_dialog(
        asked.act != "",
        title=asked.title,
        text=asked.text,
        numbers=fact_list(asked.numbers),
        confirm=rx.cond(asked.act == "stop", tr("Остановить"), tr("Разрешить отправку")),
        on_confirm=BotSwitchState.confirm,
        on_close=BotSwitchState.close,
        busy=BotSwitchState.is_busy,
    )
