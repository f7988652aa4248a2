"""`/messages/templates`: the text of each event beside what a buyer will read, and when it is sent."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp_templates.state import TemplatesState
from cube_demper.seller.pages.whatsapp_templates.talk_parts import talk_card
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, row, stack
from cube_demper.ui.placeholders import skeleton, when_ready
from cube_demper.ui.template_editor import editor_fields, event_tabs, preview_card

_EDITOR = TemplatesState.editor


def templates_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Шаблоны WhatsApp"),
            tr("Что получают покупатели и когда"),
            link_button(tr("Очередь"), "/messages/queue", icon="list-ordered"),
            back=(tr("WhatsApp"), "/messages/connection"),
        ),
        event_tabs(_EDITOR, has_bonus=TemplatesState.has_bonus),
        when_ready(
            TemplatesState.phase,
            columns(_editor(), stack(preview_card(_EDITOR), talk_card())),
            waiting=card(skeleton(10)),
            on_retry=TemplatesState.load,
        ),
    )


def _editor() -> rx.Component:
    return card(
        editor_fields(TemplatesState, _actions()),
        title=_EDITOR.title,
        note=rx.cond(_EDITOR.is_own, tr("ваш текст"), tr("наш текст")),
    )


def _actions() -> rx.Component:
    return row(
        button(
            tr("Сохранить"),
            kind="primary",
            on_click=TemplatesState.save,
            disabled=~_EDITOR.is_changed,
        ),
        button(tr("Отправить себе"), icon="send", on_click=TemplatesState.send_test),
        rx.cond(
            _EDITOR.is_own,
            button(tr("Вернуть наш текст"), kind="ghost", on_click=TemplatesState.reset_text),
        ),
    )
