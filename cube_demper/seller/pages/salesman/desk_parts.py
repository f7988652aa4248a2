"""Stores' salesmen: a card each, and the dialog in which one is set."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.models.salesman import SalesmanMode
from cube_demper.seller.pages.salesman.desk_state import DeskState
from cube_demper.seller.pages.salesman.rows import DeskRow
from cube_demper.seller.pages.salesman.state import SalesmanState
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import checkbox, form, form_field, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import row
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge


def desk_cards() -> rx.Component:
    """Show each store's salesman."""
    return rx.el.div(rx.foreach(SalesmanState.desks, _desk), class_name="k-thirds")


def _desk(entry: Any) -> rx.Component:
    it: DeskRow = entry
    return rx.el.section(
        rx.el.div(rx.el.h2(it.name), badge(it.state, it.tone), class_name="k-card-head"),
        rx.el.div(
            rx.el.p(it.note, class_name="k-note"),
            row(
                button(
                    tr("Настроить"),
                    icon="settings-2",
                    size="s",
                    on_click=DeskState.open(it.id, it.name),
                )
            ),
            class_name="k-card-body k-stack",
        ),
        class_name="k-card",
    )


def desk_dialog() -> rx.Component:
    """Make the dialog."""
    return dialog(
        DeskState.desk.id != "",
        _form(),
        title=tr("ИИ-продавец «{name}»", name=DeskState.desk.name),
        on_close=DeskState.close,
    )


def _form() -> rx.Component:
    kept = DeskState.desk
    return form(
        checkbox("is_on", tr("Писать покупателям этого магазина"), default_checked=kept.is_on),
        form_field(
            tr("Как отправлять"),
            select(
                "mode",
                [
                    (SalesmanMode.APPROVE.value, tr("Показывать мне, отправлять по моему слову")),
                    (SalesmanMode.AUTO.value, tr("Сразу, если прошло проверку")),
                ],
                default_value=kept.mode,
            ),
            name="mode",
        ),
        _triggers(),
        _words(),
        _limits(),
        notice(
            tr("Что уходит модели"),
            tr("Названия купленного и товаров в наличии. Имя, телефон и адрес не передаются."),
        ),
        dialog_actions(
            button(tr("Отмена"), on_click=DeskState.close),
            button(tr("Сохранить"), kind="primary", submit=True),
        ),
        on_submit=DeskState.save,
    )


def _triggers() -> rx.Component:
    kept, fault = DeskState.desk, DeskState.errors["triggers"]
    return rx.el.fieldset(
        rx.el.legend(tr("Когда писать")),
        checkbox("new_order", tr("После первого заказа"), default_checked=kept.new_order),
        checkbox("repeat_customer", tr("Кто купил снова"), default_checked=kept.repeat_customer),
        checkbox("review_request", tr("Попросить отзыв"), default_checked=kept.review_request),
        rx.cond(fault, rx.el.p(fault, class_name="k-error")),
        class_name="k-stack-s",
    )


def _words() -> rx.Component:
    kept = DeskState.desk
    discount = _field(
        "discount_percent",
        tr("Скидка до, %"),
        kept.discount_percent,
        tr("0 — скидок нет. Ниже минимальной цены не опустимся"),
        input_mode="numeric",
    )
    return rx.fragment(
        _field("tone", tr("Тон"), kept.tone, tr("Например: на вы, коротко, без смайлов")),
        row(discount, _field("promo_code", tr("Промокод"), kept.promo_code)),
    )


def _limits() -> rx.Component:
    kept, digits = DeskState.desk, {"input_mode": "numeric"}
    return rx.fragment(
        row(
            _field(
                "delay_minutes",
                tr("Через, минут"),
                kept.delay_minutes,
                tr("После заказа"),
                **digits,
            ),
            _field(
                "max_per_day", tr("В день не больше"), kept.max_per_day, tr("Сообщений"), **digits
            ),
        ),
        _field(
            "holdout_percent",
            tr("Не писать для сравнения, % покупателей"),
            kept.holdout_percent,
            tr("По ним видно, что даёт продавец. 0 — пишем всем, результат не измерить"),
            **digits,
        ),
    )


def _field(name: str, label: Any, value: Any, note: Any = None, **props: Any) -> rx.Component:
    fault = DeskState.errors[name]
    control = text_input(name, error=fault, default_value=value, **props)
    return form_field(label, control, name=name, help=note, error=fault)
