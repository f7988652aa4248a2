"""`/operations`: processes, queues, limits, failures, switches."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.operations.rows import TABS, Line
from admin.pages.operations.state import OperationsState
from admin.pages.operations.switches import switches_card
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.domain.statistics.schemas import ERROR_WORDS
from cube_demper.ui.actions import button
from cube_demper.ui.filters import Tab, filter_bar, filter_chip, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import list_table
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, row_link, two_lines

_DAYS = (("1", tr("Сутки")), ("7", tr("7\u00a0дней")), ("30", tr("30\u00a0дней")))


def operations_page() -> rx.Component:
    """Make the page."""
    tab = OperationsState.view.tab
    return page(
        page_header(
            tr("Работа сервиса"),
            OperationsState.summary,
            button(tr("Обновить"), icon="refresh-cw", on_click=OperationsState.refresh),
        ),
        tabs([Tab(code, tr(words)) for code, words in TABS.items()], tab),
        rx.match(
            tab,
            ("switches", switches_card()),
            (
                "errors",
                _list(tr("Ошибки"), _error_columns(), _kinds(), '"name name" "words value"'),
            ),
            _list(tr("Состояние"), _columns(), None, '"name state" "words words" "value value"'),
        ),
        wide=True,
    )


def _list(label: Any, columns: list[Column], tools: rx.Component | None, card: str) -> rx.Component:
    return list_table(
        OperationsState,
        columns,
        label=label,
        card=card,
        card_columns="1fr auto",
        page_size=PAGE_SIZE,
        tools=tools,
        empty=rx.match(
            OperationsState.view.tab,
            (
                "kaspi",
                empty_state(
                    tr("За 30 минут ничего не отправляли"),
                    tr("Здесь магазины, чьи цены уходят в Kaspi, и те, кому Kaspi это запретил."),
                    icon="gauge",
                ),
            ),
            ("errors", empty_state(tr("Таких ошибок нет"), icon="check")),
            ("queues", empty_state(tr("Очереди пусты"), icon="check")),
            empty_state(
                tr("Ни один процесс не отзывался 12 часов"),
                tr("Запустите их: make up или python -m workers."),
                icon="cpu",
            ),
        ),
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Что"), _name, width="280px", label=""),
        Column("state", tr("Состояние"), _state, width="190px", label=""),
        Column("value", tr("Сколько, когда"), _value, width="190px", label=""),
        Column("words", tr("Подробности"), lambda row: row.words, label=""),
    ]


def _error_columns() -> list[Column]:
    return [
        Column("value", tr("Когда"), lambda row: row.value, width="130px", label=""),
        Column("name", tr("Где"), _name, width="320px", label=""),
        Column("words", tr("Что случилось"), lambda row: row.words, label=""),
    ]


def _kinds() -> rx.Component:
    kinds = [(kind.value, tr(words)) for kind, words in ERROR_WORDS.items()]
    return filter_bar(
        filter_chip(tr("Вид"), OperationsState.kind, kinds, name="kind"),
        filter_chip(tr("Время"), OperationsState.days, _DAYS, name="days"),
        found=OperationsState.view.total,
    )


def _name(row: Any) -> rx.Component:
    it: Line = row
    return two_lines(rx.cond(it.href, row_link(it.name, it.href), it.name), it.name_note)  # type: ignore[arg-type]


def _state(row: Any) -> rx.Component:
    return badge(row.state, row.tone)


def _value(row: Any) -> rx.Component:
    return two_lines(row.value, row.value_note)
