"""`/login`."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.door.onward import invited_notice
from cube_demper.seller.pages.login.state import LoginState
from cube_demper.ui.actions import text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.signing_in import signing_in


def login_page() -> rx.Component:
    """Make the page."""
    return signing_in(
        LoginState,
        tr("Вход"),
        over=invited_notice(LoginState.is_invited),
        footer=rx.el.p(
            tr("Ещё нет учётной записи?"),
            " ",
            text_link(
                tr("Зарегистрироваться"), rx.Var.create("/register").to(str) + LoginState.onward
            ),
        ),
    )
