"""`/calculators`: the calculators, and under them what is kept."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.calculations.words import KINDS
from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.view import link_dialog
from cube_demper.seller.pages.calculators.rows import KeptRow
from cube_demper.seller.pages.calculators.state import CalculatorsState
from cube_demper.ui.actions import button, icon_button, menu, menu_item, menu_line, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, two_lines

_ICONS = {
    CalculationKind.UNIT: "chart-column",
    CalculationKind.PENALTY: "scale",
    CalculationKind.TAX_PENALTY: "calendar-clock",
    CalculationKind.TAX: "receipt",
    CalculationKind.DUTY: "landmark",
}


def calculators_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Калькуляторы"),
            tr("Каждая ставка с датой и источником, каждый шаг с формулой."),
        ),
        rx.el.nav(
            *(_tile(kind) for kind in KINDS), class_name="k-kinds", aria_label="Калькуляторы"
        ),
        _kept(),
        _naming(),
        link_dialog(
            CalculatorsState.link,
            on_revoke=CalculatorsState.unshare,
            on_close=CalculatorsState.close,
        ),
    )


def _tile(kind: CalculationKind) -> rx.Component:
    name, what = KINDS[kind]
    return rx.link(
        rx.el.span(rx.icon(_ICONS[kind], size=20, aria_hidden="true"), class_name="k-disc blue"),
        rx.el.span(
            rx.el.b(tr(name)),
            rx.el.span(tr(what), class_name="k-second"),
            class_name="k-kind-words",
        ),
        href=f"/calculators/{kind}",
        class_name="k-card k-kind",
        underline="none",
    )


def _kept() -> rx.Component:
    return data_table(
        CalculatorsState.rows,
        _COLUMNS,
        label=tr("Сохранённые расчёты"),
        phase=CalculatorsState.phase,
        card='"title acts" "figures saved"',
        card_columns="1fr auto",
        tools=rx.el.div(rx.el.h2(tr("Сохранённые")), class_name="k-card-head"),
        empty=empty_state(
            tr("Здесь будут ваши расчёты"),
            tr("Посчитайте и нажмите «В избранное»: условие и дата ставок сохранятся."),
            icon="star",
        ),
        on_retry=CalculatorsState.load,
    )


def _title(item: Any) -> rx.Component:
    row: KeptRow = item
    return two_lines(text_link(row.title, row.link), row.kind)


def _saved(item: Any) -> rx.Component:
    row: KeptRow = item
    return rx.el.span(
        row.saved_at,
        rx.cond(row.is_shared, badge(tr("по ссылке"), "blue", "link")),
        class_name="k-row",
    )


def _acts(item: Any) -> rx.Component:
    row: KeptRow = item
    return menu(
        icon_button("ellipsis", tr("Действия с расчётом")),
        menu_item(tr("Переименовать"), icon="pencil", on_click=CalculatorsState.ask_title(row.id)),
        menu_item(
            rx.cond(row.is_shared, tr("Показать ссылку"), tr("Поделиться ссылкой")),
            icon="link",
            on_click=CalculatorsState.share(row.id),
        ),
        menu_line(),
        menu_item(
            tr("Удалить"), icon="trash-2", on_click=CalculatorsState.remove(row.id), danger=True
        ),
    )


_COLUMNS = (
    Column("title", tr("Расчёт"), _title, label=""),
    Column("figures", tr("Ставки на день"), lambda row: row.figures_on, width="150px"),
    Column("saved", tr("Сохранён"), _saved, width="220px"),
    Column("acts", "", _acts, width="56px", align="right", label=""),
)


def _naming() -> rx.Component:
    asked = CalculatorsState.renamed
    return dialog(
        asked.id != "",
        form(
            form_field(
                tr("Название"),
                text_input(
                    "title",
                    error=CalculatorsState.errors["title"],
                    default_value=asked.title,
                    max_length=120,
                    auto_focus=True,
                ),
                name="title",
                error=CalculatorsState.errors["title"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=CalculatorsState.close),
                button(tr("Сохранить"), kind="primary", submit=True),
            ),
            on_submit=CalculatorsState.rename,
        ),
        title=tr("Переименовать расчёт"),
        on_close=CalculatorsState.close,
    )
