"""The panel of one difference, and the question before a report goes."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.reconciliation.panel_state import DeletionState, DifferenceState
from cube_demper.seller.pages.reconciliation.state import ReconciliationState
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import confirm_dialog, side_panel
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, row, stack
from cube_demper.ui.statuses import badge


def difference_panel() -> rx.Component:
    """Show ours beside theirs, what to do, the note, and the line of the file."""
    panel = DifferenceState.panel
    return side_panel(
        panel.id != "",
        stack(
            row(badge(panel.name, panel.tone)),
            rx.el.p(panel.story),
            fact_list(panel.sums),
            _settling(),
            rx.cond(
                panel.cells.length() > 0,
                rx.el.details(
                    rx.el.summary(tr("Строка отчёта целиком"), class_name="k-link"),
                    fact_list(panel.cells),
                ),
            ),
        ),
        title=panel.title,
        on_close=DifferenceState.close,
    )


def _settling() -> rx.Component:
    panel = DifferenceState.panel
    return rx.fragment(
        form(
            form_field(
                tr("Заметка"),
                text_input("note", default_value=panel.note, max_length=500, key=panel.id),
                name="note",
                help=tr("Например, номер обращения в Kaspi Pay"),
            ),
            button(
                rx.cond(panel.is_resolved, tr("Сохранить заметку"), tr("Разобрано")),
                kind="primary",
                submit=True,
            ),
            on_submit=DifferenceState.resolve,
        ),
        rx.cond(
            panel.is_resolved,
            button(
                tr("Вернуть в открытые"),
                icon="undo-2",
                size="s",
                on_click=DifferenceState.reopen(panel.id),
            ),
        ),
    )


def deletion_dialog() -> rx.Component:
    """Ask before a report is deleted."""
    return confirm_dialog(
        DeletionState.report_id != "",
        title=tr("Удалить отчёт?"),
        text=ReconciliationState.current.deletion,
        confirm=tr("Удалить"),
        on_confirm=DeletionState.confirm,
        on_close=DeletionState.dismiss,
        danger=True,
    )
