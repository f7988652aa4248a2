"""`/login`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.actions import server_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.signing_in import signing_in
from partner.pages.login.state import LoginState


def login_page() -> rx.Component:
    """Make the page."""
    return signing_in(
        LoginState,
        tr("Кабинет партнёра"),
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
