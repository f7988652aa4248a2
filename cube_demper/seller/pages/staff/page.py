"""`/staff`, with the link's token or without: who invites, to what, and one button."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.staff.state import InvitationState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, skeleton


def staff_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Приглашение")),
        card(
            rx.cond(
                InvitationState.trouble,
                empty_state(
                    tr("Приглашение не открылось"),
                    InvitationState.trouble,
                    link_button(tr("На главную"), "/"),
                    icon="mail-x",
                ),
                rx.cond(InvitationState.owner, _invitation(), skeleton(3)),
            )
        ),
    )


def _invitation() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            tr("{owner} приглашает вас помогать с магазином.", owner=InvitationState.owner),
            class_name="k-strong",
        ),
        rx.cond(
            InvitationState.rights.length() > 0,
            rx.fragment(
                rx.el.p(tr("Вы сможете менять:"), class_name="k-second"),
                rx.el.ul(rx.foreach(InvitationState.rights, rx.el.li), class_name="k-plain-list"),
            ),
            rx.el.p(tr("Вы сможете смотреть, ничего не меняя."), class_name="k-second"),
        ),
        rx.el.p(
            tr("Свой кабинет останется: переключиться можно в настройках, раздел «Сотрудники»."),
            class_name="k-note",
        ),
        rx.el.div(
            button(tr("Принять приглашение"), kind="primary", on_click=InvitationState.accept),
            link_button(tr("Не сейчас"), "/"),
            class_name="k-row",
        ),
        class_name="k-stack",
    )
