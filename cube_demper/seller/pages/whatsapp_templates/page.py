"""`/messages/templates`: the text of each event beside what a buyer will read, and when it is sent."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.messaging.gate_schemas import TriggerEvent
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.seller.pages.whatsapp_templates.rows import WordRow
from cube_demper.seller.pages.whatsapp_templates.state import TemplatesState
from cube_demper.seller.pages.whatsapp_templates.talk_parts import talk_card
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.browser import js_function, run
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.forms import form_field, segmented, text_area
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, row, stack
from cube_demper.ui.placeholders import notice, skeleton, when_ready
from cube_demper.ui.query import change_query

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
        _tabs(),
        when_ready(
            TemplatesState.phase,
            columns(_editor(), stack(_preview(), talk_card())),
            waiting=card(skeleton(10)),
            on_retry=TemplatesState.load,
        ),
    )


def _tabs() -> rx.Component:
    plain = [
        Tab(event.value, tr(it.words))
        for event, it in EVENTS.items()
        if event is not TriggerEvent.REVIEW_BONUS
    ]
    bonus = Tab(TriggerEvent.REVIEW_BONUS.value, tr(EVENTS[TriggerEvent.REVIEW_BONUS].words))
    chosen = _EDITOR.event
    return rx.cond(
        TemplatesState.has_bonus,
        tabs([*plain, bonus], chosen, name="event"),
        tabs(plain, chosen, name="event"),
    )


def _editor() -> rx.Component:
    return card(
        stack(
            rx.el.p(_EDITOR.when, class_name="k-note"),
            segmented(
                [("ru", tr("По-русски")), ("kk", tr("Қазақша"))],
                _EDITOR.language,
                lambda code: change_query(lang=code),
                label=tr("Язык текста"),
            ),
            _text(),
            rx.cond(
                _EDITOR.unknown,
                notice(
                    tr("Таких переменных нет: {names}", names=_EDITOR.unknown),
                    tr("Покупатель увидит их как есть, со скобками."),
                    tone="amber",
                ),
            ),
            _actions(),
        ),
        title=_EDITOR.title,
        note=rx.cond(_EDITOR.is_own, tr("ваш текст"), tr("наш текст")),
    )


def _text() -> rx.Component:
    wrong = TemplatesState.errors["text"]
    return stack(
        form_field(
            tr("Текст"),
            text_area(
                "text",
                value=TemplatesState.text,
                on_change=TemplatesState.type_text,
                debounce=300,
                error=wrong,
                rows="12",
            ),
            name="text",
            help=_EDITOR.left,
            error=wrong,
        ),
        rx.el.div(
            rx.foreach(TemplatesState.words, _word),
            class_name="k-words",
            role="group",
            aria_label=tr("Добавить в текст"),
        ),
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


def _word(item: rx.vars.ObjectVar[WordRow]) -> rx.Component:
    word = rx.Var.create("{") + item.name.to(str) + "}"
    put = run(js_function("forms", "insertWords"), "text", word)
    return button(item.words, icon="plus", size="s", on_click=put)


def _preview() -> rx.Component:
    return card(
        stack(
            rx.el.div(
                rx.el.div(_EDITOR.preview, class_name="k-bubble", id="preview", role="status"),
                class_name="k-chat",
            ),
            rx.el.p(
                tr(
                    "Строка, в которой нечего подставить, не уходит: например, адрес при самовывозе."
                ),
                class_name="k-note",
            ),
        ),
        title=tr("Увидит покупатель"),
        note=_EDITOR.about,
    )
