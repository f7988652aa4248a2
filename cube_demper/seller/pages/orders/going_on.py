"""The selection's buttons, its question, and what goes on above the list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.models.doing import ActionKind, LabelLayout
from cube_demper.seller.pages.orders.doing import spaces_field
from cube_demper.seller.pages.orders.going_on_state import GoingOnState, Work
from cube_demper.seller.pages.orders.selection_state import PRINT, SelectionState
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui.actions import button, server_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select
from cube_demper.ui.i18n import tr
from cube_demper.ui.selection import selected_count, selected_ids, selection_bar, whole_filter
from cube_demper.ui.tiles import progress_bar

_PAPERS = (
    (LabelLayout.A4_FOUR, "A4, по 4 накладные"),
    (LabelLayout.A4_TWO, "A4, по 2 накладные"),
    (LabelLayout.A4_ONE, "A4, как в Kaspi: одна на лист"),
    (LabelLayout.THERMAL, "Термопринтер, лента 80 мм"),
)


def orders_selection() -> rx.Component:
    """Make the bar over the rows."""
    chosen = (selected_ids(), whole_filter())
    count = selected_count()
    return selection_bar(
        OrdersState.view.total,
        button(
            tr("Принять {n}", n=count),
            icon="check",
            size="s",
            on_click=SelectionState.ask(str(ActionKind.ACCEPT), *chosen),
        ),
        button(
            tr("Собрать {n}", n=count),
            icon="package-check",
            size="s",
            on_click=SelectionState.ask(str(ActionKind.ASSEMBLE), *chosen),
        ),
        button(
            tr("Накладные"), icon="printer", size="s", on_click=SelectionState.ask_print(*chosen)
        ),
    )


def selection_dialog() -> rx.Component:
    """Say in numbers what will happen; Enter agrees."""
    asked = SelectionState.question
    return dialog(
        asked.kind != "",
        form(
            rx.cond(asked.text, rx.el.p(asked.text, class_name="k-second")),
            rx.cond(
                (asked.kind == str(ActionKind.ASSEMBLE)) & (asked.verb != ""),
                spaces_field(SelectionState.errors["spaces"]),
            ),
            rx.cond((asked.kind == PRINT) & (asked.verb != ""), _paper_field()),
            _left_out(asked.lines),
            dialog_actions(
                button(tr("Не сейчас"), on_click=SelectionState.close),
                rx.cond(asked.verb, button(asked.verb, kind="primary", submit=True)),
            ),
            on_submit=SelectionState.confirm,
        ),
        title=asked.title,
        on_close=SelectionState.close,
    )


def going_on() -> rx.Component:
    """Show the work that goes on and what came of it."""
    return rx.fragment(
        _work(
            GoingOnState.batch,
            "batch",
            button(tr("Остановить"), size="s", on_click=GoingOnState.stop),
        ),
        _work(GoingOnState.papers, "papers", rx.fragment()),
    )


def _work(work: rx.vars.ObjectVar[Work], name: str, stop: rx.Component) -> rx.Component:
    return rx.cond(
        work.title,
        rx.el.section(
            rx.el.div(
                rx.el.p(work.title, class_name="k-strong", role="status"),
                rx.cond(
                    work.is_going_on,
                    stop,
                    rx.el.div(
                        rx.cond(work.href, _open_link(work.href)),
                        button(
                            tr("Скрыть"),
                            kind="ghost",
                            size="s",
                            on_click=GoingOnState.dismiss(name),
                        ),
                        class_name="k-row",
                    ),
                ),
                class_name="k-work-head",
            ),
            rx.cond(work.is_going_on, progress_bar(work.percent, work.title)),
            rx.cond(work.text, rx.el.p(work.text, class_name="k-note")),
            rx.cond(
                work.lines.length() > 0,
                rx.el.ul(rx.foreach(work.lines, rx.el.li), class_name="k-note k-work-lines"),
            ),
            class_name="k-card k-work",
            custom_attrs={"data-tone": work.tone},
        ),
    )


def _open_link(href: rx.Var[str]) -> rx.Component:
    return server_link(
        rx.icon("printer", size=16, aria_hidden="true"),
        rx.el.span(tr("Открыть и распечатать")),
        href=href,
        target="_blank",
        class_name="k-button k-primary k-size-s",
    )


def _paper_field() -> rx.Component:
    options: list[tuple[str, Any]] = [(str(code), tr(words)) for code, words in _PAPERS]
    return form_field(
        tr("Бумага"),
        select("layout", options, error=SelectionState.errors["layout"]),
        name="layout",
        error=SelectionState.errors["layout"],
    )


def _left_out(lines: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(
        lines.length() > 0,
        rx.el.div(
            rx.el.p(tr("Останутся как есть:"), class_name="k-strong"),
            rx.el.ul(rx.foreach(lines, rx.el.li), class_name="k-work-lines"),
            class_name="k-second",
        ),
    )
