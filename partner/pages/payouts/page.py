"""`/payouts`: asking for money, and what became of it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.partners.reading import PAGE_SIZE
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, money_input, password_input, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header, row
from cube_demper.ui.lists import figure, list_table
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column
from cube_demper.ui.tiles import fact_strip
from partner.pages.payouts.state import PayoutsState


def payouts_page() -> rx.Component:
    """Make the page."""
    it = PayoutsState.wallet
    is_ready = PayoutsState.phase == "ready"
    return page(
        page_header(
            tr("Выплаты"),
            tr("Деньги приходят на банковский счёт. Решение — обычно в течение рабочего дня."),
            button(
                tr("Запросить выплату"),
                kind="primary",
                icon="banknote",
                on_click=PayoutsState.begin,
                disabled=~is_ready | (it.obstacle != ""),
            ),
        ),
        fact_strip(
            (tr("К выплате"), it.payable, tr("от {sum}", sum=it.least)),
            (tr("На удержании"), it.held, tr("до конца возвратов")),
            (tr("Выплачено"), it.paid, rx.cond(it.asked, tr("и {sum} в заявке", sum=it.asked), "")),
        ),
        rx.cond(is_ready & (it.obstacle != ""), notice(it.obstacle)),
        list_table(
            PayoutsState,
            _columns(),
            label=tr("Выплаты"),
            card='"amount status" "why why" "at account"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            empty=empty_state(
                tr("Выплат ещё не было"),
                tr("Комиссия становится доступной, когда заканчивается срок возврата клиента."),
                icon="banknote",
            ),
        ),
        _request(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("at", tr("Заявка"), lambda row: row.at, width="160px", label=""),
        figure("amount", tr("Сумма"), width="150px", label=""),
        Column("account", tr("Куда"), lambda row: row.account, width="150px", label=""),
        Column("status", tr("Состояние"), _status, width="170px", label=""),
        Column("why", tr("Пояснение"), lambda row: row.why, label=""),
    ]


def _status(row: Any) -> rx.Component:
    return badge(row.status, row.tone)


def _request() -> rx.Component:
    it = PayoutsState.wallet
    return dialog(
        PayoutsState.is_asking,
        form(
            form_field(
                tr("Сумма"),
                money_input("amount", value=it.most, error=PayoutsState.errors["amount"]),
                name="amount",
                help=tr(
                    "От {least} до {most}, целое число тенге.", least=it.least, most=it.payable
                ),
                error=PayoutsState.errors["amount"],
            ),
            rx.cond(PayoutsState.is_naming, _account(), _known_account()),
            rx.el.p(
                tr("Сумма сразу уйдёт со счёта. При отказе она вернётся целиком, с причиной."),
                class_name="k-second",
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=PayoutsState.cancel),
                button(
                    tr("Запросить выплату"),
                    kind="primary",
                    submit=True,
                    busy=PayoutsState.is_busy,
                ),
            ),
            on_submit=PayoutsState.submit,
        ),
        title=tr("Выплата на счёт"),
        on_close=PayoutsState.cancel,
    )


def _known_account() -> rx.Component:
    return row(
        rx.el.div(
            rx.el.p(PayoutsState.wallet.payee_name, class_name="k-strong"),
            rx.el.p(PayoutsState.wallet.account, class_name="k-second"),
        ),
        button(tr("Другой счёт"), kind="ghost", on_click=PayoutsState.name_account),
    )


def _account() -> rx.Component:
    error = PayoutsState.errors["password"]
    return rx.fragment(
        _field("name", tr("Получатель"), tr("Как записано в банке."), max_length=120),
        _field("tax_id", tr("ИИН или БИН"), tr("12 цифр."), input_mode="numeric"),
        _field("iban", tr("Счёт (IBAN)"), tr("20 знаков, начинается с KZ.")),
        rx.cond(
            PayoutsState.wallet.account,
            form_field(
                tr("Пароль от кабинета"),
                password_input("password", error=error, auto_complete="current-password"),
                name="password",
                help=tr("О новом счёте придёт письмо, первая выплата на него — через сутки."),
                error=error,
            ),
        ),
    )


def _field(name: str, label: Any, note: Any, **props: Any) -> rx.Component:
    error = PayoutsState.errors[name]
    return form_field(
        label,
        text_input(name, error=error, auto_complete="off", **props),
        name=name,
        help=note,
        error=error,
    )
