"""The dialog that gives a chat to a colleague, and the menu of labels."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import button, link_button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select, text_area
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state
from support.desk.deeds_state import DeedState
from support.desk.inbox_rows import LabelView
from support.navigation import REPLIES


def giving_dialog() -> rx.Component:
    """Ask whom to give the chat to, and what they should know."""
    fields = form(
        form_field(
            tr("Кому"),
            select("person", DeedState.people, error=DeedState.errors["person"]),
            name="person",
            error=DeedState.errors["person"],
        ),
        form_field(
            tr("Что коллеге надо знать"),
            rx.el.div(text_area("words", rows="3", max_length=2000), class_name="k-desk-short"),
            name="words",
            help=tr("Станет заметкой в чате: клиент её не увидит."),
        ),
        dialog_actions(
            button(tr("Отмена"), on_click=DeedState.put_away),
            button(tr("Передать"), kind="primary", submit=True, busy=DeedState.is_busy),
        ),
        on_submit=DeedState.give,
    )
    return dialog(
        DeedState.is_giving,
        rx.cond(
            DeedState.people.length() > 0,
            fields,
            empty_state(tr("Передать некому"), tr("В поддержке пока только вы."), icon="users"),
        ),
        title=tr("Передать чат"),
        on_close=DeedState.put_away,
    )


def labels_menu() -> rx.Component:
    """Put labels on the chat and take them off."""
    trigger = rx.el.button(
        rx.icon("tag", size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button",
        custom_attrs={"aria-label": tr("Метки чата"), "title": tr("Метки чата")},
    )
    return rx.popover.root(
        rx.popover.trigger(trigger),
        rx.popover.content(
            rx.cond(
                DeedState.labels.length() > 0,
                rx.el.div(rx.foreach(DeedState.labels, _label), class_name="k-stack"),
                rx.el.p(tr("Меток пока нет."), class_name="k-second"),
            ),
            rx.el.p(link_button(tr("Настроить метки"), REPLIES.href, kind="ghost", size="s")),
            class_name="k-popover k-desk-labels",
            align="end",
        ),
        on_open_change=lambda is_open: rx.cond(is_open, DeedState.open_labels(), rx.noop()),
    )


def _label(item: Any) -> rx.Component:
    label: LabelView = item
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=label.is_on,
            on_change=lambda is_on: DeedState.switch_label(label.id, is_on),
            class_name="k-check",
        ),
        rx.el.span(label.title),
        class_name="k-checkline",
    )
