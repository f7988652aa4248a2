"""«Почему бот не ведёт товары»: every condition with its count and remedy."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.rows import ReasonRow
from cube_demper.seller.pages.bot.shortage_parts import queue_line
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.ui.actions import text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import dot
from cube_demper.ui.tables import Column, data_table


def reasons_card() -> rx.Component:
    """Show in which condition the chosen store's goods are; each product is in one line only."""
    title = tr("Почему бот не ведёт товары")
    return data_table(
        BotState.reasons,
        _COLUMNS,
        label=title,
        phase=BotState.phase,
        card='"words count" "remedy remedy"',
        card_columns="1fr auto",
        tools=rx.fragment(
            rx.el.div(
                rx.el.h2(title),
                rx.el.span(BotState.note, class_name="k-note"),
                class_name="k-card-head",
            ),
            queue_line(),
        ),
        empty=empty_state(
            tr("Товаров ещё нет"),
            tr("Они появятся, когда будут в кабинете Kaspi и каталог обновится."),
            icon="package",
        ),
        on_retry=BotState.load,
    )


def _words(item: Any) -> rx.Component:
    reason: ReasonRow = item
    return rx.el.span(dot(reason.tone), rx.el.span(reason.words), class_name="k-row")


def _remedy(item: Any) -> rx.Component:
    reason: ReasonRow = item
    return rx.cond(
        reason.link,
        text_link(reason.remedy, reason.link),
        rx.el.span(reason.remedy, class_name="k-second"),
    )


_COLUMNS = (
    Column("words", tr("Что с ними"), _words, label=""),
    Column("count", tr("Товаров"), lambda it: it.count, width="96px", align="right", label=""),
    Column("remedy", tr("Что сделать"), _remedy, width="44%", label=""),
)
