"""The form of the goods that a trial begins with: tick, check the floor, begin."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.products.table import picture
from cube_demper.seller.pages.trial.acts import BeginState
from cube_demper.seller.pages.trial.rows import CandidateRow
from cube_demper.seller.pages.trial.state import TrialState
from cube_demper.ui.actions import Text, button, link_button, spinner
from cube_demper.ui.forms import form, money_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.placeholders import empty_state


def choosing_card(title: Text) -> rx.Component:
    """Show the candidates with the floors that are proposed; nothing is set before the button."""
    return card(
        rx.cond(TrialState.head.can_begin, _form(), _nothing()),
        title=title,
        note=rx.cond(
            TrialState.head.looking,
            rx.el.span(spinner(12), " ", TrialState.head.looking, class_name="k-row"),
        ),
        flush=True,
    )


def _form() -> rx.Component:
    return form(
        rx.el.p(
            tr("Мы выбрали товары, где есть с кем сравнить. Проверьте мин. цену: ниже неё бот не"),
            " ",
            tr("пойдёт никогда."),
            " ",
            TrialState.head.what_begins,
            class_name="k-second",
            style={"padding": "12px 16px 4px"},
        ),
        rx.el.ul(rx.foreach(TrialState.candidates, _candidate), class_name="k-lines-list"),
        rx.el.div(
            button(
                tr("Начать с этих товаров"),
                icon="play",
                kind="primary",
                submit=True,
                busy=BeginState.is_busy,
            ),
            class_name="k-under-lines",
        ),
        on_submit=lambda data: BeginState.begin(TrialState.head.store_id, data),
        error=BeginState.errors["form"],
    )


def _candidate(item: Any) -> rx.Component:
    row: CandidateRow = item
    error = BeginState.errors[row.id].to(str)
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            name="on:" + row.id,
            default_checked=True,
            class_name="k-check",
            aria_label=row.name,
        ),
        picture(row.image_url, 36),
        rx.el.div(
            rx.el.span(row.name, class_name="k-strong"),
            rx.el.span(rx.el.b(row.price), " · ", row.market, class_name="k-second"),
            class_name="k-lines",
        ),
        rx.el.div(
            money_input(
                "floor:" + row.id, value=row.floor, label=tr("Мин. цена, {name}", name=row.name)
            ),
            rx.cond(
                error,
                rx.el.span(error, class_name="k-wrong k-field-note", role="alert"),
                rx.el.span(row.floor_note, class_name="k-field-note"),
            ),
            class_name="k-lines k-floor",
        ),
        class_name="k-task k-candidate",
        key=row.id,
    )


def _nothing() -> rx.Component:
    return rx.cond(
        TrialState.head.looking,
        empty_state(
            tr("Смотрим, у каких товаров есть конкуренты"),
            tr("Обычно это меньше минуты. Страница обновится сама."),
            icon="hourglass",
        ),
        empty_state(
            tr("Подходящих товаров не нашлось"),
            tr("Нужны товары в продаже, у которых есть конкуренты. Выберите их сами в списке."),
            link_button(tr("Открыть товары"), "/products?tab=bot_off", kind="primary"),
            icon="package-search",
        ),
    )
