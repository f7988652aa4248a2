"""Fields and states of the signed-out pages."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.rules import PASSWORD_MIN
from cube_demper.ui.actions import Text, link_button
from cube_demper.ui.browser import library
from cube_demper.ui.forms import form_field, password_input, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice

RESEND_AFTER = 60


def email_field(error: rx.Var[str], **props: Any) -> rx.Component:
    """Ask for the e-mail."""
    return form_field(
        tr("Почта"),
        text_input(
            "email",
            error=error,
            type="email",
            auto_complete="username",
            input_mode="email",
            spell_check=False,
            **props,
        ),
        name="email",
        error=error,
    )


def new_password_field(error: rx.Var[str]) -> rx.Component:
    """Ask for a new password and say what is asked of it."""
    return form_field(
        tr("Пароль"),
        password_input("password", error=error, auto_complete="new-password"),
        name="password",
        help=tr("От {n} знаков. Подойдут несколько слов подряд.", n=PASSWORD_MIN),
        error=error,
    )


def no_mail_notice() -> rx.Component:
    """Say plainly that letters are not sent here."""
    return notice(
        tr("Письма сейчас не отправляются"),
        tr("Почта сервиса не настроена. Подтвердить адрес или задать пароль может администратор."),
        tone="amber",
    )


class _AgainButton(rx.Component):
    library = library("account")
    tag = "AgainButton"

    text: rx.Var[str]
    wait_text: rx.Var[str]
    seconds: rx.Var[int]
    sent: rx.Var[int]
    on_click: rx.EventHandler[rx.event.no_args_event_spec]


def again_button(sent: rx.Var[int], on_click: Any) -> rx.Component:
    """Offer to send the letter again; each sending (`sent` grows) starts the wait anew."""
    return _AgainButton.create(
        text=tr("Отправить ещё раз"),
        wait_text=tr("Отправить ещё раз через"),
        seconds=RESEND_AFTER,
        sent=sent,
        on_click=on_click,
    )


def wide_link(text: Text, href: str, *, primary: bool = True) -> rx.Component:
    """Lead on from a finished step."""
    return link_button(text, href, kind="primary" if primary else "secondary", size="l")
