"""`/payments`: all transactions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.payments.card_state import PaymentPanel
from admin.pages.payments.panel import payment_panel
from admin.pages.payments.rows import METHODS, TABS, PaymentRow
from admin.pages.payments.state import PaymentsState
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.ui.actions import text_link
from cube_demper.ui.filters import Tab, filter_bar, filter_chip, search_box, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import figure, list_table
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, opener, two_lines

_DAYS = (
    ("7", tr("7\u00a0дней")),
    ("30", tr("30\u00a0дней")),
    ("90", tr("90\u00a0дней")),
    ("365", tr("Год")),
)
_PLANS = (("basic", "BASIC"), ("pro", "PRO"))


def payments_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Платежи"),
            tr("Все транзакции. Переводы ждут вас: сверьте с выпиской и подтвердите."),
        ),
        _tabs(),
        list_table(
            PaymentsState,
            _columns(),
            label=tr("Платежи"),
            card='"invoice amount" "payer status" "what method"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            tools=_tools(),
            empty=empty_state(
                tr("Таких платежей нет"),
                tr("Платёж появится здесь, как только продавец начнёт оплачивать тариф."),
                icon="credit-card",
            ),
        ),
        payment_panel(),
        wide=True,
    )


def _tabs() -> rx.Component:
    counts = PaymentsState.counts
    waiting = Tab("waiting", tr(TABS["waiting"]), counts["waiting"], "amber")
    others = [Tab(it, tr(text), counts[it]) for it, text in TABS.items() if it != "waiting"]
    return tabs([Tab("", tr("Все"), counts[""]), waiting, *others], PaymentsState.view.tab)


def _tools() -> rx.Component:
    view = PaymentsState.view
    return filter_bar(
        search_box(view.search, tr("Номер счёта или почта")),
        filter_chip(
            tr("Способ"),
            PaymentsState.method,
            [(it.value, tr(words)) for it, words in METHODS.items()],
            name="method",
        ),
        filter_chip(tr("Тариф"), PaymentsState.plan, _PLANS, name="plan"),
        filter_chip(tr("Время"), PaymentsState.days, _DAYS, name="days"),
        found=view.total,
        active=view.is_narrowed,
        right=rx.el.span(tr("Получено"), " ", rx.el.b(PaymentsState.kept), class_name="k-second"),
    )


def _columns() -> list[Column]:
    return [
        Column("invoice", tr("Счёт"), _invoice, width="160px", label=""),
        Column("payer", tr("Кто"), _payer, label=""),
        Column("what", tr("За что"), _what, width="130px", label=""),
        Column("method", tr("Способ"), lambda row: row.method, width="140px", label=""),
        Column("status", tr("Состояние"), _status, width="220px", label=""),
        figure("amount", tr("Сумма"), width="170px", label=""),
    ]


def _invoice(row: Any) -> rx.Component:
    it: PaymentRow = row
    return opener(it.id, it.at, PaymentPanel.open_payment(it.id))


def _payer(row: Any) -> rx.Component:
    return text_link(row.payer, row.payer_href)


def _what(row: Any) -> rx.Component:
    return two_lines(row.what, row.what_note)


def _status(row: Any) -> rx.Component:
    return two_lines(badge(row.status, row.tone), row.note)
