"""`/transactions`: what was earned, taken back and paid out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.partners.reading import PAGE_SIZE
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import figure, list_table, list_tabs
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, two_lines
from partner.pages.transactions.rows import TABS
from partner.pages.transactions.state import TransactionsState


def transactions_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Транзакции"),
            tr("Каждое начисление, возврат и выплата. Суммы не меняются: поправка — новая строка."),
            button(tr("Скачать CSV"), icon="download", on_click=TransactionsState.export),
        ),
        list_tabs(TransactionsState, TABS),
        list_table(
            TransactionsState,
            _columns(),
            label=tr("Транзакции"),
            card='"kind amount" "why why" "at status"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            empty=empty_state(
                tr("Пока пусто"),
                tr("Первая строка появится, когда ваш клиент оплатит тариф."),
                icon="list",
            ),
        ),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("at", tr("Когда"), lambda row: row.at, width="150px", label=""),
        Column("kind", tr("Операция"), _kind, label=""),
        Column("status", tr("Состояние"), _status, width="160px", label=""),
        Column("why", tr("Пояснение"), lambda row: row.why, width="320px", label=""),
        figure("amount", tr("Сумма"), width="190px", label=""),
    ]


def _kind(row: Any) -> rx.Component:
    return two_lines(row.kind, row.who)


def _status(row: Any) -> rx.Component:
    return rx.cond(row.status, badge(row.status, row.tone), rx.fragment())
