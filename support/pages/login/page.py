"""`/login`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.i18n import tr
from cube_demper.ui.signing_in import signing_in
from support.pages.login.state import LoginState


def login_page() -> rx.Component:
    """Make the page."""
    return signing_in(LoginState, tr("Поддержка Cube Demper"))
