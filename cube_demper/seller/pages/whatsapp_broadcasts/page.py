"""`/messages/broadcasts`: what was written to many, and how far it is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.messaging.broadcasts.viewing import PAGE_SIZE
from cube_demper.seller.pages.whatsapp_broadcasts.rows import BroadcastRow
from cube_demper.seller.pages.whatsapp_broadcasts.state import BroadcastsState
from cube_demper.ui.actions import link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import list_table, unless_none
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, row_link, two_lines

_CARD = '"name status" "done done" "read answered" "when when"'
_NEW = "/messages/broadcasts/new"


def broadcasts_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Рассылки"),
            tr("Сообщения вашим покупателям. Уходят медленно, после сообщений о заказах."),
            link_button(tr("Новая рассылка"), _NEW, icon="plus", kind="primary"),
        ),
        unless_none(
            BroadcastsState,
            BroadcastsState.has_any,
            list_table(
                BroadcastsState,
                _columns(),
                label=tr("Рассылки"),
                card=_CARD,
                card_columns="minmax(0, 1fr) auto",
                page_size=PAGE_SIZE,
                empty=rx.fragment(),
                error_text=tr("Рассылки на месте, их не получилось показать."),
            ),
            none=_none(),
        ),
        wide=True,
    )


def broadcast_badge(status: Any) -> rx.Component:
    """Show where a broadcast stands."""
    return rx.match(
        status,
        ("draft", badge(tr("Черновик"), "gray", "pencil")),
        ("running", badge(tr("Идёт"), "blue", "send")),
        ("paused", badge(tr("На паузе"), "amber", "circle-pause")),
        ("stopped", badge(tr("Остановлена"), "gray", "circle-stop")),
        badge(tr("Закончена"), "green", "check"),
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Рассылка"), _name, label=""),
        Column("status", tr("Состояние"), lambda it: broadcast_badge(it.status), width="150px", label=""),
        Column("done", tr("Пройдено"), lambda it: it.done, width="190px"),
        Column("read", tr("Прочли"), lambda it: it.read, width="100px", align="right"),
        Column("answered", tr("Ответили"), lambda it: it.answered, width="110px", align="right"),
        Column("when", tr("Когда"), lambda it: it.when, width="200px", label=""),
    ]  # fmt: skip


def _name(row: rx.vars.ObjectVar[BroadcastRow]) -> rx.Component:
    return two_lines(row_link(row.name, row.link), row.text)


def _none() -> rx.Component:
    return empty_state(
        tr("Рассылок ещё не было"),
        tr(
            "Выберите покупателей, напишите текст и посмотрите, сколько дней это займёт и чем "
            "рискует номер. До запуска никому ничего не уйдёт."
        ),
        link_button(tr("Новая рассылка"), _NEW, icon="plus", kind="primary"),
        icon="megaphone",
    )
