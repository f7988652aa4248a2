"""`/reset`."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.door.parts import (
    again_button,
    email_field,
    new_password_field,
    no_mail_notice,
    wide_link,
)
from cube_demper.seller.pages.reset.state import ResetState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.forms import form
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import signed_out_page
from cube_demper.ui.placeholders import skeleton


def reset_page() -> rx.Component:
    """Make the page: one phase at a time."""
    return signed_out_page(
        rx.match(
            ResetState.phase,
            ("sent", rx.cond(ResetState.is_mail_on, tr("Проверьте почту"), tr("Заявка принята"))),
            ("done", tr("Пароль изменён")),
            ("dead", tr("Ссылка не действует")),
            tr("Новый пароль"),
        ),
        rx.match(
            ResetState.phase,
            ("ask", _ask()),
            ("sent", _sent()),
            ("new", _new()),
            ("done", _done()),
            ("dead", _dead()),
            skeleton(lines=3),
        ),
        footer=rx.el.p(text_link(tr("Вернуться ко входу"), "/login")),
    )


def _ask() -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("Пришлём ссылку, по которой можно задать новый."), class_name="k-second"),
        rx.cond(ResetState.is_mail_on, rx.fragment(), no_mail_notice()),
        form(
            email_field(ResetState.errors["email"], auto_focus=True),
            button(
                tr("Прислать ссылку"),
                kind="primary",
                size="l",
                submit=True,
                busy=ResetState.is_busy,
            ),
            on_submit=ResetState.ask,
            error=ResetState.errors["form"],
        ),
    )


def _sent() -> rx.Component:
    return rx.fragment(
        rx.cond(
            ResetState.is_mail_on,
            rx.el.p(
                tr(
                    "Если учётная запись с почтой {email} есть, письмо уже в пути. "
                    "Ссылка в нём действует 30 минут.",
                    email=ResetState.email,
                ),
                class_name="k-second",
            ),
            no_mail_notice(),
        ),
        rx.cond(
            ResetState.errors["form"],
            rx.el.p(ResetState.errors["form"], class_name="k-form-error", role="alert"),
        ),
        rx.cond(ResetState.is_mail_on, again_button(ResetState.sent, ResetState.ask_again)),
        button(tr("Указать другую почту"), kind="ghost", on_click=ResetState.start_over),
    )


def _new() -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("После смены пароля вы выйдете на всех устройствах."), class_name="k-second"),
        form(
            new_password_field(ResetState.errors["password"]),
            button(
                tr("Сохранить пароль"),
                kind="primary",
                size="l",
                submit=True,
                busy=ResetState.is_busy,
            ),
            on_submit=ResetState.save,
            error=ResetState.errors["form"],
        ),
    )


def _done() -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("Прежние сеансы завершены. Войдите с новым паролем."), class_name="k-second"),
        wide_link(tr("Войти"), "/login"),
    )


def _dead() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            tr("Она действует 30 минут и срабатывает один раз. Запросите новую."),
            class_name="k-second",
        ),
        button(tr("Запросить ссылку"), kind="primary", size="l", on_click=ResetState.start_over),
    )
