"""What an app puts into the shell's top bar: search, the bot's pulse, notifications, account."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex.style import set_color_mode

from cube_demper.ui import i18n
from cube_demper.ui.actions import Text
from cube_demper.ui.i18n import marked, tr


def search_field(placeholder: Text, *, action: str) -> rx.Component:
    """Search from anywhere: `/` puts the cursor here, Enter opens `action?q=…`."""
    return rx.el.form(
        rx.icon("search", size=16, aria_hidden="true"),
        rx.el.input(
            type="search",
            name="q",
            id="global-search",
            placeholder=placeholder,
            auto_complete="off",
            custom_attrs={"aria-label": placeholder, "aria-keyshortcuts": "/"},
        ),
        rx.el.kbd("/", aria_hidden="true"),
        action=action,
        method="get",
        role="search",
        class_name="k-search k-global",
    )


def status_pill(
    words: Text, short: Text, tone: rx.Var[str], href: str, *, note: rx.Component
) -> rx.Component:
    """Say how the bot is doing, always in sight; opens its page. `short` is for a phone."""
    return rx.link(
        rx.el.span(class_name="k-dot", aria_hidden="true", custom_attrs={"data-tone": tone}),
        rx.el.b(words, class_name="k-wide-only"),
        rx.el.span(note, class_name="k-wide-only k-second"),
        rx.el.b(short, class_name="k-phone-only"),
        href=href,
        underline="none",
        class_name="k-status",
    )


def bell(unread: rx.Var[int], content: rx.Component) -> rx.Component:
    """Show how many notifications wait; `content` opens under the bell."""
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.icon("bell", size=18, aria_hidden="true"),
                rx.cond(unread > 0, rx.el.span(unread, class_name="k-mark", aria_hidden="true")),
                type="button",
                class_name="k-icon-button k-bell",
                custom_attrs={"aria-label": tr("Уведомления: {n}", n=unread)},
            )
        ),
        rx.popover.content(content, class_name="k-popover", align="end"),
    )


def account_menu(
    initials: rx.Var[str], name: rx.Var[str], *items: rx.Component, on_sign_out: Any
) -> rx.Component:
    """Show who is signed in; theme, language, the app's own items, sign-out."""
    return rx.menu.root(
        rx.menu.trigger(
            rx.el.button(
                initials,
                type="button",
                class_name="k-avatar",
                custom_attrs={"aria-label": tr("Аккаунт")},
            )
        ),
        rx.menu.content(
            rx.el.div(name, class_name="k-menu-name"),
            *items,
            rx.menu.separator(),
            _themes(),
            _languages(),
            rx.menu.separator(),
            rx.menu.item(
                rx.icon("log-out", size=16, aria_hidden="true"), tr("Выйти"), on_select=on_sign_out
            ),
            class_name="k-menu",
            variant="soft",
            align="end",
        ),
    )


def _themes() -> rx.Component:
    modes: tuple[tuple[Literal["system", "light", "dark"], str], ...] = (
        ("system", marked("Как в системе")),
        ("light", marked("Светлая")),
        ("dark", marked("Тёмная")),
    )
    return rx.menu.sub(
        rx.menu.sub_trigger(
            rx.icon("sun-moon", size=16, aria_hidden="true"), rx.el.span(tr("Тема"))
        ),
        rx.menu.sub_content(
            *(rx.menu.item(tr(words), on_select=set_color_mode(mode)) for mode, words in modes),
            class_name="k-menu",
        ),
    )


def _languages() -> rx.Component:
    return rx.menu.sub(
        rx.menu.sub_trigger(
            rx.icon("languages", size=16, aria_hidden="true"), rx.el.span(tr("Язык"))
        ),
        rx.menu.sub_content(
            *(
                rx.menu.item(name, on_select=i18n.set_language(code))
                for code, name in i18n.LANGUAGES.items()
            ),
            class_name="k-menu",
        ),
    )
