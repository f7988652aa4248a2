"""A text to buyers being written: the field, its variables, and what a buyer will read.

A state of it has `editor`, `text` (what the field begins with), `words`, `errors` and `type_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper.domain.messaging.filling import BONUS, LONGEST, VARIABLES
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.templates import Preview
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.ui.actions import button
from cube_demper.ui.browser import js_function, run
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.forms import form_field, segmented, text_area
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack
from cube_demper.ui.placeholders import notice
from cube_demper.ui.query import change_query

WORDS = {**VARIABLES, BONUS: "Бонус за отзыв"}


@dataclass
class Editor:
    """The text that is open. `left`: letters, in words; `unknown`: what stands in braces for nothing."""

    event: str = TriggerEvent.ORDER_APPROVED.value
    language: str = "ru"
    title: str = ""
    when: str = ""
    is_own: bool = False
    is_changed: bool = False
    left: str = ""
    preview: str = ""
    about: str = ""
    unknown: str = ""


@dataclass
class WordRow:
    """A variable to put into the text."""

    name: str
    words: str


def event_of(text: str, *, has_bonus: bool) -> TriggerEvent:
    """Read an event of an address; what is unknown or closed is another one."""
    known = {event.value: event for event in TriggerEvent}
    event = known.get(text, TriggerEvent.ORDER_APPROVED)
    is_closed = event is TriggerEvent.REVIEW_BONUS and not has_bonus
    return TriggerEvent.REVIEW_REQUEST if is_closed else event


def open_editor(event: TriggerEvent, language: Language, *, is_own: bool) -> Editor:
    """Begin with an event's text in a language."""
    return Editor(
        event=event.value,
        language=language.value,
        title=EVENTS[event].words,
        when=EVENTS[event].when,
        is_own=is_own,
    )


def words_of(event: str) -> list[WordRow]:
    """Return the variables that this event's text may name."""
    is_bonus = event == TriggerEvent.REVIEW_BONUS
    return [WordRow(name, words) for name, words in WORDS.items() if name != BONUS or is_bonus]


def show(editor: Editor, text: str, saved: str, preview: Preview) -> Editor:
    """Put what is known of a typed text beside it."""
    over = len(text) - LONGEST
    editor.left = f"Лишних знаков: {over}" if over > 0 else f"{len(text)} из {LONGEST} знаков"
    editor.preview = preview.text
    editor.about = (
        f"На вашем заказе {preview.order_code}" if preview.order_code else "На примере заказа"
    )
    editor.unknown = ", ".join(f"{{{name}}}" for name in preview.unknown)
    editor.is_changed = text.strip() != saved
    return editor


def event_tabs(editor: Any, *, has_bonus: rx.Var[bool] | bool) -> rx.Component:
    """Choose the event, in the order in which they happen."""
    plain = [
        Tab(event.value, tr(it.words))
        for event, it in EVENTS.items()
        if event is not TriggerEvent.REVIEW_BONUS
    ]
    bonus = Tab(TriggerEvent.REVIEW_BONUS.value, tr(EVENTS[TriggerEvent.REVIEW_BONUS].words))
    return rx.cond(
        has_bonus,
        tabs([*plain, bonus], editor.event, name="event"),
        tabs(plain, editor.event, name="event"),
    )


def editor_fields(state: Any, actions: rx.Component) -> rx.Component:
    """Write the text in one of its languages; `actions` stand under it."""
    editor = state.editor
    return stack(
        rx.el.p(editor.when, class_name="k-note"),
        segmented(
            [("ru", tr("По-русски")), ("kk", tr("Қазақша"))],
            editor.language,
            lambda code: change_query(lang=code),
            label=tr("Язык текста"),
        ),
        _text(state),
        rx.cond(
            editor.unknown,
            notice(
                tr("Таких переменных нет: {names}", names=editor.unknown),
                tr("Покупатель увидит их как есть, со скобками."),
                tone="amber",
            ),
        ),
        actions,
    )


def _text(state: Any) -> rx.Component:
    wrong = state.errors["text"]
    return stack(
        form_field(
            tr("Текст"),
            text_area(
                "text",
                value=state.text,
                on_change=state.type_text,
                debounce=300,
                error=wrong,
                rows="12",
            ),
            name="text",
            help=state.editor.left,
            error=wrong,
        ),
        rx.el.div(
            rx.foreach(state.words, _word),
            class_name="k-words",
            role="group",
            aria_label=tr("Добавить в текст"),
        ),
    )


def _word(item: rx.vars.ObjectVar[WordRow]) -> rx.Component:
    word = rx.Var.create("{") + item.name.to(str) + "}"
    put = run(js_function("forms", "insertWords"), "text", word)
    return button(item.words, icon="plus", size="s", on_click=put)


def preview_card(editor: Any) -> rx.Component:
    """Show the text as a buyer would read it."""
    return card(
        stack(
            rx.el.div(
                rx.el.div(editor.preview, class_name="k-bubble", id="preview", role="status"),
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
        note=editor.about,
    )
