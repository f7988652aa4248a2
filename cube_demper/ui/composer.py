"""What a message is written with: a text that grows, files, drafts; notes and texts at hand for staff."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr


class _Composer(rx.Component):
    library = library("composer")
    tag = "Composer"

    name: rx.Var[str]
    thread: rx.Var[str]
    address: rx.Var[str]
    accept: rx.Var[str]
    most_bytes: rx.Var[int]
    most_files: rx.Var[int]
    longest: rx.Var[int]
    insert: rx.Var[Any]
    offers: rx.Var[Any]
    texts: rx.Var[dict[str, Any]]
    attach: rx.Var[Any]
    submit: rx.Var[Any]
    on_send: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, list[str])]
    on_note: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]
    on_typing: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_offered: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


def composer(
    *tools: rx.Component,
    thread: rx.Var[str],
    insert: rx.Var[Any],
    on_send: Any,
    placeholder: Text,
    address: str,
    accept: str,
    most_bytes: int,
    longest: int,
    most_files: int = 1,
    name: str = "answer",
    **more: Any,
) -> rx.Component:
    """Make the composer.

    Args:
        tools: stand beside its paper clip.
        thread: whose; drafts are kept by it.
        insert: a `chat_rows.Insert` of a state: what to do after an answer of the server.
        on_send: gets the thread, the text, a key that is the same for the same press, ids of files.
        placeholder: what stands in the empty field.
        address: where files are posted to; the answer 201 has their `id`, any other a `message`.
        accept: endings of files, as the browser's own dialog takes them.
        most_bytes: of one file.
        longest: signs of a text.
        most_files: of one message.
        name: the field's id.
        more: `on_note` (thread, text, key) gives a second mode that reaches nobody outside; `on_typing`
            (thread) is told every three seconds at most; `offers` (a Var of dicts with `id`, `shortcut`,
            `title`) with `on_offered` (thread, id) are texts at hand, asked for by `/`.
    """
    return _Composer.create(
        *tools,
        name=name,
        thread=thread,
        address=address,
        accept=accept,
        most_bytes=most_bytes,
        most_files=most_files,
        longest=longest,
        insert=insert,
        texts=composer_texts(
            placeholder, most_bytes, most_files=most_files, has_notes="on_note" in more
        ),
        attach=rx.Var.create(rx.icon("paperclip", size=16, aria_hidden="true")),
        submit=rx.Var.create(rx.icon("send", size=16, aria_hidden="true")),
        on_send=on_send,
        **more,
    )


def composer_texts(
    placeholder: Text, most_bytes: int, *, most_files: int = 1, has_notes: bool = False
) -> dict[str, Any]:
    """Return the words that the composer says."""
    texts: dict[str, Any] = {
        "placeholder": placeholder,
        "caption": tr("Подпись к файлу"),
        "attach": tr("Прикрепить фото или документ"),
        "remove": tr("Убрать"),
        "send": tr("Отправить"),
        "sending": tr("Загружаем"),
        "failed": tr("Файл не загрузился. Проверьте связь и попробуйте ещё раз."),
        "tooBig": tr(
            "Файл больше {most} МБ. Уменьшите и попробуйте ещё раз.", most=most_bytes >> 20
        ),
        "tooMany": tr("К одному сообщению — не больше {most} файлов.", most=most_files),
        "tooLong": tr("Слишком длинно, сократите или разделите на части:"),
        "keys": tr("Enter — отправить, Shift+Enter — новая строка"),
    }
    if has_notes:
        texts |= {
            "modes": tr("Кому пишете"),
            "answer": tr("Ответ клиенту"),
            "note": tr("Заметка для своих"),
            "noteText": tr("Заметка: её увидят только сотрудники"),
            "keep": tr("Сохранить заметку"),
            "noteKeys": tr("Клиент этого не увидит"),
            "offers": tr("Готовые ответы"),
        }
    return texts
