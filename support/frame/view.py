"""The support people's frame around a page: `frame(content, route)`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import menu_item
from cube_demper.ui.browser import js_function, js_hook, library, run
from cube_demper.ui.dialogs import dialog
from cube_demper.ui.forms import switch
from cube_demper.ui.frame import own_corner
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import facts
from cube_demper.ui.shell import shell
from support.frame.help_state import HelpState
from support.frame.state import FrameState
from support.navigation import INBOX, NAVIGATION

LAST = [FrameState.load, FrameState.watch, FrameState.stay]
_KEYS = (
    ("j / k", "следующий и предыдущий чат"),
    ("Enter", "открыть чат"),
    ("r", "ответить клиенту"),
    ("n", "заметка для своих"),
    ("t", "взять в работу"),
    ("e", "закрыть чат или открыть снова"),
    ("/", "поиск; в ответе — готовые ответы"),
    ("Esc", "из поля к списку чатов"),
    ("?", "эта подсказка"),
)


class _News(rx.Component):
    library = library("desk")
    tag = "News"

    news: rx.Var[Any]


class _Shortcuts(rx.Component):
    library = library("desk")
    tag = "Shortcuts"


def frame(content: rx.Component, route: str) -> rx.Component:
    """Put a page inside the support people's shell."""
    me: Any = FrameState.person
    return shell(
        rx.fragment(content, _News.create(news=FrameState.news), _Shortcuts.create(), _keys()),
        route,
        navigation=NAVIGATION.counting(INBOX.href, FrameState.waiting),
        top_left=rx.el.span(tr("Поддержка"), class_name="k-strong k-wide-only"),
        search=rx.el.span(class_name="k-push"),
        top_right=(
            switch(
                me.is_available,
                tr("Принимаю новые чаты"),
                on_change=FrameState.set_available,
                words=rx.cond(me.is_available, tr("На линии"), tr("Отошёл")),
            ),
            _sound(),
            rx.el.button(
                rx.icon("keyboard", size=18, aria_hidden="true"),
                type="button",
                on_click=HelpState.open,
                class_name="k-icon-button k-wide-only",
                custom_attrs={
                    "aria-label": tr("Клавиши"),
                    "title": tr("Клавиши (?)"),
                    "aria-keyshortcuts": "?",
                },
            ),
            *own_corner(
                me,
                FrameState.clock,
                menu_item(
                    tr("Показывать уведомления"),
                    icon="bell-ring",
                    on_click=run(js_function("desk", "allowNotices")),
                ),
            ),
        ),
    )


def _sound() -> rx.Component:
    heard = js_hook("chime", "useChime", "chimeIs").to(str)
    words = rx.match(
        heard,
        ("off", tr("Звук выключен")),
        ("waiting", tr("Звук включится после первого нажатия")),
        tr("Звук включён"),
    )
    return rx.el.button(
        rx.cond(
            heard == "off",
            rx.icon("volume-x", size=18, aria_hidden="true"),
            rx.icon("volume-2", size=18, aria_hidden="true"),
        ),
        type="button",
        on_click=run(js_function("chime", "toggleChime")),
        class_name="k-icon-button",
        custom_attrs={"aria-label": words, "title": words},
    )


def _keys() -> rx.Component:
    return dialog(
        HelpState.is_open,
        facts(*((rx.el.kbd(key), words) for key, words in _KEYS)),
        title=tr("Клавиши"),
        on_close=HelpState.close,
    )
