"""`/templates`: the text of each event for all who have none of their own, and its versions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.asking import question_dialog
from admin.pages.templates.rows import VersionRow
from admin.pages.templates.state import TemplatesState
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, row, stack
from cube_demper.ui.placeholders import skeleton, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.template_editor import editor_fields, event_tabs, preview_card

_EDITOR = TemplatesState.editor


def templates_page() -> rx.Component:
    """Make the page."""
    it = TemplatesState
    return page(
        page_header(
            tr("Тексты WhatsApp"),
            tr("Что получает покупатель, пока продавец не написал своего."),
        ),
        event_tabs(_EDITOR, has_bonus=True),
        when_ready(
            it.phase,
            columns(_editor(), stack(preview_card(_EDITOR), _history())),
            waiting=card(skeleton(10)),
            on_retry=it.load,
        ),
        question_dialog(it.question, on_confirm=it.confirm, on_close=it.put_away),
    )


def _editor() -> rx.Component:
    it = TemplatesState
    save = button(
        tr("Сменить текст"), kind="primary", on_click=it.ask, disabled=~_EDITOR.is_changed
    )
    return card(editor_fields(it, row(save)), title=_EDITOR.title, note=it.reach)


def _history() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(TemplatesState.versions, _version), class_name="k-lines-list"),
        title=tr("История"),
        flush=True,
    )


def _version(entry: Any) -> rx.Component:
    it: VersionRow = entry
    return rx.el.li(
        rx.el.div(
            rx.el.span(it.title, class_name="k-strong"),
            rx.cond(it.who, rx.el.span(it.who, class_name="k-note")),
            rx.el.span(it.text, class_name="k-note k-clip"),
            class_name="k-lines k-grow",
        ),
        rx.cond(
            it.is_now,
            badge(tr("Действует"), "green"),
            button(tr("Вернуть"), size="s", on_click=TemplatesState.bring_back(it.number)),
        ),
        key=it.number,
        class_name="k-line",
    )
