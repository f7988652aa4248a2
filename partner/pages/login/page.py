"""`/login`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.actions import button, server_link, text_link
from cube_demper.ui.door import email_field
from cube_demper.ui.forms import form, form_field, password_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import signed_out_page
from partner.pages.login.state import LoginState


def login_page() -> rx.Component:
    """Make the page."""
    errors = LoginState.errors
    return signed_out_page(
        tr("Кабинет партнёра"),
        form(
            email_field(errors["email"], auto_focus=True),
            form_field(
                tr("Пароль"),
                password_input(
                    "password", error=errors["password"], auto_complete="current-password"
                ),
                name="password",
                error=errors["password"],
            ),
            button(tr("Войти"), kind="primary", size="l", submit=True, busy=LoginState.is_busy),
            on_submit=LoginState.submit,
            error=errors["form"],
        ),
        rx.el.p(text_link(tr("Забыли пароль?"), "/reset"), class_name="k-door-footer"),
        footer=rx.el.p(
            tr("Вы продавец?"),
            " ",
            server_link(
                tr("Войдите в Cube Demper"),
                href=LoginState.seller_site + "/login",
                class_name="k-link",
            ),
        ),
    )
