"""The question before a stop or a permission to send."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.bot.switch_state import BotSwitchState
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr


def question_dialog() -> rx.Component:
    """Ask, with what will happen in numbers."""
    asked = BotSwitchState.question
    return confirm_dialog(
        asked.act != "",
        title=asked.title,
        text=asked.text,
        numbers=rx.el.dl(
            rx.foreach(
                asked.numbers,
                lambda pair: rx.el.div(rx.el.dt(pair[0]), rx.el.dd(pair[1])),
            ),
            class_name="k-facts",
        ),
        confirm=rx.cond(asked.act == "stop", tr("Остановить"), tr("Разрешить отправку")),
        on_confirm=BotSwitchState.confirm,
        on_close=BotSwitchState.close,
        busy=BotSwitchState.is_busy,
    )
