"""`/password`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.password_change import password_card
from partner.pages.password.state import PasswordState


def password_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Пароль"), tr("Вход в кабинет партнёра. О смене пароля придёт письмо.")),
        password_card(PasswordState),
    )
