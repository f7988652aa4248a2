"""The panel of a payment with its two forms."""

from __future__ import annotations

import reflex as rx

from admin.pages.payments.card_state import PaymentPanel
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions, side_panel
from cube_demper.ui.forms import form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, row
from cube_demper.ui.statuses import badge

_TRANSFERS = (("bank_invoice", "На счёт в банке"), ("kaspi_transfer", "Переводом Kaspi"))


def payment_panel() -> rx.Component:
    """Make the panel and its forms."""
    it = PaymentPanel.payment
    return rx.fragment(
        side_panel(
            it.id != "",
            rx.el.div(
                row(badge(it.status, it.tone), text_link(it.payer, it.payer_href)),
                rx.cond(it.note, rx.el.p(it.note, class_name="k-second")),
                _deeds(),
                fact_list(it.facts),
                rx.cond(
                    it.refunds.length() > 0,
                    rx.el.section(rx.el.h3(tr("Возвраты")), fact_list(it.refunds)),
                ),
                class_name="k-stack",
            ),
            title=tr("Счёт {number}", number=it.id),
            on_close=PaymentPanel.close_payment,
        ),
        _confirming(),
        _refunding(),
    )


def _deeds() -> rx.Component:
    it = PaymentPanel.payment
    return rx.cond(
        it.can_confirm | it.can_refund,
        row(
            rx.cond(
                it.can_confirm,
                button(
                    tr("Подтвердить перевод"),
                    icon="check",
                    kind="primary",
                    on_click=PaymentPanel.begin("confirm"),
                ),
            ),
            rx.cond(
                it.can_refund,
                button(tr("Вернуть деньги"), icon="undo-2", on_click=PaymentPanel.begin("refund")),
            ),
        ),
    )


def _confirming() -> rx.Component:
    it, errors = PaymentPanel.payment, PaymentPanel.errors
    return dialog(
        PaymentPanel.form == "confirm",
        fact_list(it.confirming),
        form(
            form_field(
                tr("Пришло"),
                money_input("amount", value=it.due, error=errors["amount"]),
                name="amount",
                help=tr("Как в выписке. Другая сумма не будет принята."),
                error=errors["amount"],
            ),
            form_field(
                tr("День в выписке"),
                text_input("day", type="date", default_value=it.today, error=errors["day"]),
                name="day",
                error=errors["day"],
            ),
            form_field(
                tr("Куда пришло"),
                select("method", _TRANSFERS, default_value=it.method),
                name="method",
            ),
            form_field(
                tr("Номер операции"),
                text_input("reference", max_length=80, auto_complete="off"),
                name="reference",
                help=tr("По нему перевод найдут в выписке; можно не заполнять."),
            ),
            _actions(tr("Подтвердить перевод"), kind="primary"),
            on_submit=PaymentPanel.confirm,
            error=errors["form"],
        ),
        title=tr("Деньги пришли?"),
        text=tr("Тариф включится сразу. Отменить подтверждение нельзя, только вернуть деньги."),
        on_close=PaymentPanel.put_away,
    )


def _refunding() -> rx.Component:
    it, errors = PaymentPanel.payment, PaymentPanel.errors
    return dialog(
        PaymentPanel.form == "refund",
        fact_list(it.refunding),
        form(
            form_field(
                tr("Вернуть"),
                money_input("amount", value=it.left, error=errors["amount"]),
                name="amount",
                help=tr("Вся сумма заберёт оставшиеся дни тарифа; часть тариф не трогает."),
                error=errors["amount"],
            ),
            form_field(
                tr("Причина"),
                text_input("reason", error=errors["reason"], max_length=300, auto_complete="off"),
                name="reason",
                error=errors["reason"],
            ),
            _actions(tr("Вернуть деньги"), kind="danger"),
            on_submit=PaymentPanel.refund,
            error=errors["form"],
        ),
        title=tr("Вернуть деньги?"),
        text=tr("Комиссия партнёра и бонус за друга с этой суммы тоже вернутся."),
        on_close=PaymentPanel.put_away,
    )


def _actions(words: rx.Var[str], *, kind: str) -> rx.Component:
    return dialog_actions(
        button(tr("Отмена"), on_click=PaymentPanel.put_away),
        button(words, kind=kind, submit=True, busy=PaymentPanel.is_busy),  # type: ignore[arg-type]
    )
