"""The cards of the overview: what waits, what changed, how the work goes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.now import worker_line
from cube_demper.seller.pages.overview.places_state import PlacesState
from cube_demper.seller.pages.overview.rows import BudgetRow, ChangeRow
from cube_demper.seller.pages.overview.state import OverviewState
from cube_demper.seller.pages.overview.task import Task
from cube_demper.seller.plans.view import plan_meter
from cube_demper.ui.actions import link_button, text_link
from cube_demper.ui.charts import chart
from cube_demper.ui.forms import segmented
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge, dot, status_badge
from cube_demper.ui.tiles import meter
from cube_demper.ui.timeline import timeline, timeline_item

_ICONS = (
    "smartphone",
    "lightbulb",
    "hourglass",
    "shield-alert",
    "shield",
    "coins",
    "circle-alert",
    "wallet",
)
MOST_TASKS = 3
"""What needs the seller most; the rest waits behind a click (UI.md: what needs me comes second)."""
_SPANS = (("day", "Сутки"), ("week", "7 дней"), ("month", "30 дней"))


def tasks_card() -> rx.Component:
    """Show what waits for the seller; only the first is primary."""
    nothing = empty_state(
        tr("Вас ничего не ждёт"),
        tr("Когда понадобится ваше решение, оно появится здесь."),
        icon="circle-check",
    )
    return card(
        rx.cond(
            OverviewState.tasks.length() > 0,
            rx.el.ul(
                rx.foreach(OverviewState.tasks[:MOST_TASKS], _task), class_name="k-lines-list"
            ),
            nothing,
        ),
        rx.cond(
            OverviewState.tasks.length() > MOST_TASKS,
            rx.el.details(
                rx.el.summary(
                    tr("Показать остальные: {n}", n=OverviewState.tasks.length() - MOST_TASKS),
                    class_name="k-rest",
                ),
                rx.el.ul(
                    rx.foreach(OverviewState.tasks[MOST_TASKS:], _later_task),
                    class_name="k-lines-list",
                ),
            ),
        ),
        title=tr("Ждёт вас"),
        note=rx.cond(OverviewState.tasks.length() > 0, OverviewState.head.waiting_note, ""),
        flush=True,
    )


def _later_task(item: Any) -> rx.Component:
    return _task(item, 1)


def _task(item: Any, place: Any) -> rx.Component:
    task: Task = item
    icons = [(name, rx.icon(name, size=16, aria_hidden="true")) for name in _ICONS]
    return rx.el.li(
        rx.el.span(
            rx.match(task.icon, *icons, rx.icon("info", size=16, aria_hidden="true")),
            class_name="k-task-sign",
            custom_attrs={"data-tone": task.tone},
        ),
        rx.el.div(
            rx.el.span(task.title, class_name="k-strong"),
            rx.el.span(task.text, class_name="k-second"),
            class_name="k-lines",
        ),
        link_button(task.verb, task.link)
        if isinstance(place, int)
        else rx.cond(
            place == 0,
            link_button(task.verb, task.link, kind="primary"),
            link_button(task.verb, task.link),
        ),
        class_name="k-task",
    )


def changes_card() -> rx.Component:
    """Show what the bots did since yesterday, in numbers and in the last prices that left."""
    nothing = empty_state(
        tr("Изменений ещё не было"),
        tr("Как только бот поменяет цену, она появится здесь с причиной."),
        icon="arrow-down-up",
    )
    day = OverviewState.day
    return card(
        rx.el.dl(
            rx.el.div(rx.el.dt(tr("цен изменили")), rx.el.dd(day.changes)),
            rx.el.div(rx.el.dt(tr("1‑е место отбили")), rx.el.dd(day.won)),
            rx.el.div(rx.el.dt(tr("не пошли за конкурентом")), rx.el.dd(day.guarded)),
            class_name="k-day",
        ),
        rx.cond(
            OverviewState.changes.length() > 0,
            timeline(OverviewState.changes, change_item),
            nothing,
        ),
        title=tr("Бот со вчерашнего дня"),
        action=text_link(tr("Все товары"), "/products?tab=bot_on" + OverviewState.head.of_store),
    )


def change_item(item: Any) -> rx.Component:
    """Show one price that left for Kaspi."""
    change: ChangeRow = item
    return timeline_item(
        change.at,
        text_link(change.name, change.link),
        code=change.code,
        text=rx.fragment(
            change.prices,
            rx.cond(change.where, rx.el.span(" · ", change.where, class_name="k-note")),
        ),
        note=change.words,
    )


def wars_card() -> rx.Component:
    """Show the price wars of the week and what they cost, when there were any."""
    wars = OverviewState.wars
    return rx.cond(
        wars.title,
        card(
            rx.el.p(wars.title, class_name="k-strong"),
            rx.el.p(wars.text, class_name="k-second"),
            title=tr("Ценовые войны"),
            note=rx.cond(wars.is_on, badge(tr("Идёт"), "amber", "swords"), ""),
            action=text_link(tr("Товары"), "/products?tab=war" + OverviewState.head.of_store),
        ),
    )


def work_card() -> rx.Component:
    """Show the processes and how much of Kaspi's limits is used."""

    def budget(item: Any) -> rx.Component:
        row: BudgetRow = item
        return rx.el.div(
            meter(row.name, row.value, row.percent, tone=row.tone),
            rx.el.p(
                rx.cond(row.is_slow, rx.fragment(dot("amber"), " ")),
                rx.el.span(row.speed),
                rx.cond(row.looked_at, rx.fragment(" · ", age(row.looked_at))),
                class_name="k-note",
                style={"margin": "4px 0 0"},
            ),
            rx.cond(
                row.proof,
                rx.el.p(
                    text_link(row.proof, row.proof_link),
                    class_name="k-note",
                    style={"margin": "4px 0 0"},
                ),
            ),
        )

    return card(
        rx.cond(
            OverviewState.workers.length() > 0,
            rx.el.ul(rx.foreach(OverviewState.workers, worker_line), class_name="k-lines-list"),
        ),
        rx.el.div(
            rx.el.p(tr("Изменения цен в Kaspi за 30 мин"), class_name="k-note"),
            rx.foreach(OverviewState.budgets, budget),
            plan_meter(),
            class_name="k-under-lines",
        ),
        title=tr("Работа и лимиты"),
        note=rx.cond(OverviewState.workers.length() > 0, "", status_badge("down")),
        action=text_link(tr("Бот"), "/bot"),
        flush=True,
    )


def places_card() -> rx.Component:
    """Show how places were held over time."""
    return card(
        rx.cond(
            PlacesState.is_empty,
            empty_state(tr("Мест ещё не считали"), PlacesState.caption, icon="chart-area"),
            chart(
                PlacesState.figure, label=tr("Места товаров за время"), caption=PlacesState.caption
            ),
        ),
        title=tr("Места товаров"),
        note=rx.cond(PlacesState.counted_at, age(PlacesState.counted_at, prefix=tr("посчитано"))),
        action=segmented(_SPANS, PlacesState.span, PlacesState.choose, label=tr("За какое время")),
    )
