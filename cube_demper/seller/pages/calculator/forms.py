"""The forms of law, one a calculator. What does not fit a choice made in a form is not asked."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.calculations.words import DUTIES, LABELS, PAYERS, REGIMES
from cube_demper.domain.calculators.schemas import DutyKind, Regime
from cube_demper.seller.pages.calculator.cases import (
    BY_CONTRACT,
    BY_DAY,
    BY_LAST,
    BY_OWN,
    BY_PARTS,
    IN_COURT,
)
from cube_demper.seller.pages.calculator.fields import (
    box,
    choice_field,
    date_field,
    money_field,
    number_field,
    region_field,
)
from cube_demper.seller.pages.calculator.rows import PaymentRow
from cube_demper.seller.pages.calculator.state import LawState
from cube_demper.ui.actions import button, icon_button
from cube_demper.ui.forms import form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr

_WAYS = (
    (BY_LAST, tr("Ст. 353: ставка на день расчёта")),
    (BY_DAY, tr("Ст. 353: ставка на другой день")),
    (BY_PARTS, tr("Ст. 353: ставка дня каждой оплаты (вне суда)")),
    (BY_OWN, tr("Своя годовая ставка")),
    (BY_CONTRACT, tr("Пеня по договору")),
)


def _pair(*fields: Any) -> rx.Component:
    return rx.el.div(*fields, class_name="k-duo")


def _known(first: Any) -> Any:
    return rx.fragment(first, " ", LawState.known)


def _is(name: str, *values: str) -> rx.Var[bool]:
    chosen: Any = LawState.values[name]
    wanted: rx.Var[bool] = chosen == values[0]
    for value in values[1:]:
        wanted = wanted | (chosen == value)
    return wanted


def beyond_the_tables() -> rx.Component:
    """Offer what can be counted of a day that the tables do not reach, and tell what was assumed."""
    offer = LawState.offer
    return rx.fragment(
        rx.cond(
            offer.last,
            rx.el.div(
                rx.el.p(offer.title, class_name="k-strong"),
                rx.el.p(
                    tr(
                        "Можно остановиться на этом дне или взять последнюю известную ставку:"
                        " это предположение, в расчёте оно будет отмечено."
                    ),
                    class_name="k-note",
                ),
                rx.el.div(
                    rx.cond(
                        offer.field,
                        button(offer.earlier, size="s", on_click=LawState.count_known),
                    ),
                    button(tr("Взять последнюю известную"), size="s", on_click=LawState.assume),
                    class_name="k-row",
                ),
                class_name="k-offer",
                role="status",
            ),
        ),
        rx.cond(
            _is("assume_last", "on"),
            box("assume_last", tr("После конца таблицы — последняя известная ставка")),
        ),
    )


def penalty_form() -> rx.Component:
    """Ask for a debt, its delay and whose rate counts."""
    way = select(
        "way",
        _WAYS,
        default_value=LawState.values["way"],
        on_change=lambda value: LawState.choose("way", value),
    )
    return rx.fragment(
        money_field("debt"),
        _pair(date_field("due"), date_field("until", LawState.known)),
        form_field(tr("Как считать"), way, name="way"),
        rx.cond(_is("way", BY_DAY), date_field("rate_on", tr("День оплаты, иска или решения."))),
        rx.cond(_is("way", BY_OWN), number_field("rate_percent", "%")),
        rx.cond(
            _is("way", BY_CONTRACT),
            _pair(
                number_field("percent_per_day", "%", placeholder="0,1"),
                number_field("cap_percent", "%", placeholder="10"),
            ),
        ),
        payments(),
    )


def tax_penalty_form() -> rx.Component:
    """Ask for a tax and its delay."""
    return rx.fragment(
        money_field("debt"),
        _pair(date_field("due"), date_field("until", LawState.known)),
        payments(),
    )


def payments() -> rx.Component:
    """Ask for partial payments, a row each."""
    return rx.el.fieldset(
        rx.el.legend(tr(LABELS["payments"])),
        rx.foreach(LawState.payments, _payment),
        button(tr("Добавить оплату"), icon="plus", size="s", on_click=LawState.add_payment),
        class_name="k-payments",
    )


def _payment(item: Any) -> rx.Component:
    row: PaymentRow = item
    on, amount = "paid_on_" + row.id, "paid_" + row.id
    return rx.el.div(
        form_field(
            tr("День"),
            text_input(on, type="date", default_value=row.on, error=LawState.errors[on]),
            name=on,
            error=LawState.errors[on],
        ),
        form_field(
            tr("Сумма"),
            money_input(amount, value=row.amount, error=LawState.errors[amount]),
            name=amount,
            error=LawState.errors[amount],
        ),
        icon_button("trash-2", tr("Убрать оплату"), on_click=LawState.drop_payment(row.id)),
        key=row.id,
        class_name="k-payment",
    )


def tax_form() -> rx.Component:
    """Ask for a period and a regime."""
    simplified = _is("regime", Regime.IP_SIMPLIFIED, Regime.TOO_SIMPLIFIED)
    is_ip = _is("regime", Regime.IP_SIMPLIFIED, Regime.IP_GENERAL)
    return rx.fragment(
        choice_field("regime", [(it.value, tr(text)) for it, text in REGIMES.items()]),
        _pair(date_field("on", _known(tr("Последний день периода."))), number_field("months")),
        money_field("income", tr("Без НДС.")),
        rx.cond(simplified, _pair(region_field(), number_field("simplified_percent", "%"))),
        rx.cond(
            ~simplified,
            rx.fragment(
                money_field("expenses", tr("Только те, что с документами.")),
                box("is_vat_payer", tr("На учёте по НДС"), decides=True),
                rx.cond(_is("is_vat_payer", "on"), money_field("purchase_vat")),
            ),
        ),
        rx.cond(_is("regime", Regime.IP_GENERAL), number_field("workers")),
        rx.cond(_is("regime", Regime.TOO_GENERAL), money_field("wages")),
        rx.cond(
            is_ip,
            rx.fragment(
                money_field("own_income", tr("Пусто — одна минимальная зарплата (МЗП).")),
                box("has_opvr", tr("Родился после 01.01.1975: платится ОПВР")),
            ),
        ),
    )


def duty_form() -> rx.Component:
    """Ask what a duty is paid for, by whom and when."""
    by_amount = [it.value for it in DutyKind if it.needs_amount]
    return rx.fragment(
        choice_field("kind", [(it.value, tr(text)) for it, text in DUTIES.items()]),
        _pair(
            choice_field("payer", [(it.value, tr(text)) for it, text in PAYERS.items()]),
            date_field("on", _known(tr("День подачи."))),
        ),
        rx.cond(_is("kind", *by_amount), money_field("amount")),
        rx.cond(
            _is("kind", DutyKind.COPY), _pair(number_field("documents"), number_field("pages"))
        ),
        rx.cond(
            _is("kind", *(it.value for it in IN_COURT)),
            rx.fragment(
                box("is_cassation", tr("Кассационная жалоба: половина ставки")),
                rx.cond(
                    _is("payer", "person"), box("is_consumer", tr("Иск потребителя: отсрочка"))
                ),
            ),
        ),
    )
