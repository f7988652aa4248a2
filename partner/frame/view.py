"""The partner's frame around a page: `frame(content, route)`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import menu_item
from cube_demper.ui.frame import own_corner
from cube_demper.ui.i18n import tr
from cube_demper.ui.shell import shell
from cube_demper.ui.top_bar import status_pill
from partner.frame.state import FrameState
from partner.navigation import NAVIGATION, OWN_PASSWORD, PAYOUTS

LAST = [FrameState.load, FrameState.watch]


def frame(content: rx.Component, route: str) -> rx.Component:
    """Put a page inside the partner's shell."""
    me: Any = FrameState.partner
    return shell(
        content,
        route,
        navigation=NAVIGATION,
        top_left=rx.el.span(tr("Кабинет партнёра"), class_name="k-strong"),
        search=rx.el.span(class_name="k-push"),
        top_right=(
            rx.cond(
                me.payable,
                status_pill(
                    tr("К выплате {sum}", sum=me.payable),
                    me.payable,
                    me.tone,
                    PAYOUTS.href,
                    note=rx.fragment(),
                ),
            ),
            *own_corner(
                me,
                FrameState.clock,
                menu_item(
                    tr("Сменить пароль"), icon="key-round", on_click=rx.redirect(OWN_PASSWORD)
                ),
            ),
        ),
    )
