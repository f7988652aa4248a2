"""`/rates`: the dated tables."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.rates.rows import TABS
from admin.pages.rates.state import RatesState
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.forms import form, form_field, money_input, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import figure, list_table, list_tools
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, whole_lines


def rates_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Ставки"),
            tr("По ним считаются все калькуляторы. Новая строка сильнее прежней со своего дня."),
            button(tr("МРП и МЗП на год"), icon="plus", on_click=RatesState.begin("index")),
            button(tr("Базовая ставка"), icon="plus", on_click=RatesState.begin("base_rate")),
        ),
        rx.foreach(RatesState.endings, lambda words: notice(words, tone="amber")),
        tabs(
            [Tab(it, tr(words), RatesState.counts[it]) for it, words in TABS.items()],
            RatesState.view.tab,
        ),
        list_table(
            RatesState,
            _columns(),
            label=tr("Ставки"),
            card='"name value" "days sure" "source source"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            tools=list_tools(RatesState, tr("Название, закон или источник")),
            empty=empty_state(tr("Такой ставки нет"), icon="percent"),
        ),
        _base_rate(),
        _index(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Что"), _name, label=""),
        figure("value", tr("Ставка"), width="160px", label=""),
        Column("days", tr("Действует"), _days, width="150px", label=""),
        Column("sure", tr("Уверенность"), _sure, width="150px", label=""),
        Column("source", tr("Источник"), lambda row: row.source, width="260px", label=""),
    ]


def _name(row: Any) -> rx.Component:
    return whole_lines(row.name, row.name_note)


def _days(row: Any) -> rx.Component:
    return whole_lines(row.days, rx.cond(row.is_now, tr("сейчас"), tr("не сегодня")))


def _sure(row: Any) -> rx.Component:
    return badge(row.sure, row.tone)


def _base_rate() -> rx.Component:
    return _dialog(
        "base_rate",
        tr("Базовая ставка Нацбанка"),
        _field("percent", tr("Ставка"), unit="%", input_mode="decimal", placeholder="15,75"),
        _field("begins", tr("Первый день"), type="date"),
        _field("ends", tr("Последний день, если известен"), type="date"),
    )


def _index() -> rx.Component:
    return _dialog(
        "index",
        tr("МРП и МЗП на год"),
        _field("year", tr("Год"), input_mode="numeric", placeholder="2027"),
        *(
            form_field(
                label,
                money_input(name, error=RatesState.errors[name]),
                name=name,
                error=RatesState.errors[name],
            )
            for name, label in (("mrp", tr("МРП")), ("mzp", tr("МЗП")))
        ),
    )


def _dialog(code: str, title: Any, *fields: rx.Component) -> rx.Component:
    return dialog(
        RatesState.form == code,
        form(
            *fields,
            _field("source", tr("Источник"), max_length=200),
            dialog_actions(
                button(tr("Отмена"), on_click=RatesState.put_away),
                button(tr("Записать"), kind="primary", submit=True, busy=RatesState.is_busy),
            ),
            on_submit=RatesState.save,
            error=RatesState.errors["form"],
        ),
        title=title,
        text=tr("Строка с тем же первым днём заменится. Прошлые расчёты не меняются."),
        on_close=RatesState.put_away,
    )


def _field(name: str, label: Any, **props: Any) -> rx.Component:
    error = RatesState.errors[name]
    return form_field(
        label,
        text_input(name, error=error, auto_complete="off", **props),
        name=name,
        error=error,
    )
