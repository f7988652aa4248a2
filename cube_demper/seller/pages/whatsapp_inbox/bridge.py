"""The browser's half of a talk: `assets/shared/inbox.js`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.messaging.inbox.file_types import ACCEPTED, MOST_BYTES
from cube_demper.domain.messaging.inbox.writing import LONGEST
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr

_ADDRESS = "/api/whatsapp/files"


class TalkBox(rx.Component):
    """Messages in a box that stays at the newest one."""

    library = library("inbox")
    tag = "Talk"

    thread: rx.Var[str]
    view: rx.Var[str]
    first: rx.Var[str]
    last: rx.Var[str]
    unread: rx.Var[bool]
    has_older: rx.Var[bool]
    label: rx.Var[str]
    on_older: rx.EventHandler[rx.event.no_args_event_spec]
    on_seen: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Picture(rx.Component):
    """A picture, or words where it is gone."""

    library = library("inbox")
    tag = "Picture"

    href: rx.Var[str]
    name: rx.Var[str]
    gone: rx.Var[str]


class ComposerBox(rx.Component):
    """What is typed, with a file; Enter sends."""

    library = library("inbox")
    tag = "Composer"

    thread: rx.Var[str]
    address: rx.Var[str]
    accept: rx.Var[str]
    most_bytes: rx.Var[int]
    longest: rx.Var[int]
    insert: rx.Var[Any]
    texts: rx.Var[dict[str, Any]]
    attach: rx.Var[Any]
    submit: rx.Var[Any]
    on_send: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, str)]


def composer_box(
    *tools: rx.Component, thread: rx.Var[str], insert: rx.Var[Any], on_send: Any
) -> rx.Component:
    """Make the composer; `tools` stand beside its paper clip."""
    texts = {
        "placeholder": tr("Сообщение покупателю"),
        "caption": tr("Подпись к файлу"),
        "attach": tr("Прикрепить фото или документ"),
        "remove": tr("Убрать"),
        "send": tr("Отправить"),
        "sending": tr("Загружаем"),
        "failed": tr("Файл не загрузился. Проверьте связь и попробуйте ещё раз."),
        "tooBig": tr(
            "Файл больше {most} МБ. Уменьшите и попробуйте ещё раз.", most=MOST_BYTES >> 20
        ),
        "keys": tr("Enter — отправить, Shift+Enter — новая строка"),
    }
    return ComposerBox.create(
        *tools,
        thread=thread,
        address=_ADDRESS,
        accept=ACCEPTED,
        most_bytes=MOST_BYTES,
        longest=LONGEST,
        insert=insert,
        texts=texts,
        attach=rx.Var.create(rx.icon("paperclip", size=16, aria_hidden="true")),
        submit=rx.Var.create(rx.icon("send", size=16, aria_hidden="true")),
        on_send=on_send,
    )
