"""The card of tokens and its form."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.staff.rows import TokenLine
from admin.pages.staff.tokens_state import TokensState
from cube_demper.domain.accounts.tokens import MOST_DAYS, WORDS
from cube_demper.ui.actions import button, server_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import checkbox, form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge


def tokens_card() -> rx.Component:
    """List the tokens that are not revoked, and make new ones."""
    return rx.fragment(
        card(
            rx.cond(
                TokensState.tokens.length() > 0,
                rx.el.ul(rx.foreach(TokensState.tokens, _token), class_name="k-lines-list"),
                rx.el.p(tr("Токенов нет"), class_name="k-second k-line"),
            ),
            title=tr("Токены API"),
            note=server_link(tr("Описание"), href="/admin/openapi.json", class_name="k-link"),
            action=button(tr("Создать"), size="s", on_click=TokensState.ask),
            flush=True,
        ),
        _form(),
    )


def _token(entry: Any) -> rx.Component:
    it: TokenLine = entry
    return rx.el.li(
        rx.el.div(
            rx.el.span(it.title, class_name="k-strong"),
            rx.el.span(it.scopes, class_name="k-note"),
            rx.el.span(it.whose, " · ", it.used, class_name="k-note"),
            class_name="k-lines k-grow",
        ),
        badge(it.ends, rx.cond(it.is_over, "red", "gray")),
        button(tr("Отозвать"), size="s", kind="ghost", on_click=TokensState.revoke(it.id)),
        class_name="k-line k-wraps",
    )


def _form() -> rx.Component:
    return dialog(
        TokensState.is_making,
        rx.cond(TokensState.made, _made(), _questions()),
        title=tr("Новый токен"),
        text=tr("Программа с ним действует от вашего имени, пока вы администратор."),
        on_close=TokensState.put_away,
    )


def _questions() -> rx.Component:
    errors = TokensState.errors
    return form(
        form_field(
            tr("Название"),
            text_input("title", error=errors["title"], max_length=80),
            name="title",
            error=errors["title"],
        ),
        form_field(
            tr("Что можно"),
            rx.el.div(
                *(checkbox(str(scope), tr(words)) for scope, words in WORDS.items()),
                class_name="k-stack",
            ),
            name="scopes",
            error=errors["scopes"],
        ),
        form_field(
            tr("Сколько дней действует"),
            text_input("days", error=errors["days"], input_mode="numeric", default_value="90"),
            name="days",
            help=tr("От 1 до {n}", n=MOST_DAYS),
            error=errors["days"],
        ),
        dialog_actions(
            button(tr("Отмена"), on_click=TokensState.put_away),
            button(tr("Создать"), kind="primary", submit=True, busy=TokensState.is_busy),
        ),
        on_submit=TokensState.create,
    )


def _made() -> rx.Component:
    return rx.el.div(
        notice(tr("Скопируйте токен сейчас"), tr("Больше мы его не покажем."), tone="amber"),
        rx.el.code(TokensState.made, class_name="k-secret"),
        dialog_actions(button(tr("Готово"), kind="primary", on_click=TokensState.put_away)),
        class_name="k-stack",
    )
