"""What a talk is shown with: its messages in a box, a person's sign, files, how far a message came.

The browser's half is `assets/shared/chat.js`; what one writes with is `composer`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import reflex as rx

from cube_demper.ui.actions import Text, button
from cube_demper.ui.browser import library
from cube_demper.ui.chat_rows import MediaView
from cube_demper.ui.i18n import marked, tr, tr_number

_SIGNS = {
    "waiting": ("clock", marked("Ждёт"), ""),
    "sending": ("clock", marked("Отправляем"), ""),
    "sent": ("check", marked("Отправлено"), ""),
    "delivered": ("check-check", marked("Доставлено"), ""),
    "read": ("check-check", marked("Прочитано"), "read"),
    "failed": ("circle-x", marked("Не ушло"), "bad"),
    "dropped": ("circle-minus", marked("Не отправлено"), "bad"),
    "unknown": ("circle-help", marked("Неизвестно, дошло ли"), "doubt"),
}


class Ends(NamedTuple):
    """Which talk it is, the ids of its messages at the ends, and whether the last is unread."""

    thread: Any
    first: Any
    last: Any
    is_unread: Any


class TalkBox(rx.Component):
    """Messages in a box that stays at the newest one.

    `view`: another one puts it there again; `first`, `last`: ids of the messages at its ends.
    """

    library = library("chat")
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


def talk_box(
    *content: rx.Component, state: Any, has_older: Any, has_newer: Any, ends: Ends
) -> rx.Component:
    """Show what was said of a talk, with ways to what is not read yet at both ends.

    `state` has the handlers `older`, `newest` and `seen`.
    """
    older = button(tr("Показать раньше"), kind="ghost", size="s", on_click=state.older)
    newest = button(tr("К новым сообщениям"), size="s", on_click=state.newest)
    return TalkBox.create(
        rx.cond(has_older, rx.el.div(older, class_name="k-talk-older")),
        *content,
        rx.cond(has_newer, rx.el.div(newest, class_name="k-talk-older")),
        thread=ends.thread,
        view=rx.cond(has_newer, ends.last, "newest"),
        first=ends.first,
        last=ends.last,
        unread=ends.is_unread & ~has_newer,
        has_older=has_older,
        on_older=state.older,
        label=tr("Сообщения"),
        on_seen=state.seen,
    )


class Picture(rx.Component):
    """A picture, or words where it is gone."""

    library = library("chat")
    tag = "Picture"

    href: rx.Var[str]
    name: rx.Var[str]
    gone: rx.Var[str]


def said(
    *content: rx.Component,
    who: Text,
    is_ours: rx.Var[bool] | bool,
    under: rx.Component,
    day: rx.Var[str],
    key: rx.Var[str],
    **attributes: Any,
) -> rx.Component:
    """Show one message in its bubble; a new day's first one under the day's name.

    `attributes` are `data_…` of the bubble, by which its colour is chosen.
    """
    data = {name.replace("_", "-"): value for name, value in attributes.items()}
    return rx.el.div(
        rx.cond(day, rx.el.p(day, class_name="k-talk-day")),
        rx.el.div(
            rx.el.span(who, class_name="k-unseen"),
            rx.el.div(
                *content,
                class_name="k-said",
                custom_attrs={"data-ours": rx.cond(is_ours, "true", "false"), **data},
            ),
            under,
            class_name=rx.cond(is_ours, "k-said-line ours", "k-said-line"),
        ),
        key=key,
    )


def enclosure(media: MediaView, *, gone: Text, elsewhere: Text) -> rx.Component:
    """Show what goes with a message. `gone`: words for a lost picture; `elsewhere`: where a file is."""
    return rx.match(
        media.kind,
        ("", rx.fragment()),
        ("image", Picture.create(href=media.href, name=media.name, gone=gone)),
        ("location", _file(media, "map-pin", tr("Открыть на карте"), elsewhere)),
        _file(media, "file-text", tr("Скачать"), elsewhere),
    )


def _file(media: MediaView, icon: str, words: Text, elsewhere: Text) -> rx.Component:
    inside = rx.fragment(
        rx.el.span(rx.icon(icon, size=18, aria_hidden="true"), class_name="k-task-sign"),
        rx.el.span(
            rx.el.span(media.name, class_name="k-strong"),
            rx.el.span(
                rx.cond(media.href, rx.cond(media.note, media.note, words), elsewhere),
                class_name="k-note",
            ),
            class_name="k-two",
        ),
    )
    return rx.cond(
        media.href,
        rx.el.a(
            inside, href=media.href, target="_blank", rel="noopener", class_name="k-enclosure",
            reload_document=True,
        ),
        rx.el.span(inside, class_name="k-enclosure"),
    )  # fmt: skip


def avatar(initials: Any, hue: Any) -> rx.Component:
    """Show a person's initials in a colour of their own (`chat_rows.initials`, `chat_rows.hue`)."""
    return rx.el.span(
        initials, class_name="k-face", aria_hidden="true", custom_attrs={"data-hue": hue}
    )


def unread_mark(count: Any) -> rx.Component:
    """Show how many messages nobody has read."""
    return rx.cond(
        count.to(int) > 0,
        rx.el.span(
            tr_number(count),
            class_name="k-unread",
            custom_attrs={"aria-label": tr("Непрочитанных: {n}", n=count)},
        ),
        rx.fragment(),
    )


def mark(status: Any) -> rx.Component:
    """Show how far a message of ours came: a sign, with its word for those who do not see it."""
    cases: list[Any] = [(code, _sign(*it)) for code, it in _SIGNS.items()]
    return rx.match(status, *cases, rx.fragment())


def _sign(icon: str, words: str, tone: str) -> rx.Component:
    return rx.el.span(
        rx.icon(icon, size=14, aria_hidden="true"),
        rx.el.span(tr(words), class_name="k-unseen"),
        class_name="k-ack",
        custom_attrs={"title": tr(words), "data-tone": tone},
    )
