"""Sending one file to a route of ours: dropped or chosen, with progress and a way to stop."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr


class _FileDrop(rx.Component):
    library = library("uploads")
    tag = "FileDrop"

    address: rx.Var[str]
    label: rx.Var[str]
    hint: rx.Var[str]
    accept: rx.Var[str]
    most_bytes: rx.Var[int]
    texts: rx.Var[dict[str, Any]]
    on_done: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def file_upload(
    address: Text, label: Text, *, hint: Text, accept: str, most_bytes: int, on_done: Any
) -> rx.Component:
    """Show a place for one file.

    Args:
        address: the route that takes the file as the request's body and its name as `X-File-Name`; it
            answers 201 with `{"id": …}`, or `{"message": …}` to be shown.
        label: what to drop here.
        hint: which files.
        accept: their extensions, as HTML's `accept`.
        most_bytes: a bigger file is refused before it is sent.
        on_done: handler of the answer's id.
    """
    texts = {
        "sending": tr("Загружаем"),
        "reading": tr("Читаем файл…"),
        "cancel": tr("Отменить"),
        "failed": tr("Файл не загрузился. Проверьте связь и попробуйте ещё раз."),
        "tooBig": tr("Файл больше {most} МБ. Разделите его на части.", most=most_bytes >> 20),
    }
    return _FileDrop.create(
        address=address,
        label=label,
        hint=hint,
        accept=accept,
        most_bytes=most_bytes,
        texts=texts,
        on_done=on_done,
    )
