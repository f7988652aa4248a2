"""The admins' frame around a page: `frame(content, route)`."""

from __future__ import annotations

import reflex as rx

from admin.frame.state import FrameState
from admin.navigation import NAVIGATION, SECURITY, USERS
from cube_demper.ui.actions import menu_item
from cube_demper.ui.dangerous import password_dialog
from cube_demper.ui.frame import own_corner
from cube_demper.ui.i18n import tr
from cube_demper.ui.shell import shell
from cube_demper.ui.top_bar import search_field

LAST = [FrameState.load]


def frame(content: rx.Component, route: str) -> rx.Component:
    """Put a page inside the admins' shell."""
    return shell(
        content,
        route,
        navigation=NAVIGATION,
        top_left=rx.el.span(tr("Админ-панель"), class_name="k-strong"),
        search=search_field(tr("Почта, имя, телефон или номер"), action=USERS.href),
        top_right=(
            *own_corner(
                FrameState.person,
                FrameState.clock,
                menu_item(tr("Безопасность"), icon="key-round", on_click=rx.redirect(SECURITY)),
            ),
            password_dialog(),
        ),
    )
