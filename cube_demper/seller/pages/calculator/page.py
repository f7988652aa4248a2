"""`/calculators/[calculator_kind]`: a form of law at the left, its answer with every step at the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.figures import figure_list, unsure_notice
from cube_demper.seller.calculations.view import keep_bar
from cube_demper.seller.pages.calculator.forms import (
    beyond_the_tables,
    duty_form,
    penalty_form,
    tax_form,
    tax_penalty_form,
)
from cube_demper.seller.pages.calculator.rows import Line
from cube_demper.seller.pages.calculator.state import LawState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.forms import form
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready


def calculator_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            rx.cond(LawState.title, LawState.title, tr("Калькулятор")),
            back=(tr("Калькуляторы"), "/calculators"),
        ),
        when_ready(
            LawState.phase,
            rx.cond(LawState.which != "", _content(), _unknown()),
            waiting=card(skeleton(6)),
            on_retry=LawState.load,
        ),
    )


def _unknown() -> rx.Component:
    return card(
        empty_state(
            tr("Такого калькулятора нет"),
            tr("Выберите из списка."),
            link_button(tr("Все калькуляторы"), "/calculators", kind="primary"),
            icon="calculator",
        )
    )


def _content() -> rx.Component:
    return rx.el.div(
        card(
            rx.el.div(
                form(
                    rx.match(
                        LawState.which,
                        (CalculationKind.PENALTY.value, penalty_form()),
                        (CalculationKind.TAX_PENALTY.value, tax_penalty_form()),
                        (CalculationKind.TAX.value, tax_form()),
                        (CalculationKind.DUTY.value, duty_form()),
                        rx.fragment(),
                    ),
                    beyond_the_tables(),
                    rx.el.div(
                        button(tr("Рассчитать"), icon="calculator", kind="primary", submit=True),
                        class_name="k-row",
                    ),
                    on_submit=LawState.count,
                    error=LawState.errors["form"],
                ),
                key=LawState.version.to_string(),
            ),
            title=tr("Условие"),
        ),
        rx.el.div(
            rx.cond(LawState.answer.total != "", _answer(), _waiting()), class_name="k-stack"
        ),
        class_name="k-calc",
    )


def _waiting() -> rx.Component:
    return card(
        empty_state(
            tr("Ответ появится здесь"),
            tr("С формулой каждого шага, ставками, их датой и источником."),
            icon="calculator",
        )
    )


def _answer() -> rx.Component:
    answer = LawState.answer
    return stack(
        card(
            rx.el.p(answer.total, class_name="k-total", role="status"),
            unsure_notice(~answer.is_sure),
            rx.cond(answer.parts.length() > 0, _lines(answer.parts)),
            rx.cond(
                answer.warnings.length() > 0,
                rx.el.ul(rx.foreach(answer.warnings, rx.el.li), class_name="k-plain-list"),
            ),
            keep_bar(),
            title=tr("Итог"),
        ),
        rx.cond(
            answer.steps.length() > 0,
            card(
                _lines(answer.steps),
                rx.el.p(answer.rounding, class_name="k-note"),
                title=tr("Как посчитано"),
            ),
        ),
        rx.cond(answer.figures.length() > 0, card(figure_list(answer.figures), title=tr("Ставки"))),
        rx.cond(
            answer.norms.length() > 0,
            card(
                rx.el.ul(rx.foreach(answer.norms, rx.el.li), class_name="k-plain-list"),
                title=tr("Норма"),
            ),
        ),
    )


def _lines(lines: rx.Var[list[Line]]) -> rx.Component:
    return rx.el.ul(rx.foreach(lines, _line), class_name="k-sums")


def _line(item: Any) -> rx.Component:
    row: Line = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name),
            rx.cond(row.formula != "", rx.el.span(row.formula, class_name="k-note")),
        ),
        rx.el.b(row.amount),
    )
