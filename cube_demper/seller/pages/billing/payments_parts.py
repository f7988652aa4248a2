"""The tab «Платежи»: the list with its papers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.billing.viewing import PAYMENTS_PAGE
from cube_demper.seller.pages.billing.payment_rows import Paper, PaymentRow
from cube_demper.seller.pages.billing.payments_state import PaymentsState
from cube_demper.ui.actions import link_button, server_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, two_lines


def payments_tab() -> rx.Component:
    """Show the payments."""
    return data_table(
        PaymentsState.rows,
        [
            Column("what", tr("За что"), _what, label=""),
            Column("when", tr("Когда"), lambda it: it.when, width="130px", label=""),
            Column("method", tr("Как"), lambda it: it.method, width="130px", on_card=False),
            Column("papers", tr("Документы"), _papers, width="210px", label=""),
            Column("state", tr("Состояние"), _state, width="200px", label=""),
            Column("sum", tr("Сумма"), _sum, width="150px", align="right", label=""),
        ],
        label=tr("Платежи"),
        phase=PaymentsState.phase,
        card='"what what" "when sum" "papers state"',
        card_columns="minmax(0, 1fr) auto",
        total=PaymentsState.total,
        page=PaymentsState.page,
        page_size=PAYMENTS_PAGE,
        empty=empty_state(
            tr("Платежей пока нет"),
            tr("Здесь появятся оплаты, возвраты, счета и акты."),
            link_button(tr("Выбрать тариф"), "/billing"),
            icon="receipt-text",
        ),
        on_retry=PaymentsState.load,
        error_text=tr("Платежи на месте, их не получилось показать."),
    )


def _what(row: Any) -> rx.Component:
    payment: PaymentRow = row
    return two_lines(payment.what, payment.number)


def _sum(row: Any) -> rx.Component:
    payment: PaymentRow = row
    return two_lines(payment.sum, payment.sum_note)


def _state(row: Any) -> rx.Component:
    payment: PaymentRow = row
    return rx.el.span(
        badge(payment.word, payment.tone),
        rx.cond(payment.note, rx.el.span(payment.note, class_name="k-note")),
        class_name="k-two k-standing",
    )


def _papers(row: Any) -> rx.Component:
    payment: PaymentRow = row
    return rx.el.span(rx.foreach(payment.papers, _paper), class_name="k-two")


def _paper(item: Any) -> rx.Component:
    paper: Paper = item
    return server_link(
        rx.icon("file-text", size=14, aria_hidden="true"),
        rx.el.span(paper.words),
        href=paper.href,
        class_name="k-link",
        target="_blank",
    )
