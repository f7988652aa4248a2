"""`/plans`: what plans cost and give."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.asking import question_dialog
from admin.pages.plans.rows import PlanCard, PriceRow
from admin.pages.plans.state import PlansState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, money_input, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, page, page_header, row
from cube_demper.ui.lists import figure
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table


def plans_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Тарифы"),
            tr("Цена меняется с выбранного дня для новых покупок. Купленное остаётся как было."),
        ),
        when_ready(
            PlansState.phase,
            rx.el.div(rx.foreach(PlansState.plans, _card), class_name="k-thirds"),
            on_retry=PlansState.load,
        ),
        data_table(
            PlansState.rows,
            _columns(),
            label=tr("Цены с датой"),
            phase=PlansState.phase,
            card='"plan state" "begins price" "deeds deeds"',
            card_columns="1fr auto",
            on_retry=PlansState.load,
            empty=empty_state(
                tr("Цены ещё не менялись"),
                tr("Действуют те, с которыми сервис был запущен."),
                icon="layers",
            ),
        ),
        _form(),
        question_dialog(
            PlansState.question, on_confirm=PlansState.confirm, on_close=PlansState.put_away
        ),
        wide=True,
    )


def _card(entry: Any) -> rx.Component:
    it: PlanCard = entry
    return rx.el.section(
        rx.el.div(
            rx.el.h2(it.title),
            rx.el.span(it.price, class_name="k-strong k-push"),
            class_name="k-card-head",
        ),
        rx.el.div(
            row(
                text_link(tr("Платят: {n}", n=it.people), "/payments?tab=paid&plan=" + it.code),  # type: ignore[operator]
                rx.el.span(it.people_note, class_name="k-note"),
            ),
            fact_list(it.facts),  # type: ignore[arg-type]
            rx.cond(
                it.can_change,
                row(
                    button(
                        tr("Изменить цену"),
                        icon="calendar-clock",
                        on_click=PlansState.begin(it.code),
                    )
                ),
            ),
            class_name="k-card-body k-stack",
        ),
        class_name="k-card",
    )


def _columns() -> list[Column]:
    return [
        Column("plan", tr("Тариф"), lambda row: row.plan, label=""),
        Column("begins", tr("С"), lambda row: row.begins, width="200px", label=""),
        figure("price", tr("Цена за 30 дней"), width="180px", label=""),
        Column("state", tr("Состояние"), _state, width="180px", label=""),
        Column("deeds", tr("Ещё"), _deeds, width="120px", align="right", label=""),
    ]


def _state(row: Any) -> rx.Component:
    return badge(row.state, row.tone)


def _deeds(row: Any) -> rx.Component:
    it: PriceRow = row
    return rx.cond(
        it.can_cancel,
        button(tr("Отменить"), size="s", on_click=PlansState.ask_cancel(it.id)),
    )


def _form() -> rx.Component:
    it = PlansState
    return dialog(
        it.plan != "",
        form(
            form_field(
                tr("Новая цена за 30 дней"),
                money_input("price", error=it.errors["price"]),
                name="price",
                error=it.errors["price"],
            ),
            form_field(
                tr("С какого дня"),
                text_input(
                    "begins", type="date", default_value=it.today, error=it.errors["begins"]
                ),
                name="begins",
                help=tr("С полуночи по Алматы; сегодняшний день — с этой минуты."),
                error=it.errors["begins"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=it.put_away),
                button(tr("Дальше"), kind="primary", submit=True),
            ),
            on_submit=it.check,
        ),
        title=tr("Цена тарифа"),
        on_close=it.put_away,
    )
