"""The cards of the overview: what waits, what changed, how the work goes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.now import worker_line
from cube_demper.seller.pages.overview.rows import BudgetRow, ChangeRow
from cube_demper.seller.pages.overview.state import OverviewState
from cube_demper.seller.pages.overview.task import Task
from cube_demper.ui.actions import link_button, text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge, status_badge
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
            rx.el.ul(rx.foreach(OverviewState.tasks, _task), class_name="k-lines-list"),
            nothing,
        ),
        title=tr("Ждёт вас"),
        note=rx.cond(OverviewState.tasks.length() > 0, OverviewState.head.waiting_note, ""),
        flush=True,
    )


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
        rx.cond(
            place == 0,
            link_button(task.verb, task.link, kind="primary"),
            link_button(task.verb, task.link),
        ),
        class_name="k-task",
    )


def changes_card() -> rx.Component:
    """Show the last prices that left for Kaspi."""
    nothing = empty_state(
        tr("Изменений ещё не было"),
        tr("Как только бот поменяет цену, она появится здесь с причиной."),
        icon="arrow-down-up",
    )
    return card(
        rx.cond(
            OverviewState.changes.length() > 0,
            timeline(OverviewState.changes, _change),
            nothing,
        ),
        title=tr("Последние изменения"),
        action=text_link(tr("Все товары"), "/products?tab=bot_on"),
    )


def _change(item: Any) -> rx.Component:
    change: ChangeRow = item
    return timeline_item(
        change.at,
        text_link(change.name, change.link),
        code=change.code,
        text=change.prices,
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
            action=text_link(tr("Товары"), "/products?tab=war"),
        ),
    )


def work_card() -> rx.Component:
    """Show the processes and how much of Kaspi's limits is used."""

    def budget(item: Any) -> rx.Component:
        row: BudgetRow = item
        return rx.el.div(
            meter(row.name, row.value, row.percent, tone=row.tone),
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
            class_name="k-under-lines",
        ),
        title=tr("Работа и лимиты"),
        note=rx.cond(OverviewState.workers.length() > 0, "", status_badge("down")),
        action=text_link(tr("Бот"), "/bot"),
        flush=True,
    )
