"""`/payouts`: who asks for money, and what became of it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.payouts.doubts import doubts_card
from admin.pages.payouts.rows import TABS, PayoutRow
from admin.pages.payouts.state import PayoutsState
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, page, page_header
from cube_demper.ui.lists import figure, list_table
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, two_lines, whole_lines
from cube_demper.ui.tiles import fact_strip


def payouts_page() -> rx.Component:
    """Make the page."""
    sums, counts = PayoutsState.sums, PayoutsState.counts
    return page(
        page_header(
            tr("Выплаты партнёрам"),
            tr("Одобрите, переведите деньги из банка и отметьте, что они ушли."),
        ),
        fact_strip(
            (tr("Новые"), sums["requested"], tr("ждут решения")),
            (tr("К оплате"), sums["approved"], tr("ждут перевода")),
            (tr("Выплачено"), sums["paid"], tr("за всё время")),
        ),
        doubts_card(),
        tabs(
            [
                Tab("", tr("Все"), counts[""]),
                *(Tab(it, tr(words), counts[it], _tone(it)) for it, words in TABS.items()),
            ],
            PayoutsState.view.tab,
        ),
        list_table(
            PayoutsState,
            _columns(),
            label=tr("Выплаты"),
            card='"partner amount" "payee payee" "status at" "deeds deeds"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            empty=empty_state(
                tr("Заявок нет"),
                tr("Партнёр просит выплату в своём кабинете, и она появляется здесь."),
                icon="banknote",
            ),
        ),
        _question("approve", tr("Одобрить выплату?"), tr("Одобрить"), None),
        _question("pay", tr("Деньги отправлены?"), tr("Отметить выплату"), _note()),
        _question("refuse", tr("Отказать в выплате?"), tr("Отказать"), _reason()),
        wide=True,
    )


def _tone(status: str) -> Any:
    return "amber" if status in ("requested", "approved") else ""


def _columns() -> list[Column]:
    return [
        Column("at", tr("Заявка"), _at, width="130px", label=""),
        Column("partner", tr("Партнёр"), _partner, width="200px", label=""),
        figure("amount", tr("Сумма"), width="120px", label=""),
        Column("payee", tr("Куда"), _payee, label=""),
        Column("status", tr("Состояние"), _status, width="190px", label=""),
        Column("deeds", tr("Решение"), _deeds, width="180px", label=""),
    ]


def _at(row: Any) -> rx.Component:
    return two_lines(row.at, row.at_note)


def _partner(row: Any) -> rx.Component:
    return text_link(row.partner, row.partner_href)


def _payee(row: Any) -> rx.Component:
    return whole_lines(row.payee, row.payee_note)


def _status(row: Any) -> rx.Component:
    return whole_lines(badge(row.status, row.tone), row.note)


def _deeds(row: Any) -> rx.Component:
    it: PayoutRow = row
    return rx.el.div(
        rx.cond(
            it.can_approve,
            button(tr("Одобрить"), size="s", on_click=PayoutsState.begin("approve", it.id)),
        ),
        rx.cond(
            it.can_pay,
            button(
                tr("Выплачено"),
                size="s",
                kind="primary",
                on_click=PayoutsState.begin("pay", it.id),
            ),
        ),
        rx.cond(
            it.can_refuse,
            button(
                tr("Отказать"), size="s", kind="ghost", on_click=PayoutsState.begin("refuse", it.id)
            ),
        ),
        class_name="k-row",
    )


def _question(deed: str, title: Any, verb: Any, field: rx.Component | None) -> rx.Component:
    it = PayoutsState.form
    kind = "danger" if deed == "refuse" else "primary"
    return dialog(
        it.deed == deed,
        fact_list(it.facts),
        form(
            field if field is not None else rx.fragment(),
            dialog_actions(
                button(tr("Отмена"), on_click=PayoutsState.put_away),
                button(verb, kind=kind, submit=True, busy=PayoutsState.is_busy),
            ),
            on_submit=PayoutsState.submit,
            error=PayoutsState.errors["form"],
        ),
        title=title,
        on_close=PayoutsState.put_away,
    )


def _note() -> rx.Component:
    error = PayoutsState.errors["note"]
    return form_field(
        tr("Платёжное поручение"),
        text_input("note", max_length=60, error=error, auto_complete="off"),
        name="note",
        help=tr("Номер из банка: его увидит партнёр. Отменить отметку нельзя."),
        error=error,
    )


def _reason() -> rx.Component:
    error = PayoutsState.errors["reason"]
    return form_field(
        tr("Причина"),
        text_input("reason", max_length=300, error=error, auto_complete="off"),
        name="reason",
        help=tr("Её прочитает партнёр; вся сумма вернётся ему на счёт."),
        error=error,
    )
