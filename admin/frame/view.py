"""The admins' frame around a page: `frame(content, route)`."""

from __future__ import annotations

import reflex as rx

from admin.frame.state import FrameState
from admin.navigation import NAVIGATION
from cube_demper.ui.frame import own_corner
from cube_demper.ui.i18n import tr
from cube_demper.ui.shell import shell

LAST = [FrameState.load]


def frame(content: rx.Component, route: str) -> rx.Component:
    """Put a page inside the admins' shell."""
    return shell(
        content,
        route,
        navigation=NAVIGATION,
        top_left=rx.el.span(tr("Админ-панель"), class_name="k-strong"),
        search=rx.el.span(class_name="k-push"),
        top_right=own_corner(FrameState.person, FrameState.clock),
    )
