"""The answer: scenarios side by side, then everything about the chosen one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.calculations.unit_papers import LETTERS
from cube_demper.seller.calculations.figures import figure_list, unsure_notice
from cube_demper.seller.calculations.view import keep_bar
from cube_demper.seller.pages.calculator_unit.answer_state import UnitAnswerState
from cube_demper.seller.pages.calculator_unit.rows import ChangeRow, DeliveryRow, SideRow
from cube_demper.ui.charts import chart
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge

_detail = UnitAnswerState.detail


def answer() -> rx.Component:
    """Show what came out, or what will."""
    return rx.cond(
        UnitAnswerState.letters.length() > 0,
        stack(
            _sides(),
            _choice(),
            _plots(),
            rx.el.div(_deliveries(), _year(), class_name="k-halves"),
            _figures(),
        ),
        card(
            empty_state(
                tr("Ответ появится здесь"),
                tr("Прибыль, цена без убытка, доставки рядом и что изменится с 1 января."),
                icon="chart-column",
            )
        ),
    )


def _sides() -> rx.Component:
    head = rx.el.tr(
        rx.el.th(rx.el.span(tr("Показатель"), class_name="k-sr"), scope="col"),
        rx.foreach(
            UnitAnswerState.letters, lambda it: rx.el.th(tr("Сценарий"), " ", it, scope="col")
        ),
    )
    return card(
        unsure_notice(~_detail.is_sure),
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(UnitAnswerState.rows, _side)),
            class_name="k-side-by-side",
        ),
        keep_bar(),
        title=tr("Итог"),
    )


def _side(item: Any) -> rx.Component:
    row: SideRow = item
    return rx.el.tr(
        rx.el.th(row.name, scope="row"),
        rx.foreach(
            row.cells,
            lambda cell, at: rx.el.td(cell, custom_attrs={"data-tone": row.tones[at]}),
        ),
        custom_attrs={"data-strong": rx.cond(row.is_strong, "true", "false")},
    )


def _choice() -> rx.Component:
    buttons = (
        rx.cond(
            UnitAnswerState.letters.contains(letter),
            rx.el.button(
                tr("Сценарий {letter}", letter=letter),
                type="button",
                on_click=UnitAnswerState.choose(letter),
                aria_pressed=_detail.letter == letter,
            ),
        )
        for letter in LETTERS
    )
    shown = rx.el.div(
        *buttons, class_name="k-segmented", role="group", aria_label=tr("Подробно о сценарии")
    )
    return rx.cond(UnitAnswerState.letters.length() > 1, rx.el.div(shown, class_name="k-row"))


def _plots() -> rx.Component:
    return rx.el.div(
        card(
            chart(
                UnitAnswerState.fall,
                label=tr("Куда уходит цена"),
                caption=UnitAnswerState.fall_words,
                height=340,
            ),
            title=tr("Куда уходит цена"),
        ),
        card(
            rx.cond(
                UnitAnswerState.curve_words != "",
                chart(
                    UnitAnswerState.curve,
                    label=tr("Прибыль в зависимости от цены"),
                    caption=UnitAnswerState.curve_words,
                    height=340,
                ),
                empty_state(
                    tr("Нужна закупка"),
                    tr("Без неё прибыль не посчитать: укажите закупку в условии."),
                    icon="wallet",
                ),
            ),
            title=tr("Прибыль по цене"),
        ),
        class_name="k-halves",
    )


def _deliveries() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(_detail.deliveries, _delivery), class_name="k-sums"),
        title=tr("Доставка рядом"),
        note=tr("прибыль с той же продажи"),
    )


def _delivery(item: Any) -> rx.Component:
    row: DeliveryRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                row.name,
                rx.cond(row.is_chosen, badge(tr("выбрана"), "blue")),
                class_name="k-named",
            ),
            rx.el.span(row.margin, class_name="k-note"),
        ),
        rx.el.div(
            rx.el.b(row.profit),
            rx.cond(
                row.difference != "",
                rx.el.span(
                    row.difference, class_name="k-trend", custom_attrs={"data-tone": row.tone}
                ),
            ),
            class_name="k-right",
        ),
    )


def _year() -> rx.Component:
    return card(
        rx.cond(
            _detail.year_profit != "",
            rx.el.p(
                rx.el.b(_detail.year_profit),
                " ",
                rx.el.span(
                    _detail.year_difference,
                    class_name="k-trend",
                    custom_attrs={"data-tone": _detail.year_tone},
                ),
                class_name="k-year",
            ),
        ),
        rx.el.p(_detail.year_note, class_name="k-second"),
        rx.el.ul(rx.foreach(_detail.changes, _change), class_name="k-sums"),
        title=tr("Что изменится {day}", day=_detail.year),
    )


def _change(item: Any) -> rx.Component:
    row: ChangeRow = item
    return rx.el.li(
        rx.el.div(rx.el.span(row.name), rx.el.span(row.note, class_name="k-note")),
        rx.el.b(rx.cond(row.now == row.later, row.now, row.now + " → " + row.later)),
    )


def _figures() -> rx.Component:
    return rx.el.div(
        card(
            rx.el.ul(rx.foreach(_detail.formulas, _formula), class_name="k-sums"),
            title=tr("Как посчитано"),
        ),
        card(figure_list(_detail.figures), title=tr("Ставки")),
        class_name="k-halves",
    )


def _formula(item: Any) -> rx.Component:
    row: SideRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name),
            rx.cond(row.cells[0] != "", rx.el.span(row.cells[0], class_name="k-note")),
        ),
        rx.el.b(row.cells[1]),
    )
