"""`/register`."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.door.onward import invited_notice
from cube_demper.seller.pages.register.state import RegisterState
from cube_demper.ui.actions import button, server_link, text_link
from cube_demper.ui.door import (
    again_button,
    email_field,
    new_password_field,
    no_mail_notice,
)
from cube_demper.ui.forms import checkbox, form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import signed_out_page


def register_page() -> rx.Component:
    """Make the page: the form, then «письмо отправлено»."""
    is_sent = RegisterState.sent > 0
    return signed_out_page(
        rx.cond(
            is_sent,
            rx.cond(RegisterState.is_mail_on, tr("Письмо отправлено"), tr("Заявка принята")),
            tr("Регистрация"),
        ),
        rx.cond(is_sent, _sent(), _form()),
        footer=rx.el.p(
            tr("Уже есть учётная запись?"),
            " ",
            text_link(tr("Войти"), rx.Var.create("/login").to(str) + RegisterState.onward),
        ),
    )


def _form() -> rx.Component:
    errors = RegisterState.errors
    return rx.fragment(
        rx.cond(RegisterState.trial, rx.el.p(RegisterState.trial, class_name="k-second")),
        invited_notice(RegisterState.is_invited),
        rx.cond(RegisterState.is_mail_on, rx.fragment(), no_mail_notice()),
        form(
            form_field(
                tr("Имя"),
                text_input("full_name", auto_complete="name", max_length=120),
                name="full_name",
                help=tr("Как к вам обращаться. Можно не указывать."),
            ),
            email_field(errors["email"]),
            new_password_field(errors["password"]),
            _promo_code(errors["promo_code"]),
            _consent(errors["agree"]),
            button(
                tr("Создать учётную запись"),
                kind="primary",
                size="l",
                submit=True,
                busy=RegisterState.is_busy,
            ),
            on_submit=RegisterState.submit,
            error=errors["form"],
        ),
    )


def _promo_code(error: rx.Var[str]) -> rx.Component:
    return form_field(
        tr("Промокод"),
        text_input("promo_code", error=error, auto_complete="off", max_length=20),
        name="promo_code",
        help=tr("Если вам его назвали. Можно не указывать."),
        error=error,
    )


def _consent(error: rx.Var[str]) -> rx.Component:
    text = rx.el.span(
        tr("Принимаю"),
        " ",
        _plain_link(tr("условия"), "/offer"),
        " ",
        tr("и правила о"),
        " ",
        _plain_link(tr("личных данных"), "/privacy"),
    )
    return rx.el.div(
        checkbox("agree", text, custom_attrs={"aria-describedby": "agree-note"}),
        rx.el.div(
            rx.cond(error, rx.el.span(error, class_name="k-wrong"), rx.fragment()),
            id="agree-note",
            class_name="k-field-note",
            role="status",
        ),
        class_name="k-consent",
    )


def _plain_link(text: rx.Var[str], href: str) -> rx.Component:
    return server_link(text, href=href, target="_blank", rel="noopener", class_name="k-link")


def _sent() -> rx.Component:
    return rx.fragment(
        rx.cond(
            RegisterState.is_mail_on,
            rx.el.p(
                tr("Откройте письмо на {email} и нажмите кнопку в нём.", email=RegisterState.email),
                " ",
                tr("Если письма нет, загляните в «Спам»."),
                class_name="k-second",
            ),
            no_mail_notice(),
        ),
        rx.cond(
            RegisterState.errors["form"],
            rx.el.p(RegisterState.errors["form"], class_name="k-form-error", role="alert"),
        ),
        rx.cond(
            RegisterState.is_mail_on,
            again_button(RegisterState.sent, RegisterState.send_again),
        ),
        button(tr("Указать другую почту"), kind="ghost", on_click=RegisterState.change_email),
    )
