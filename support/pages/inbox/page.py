"""`/`: chats at the left, and what to do about them."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.layout import page
from support.desk.chat_parts import no_chat_part
from support.desk.inbox_parts import inbox_part


def inbox_page() -> rx.Component:
    """Make the page."""
    return page(
        rx.el.div(
            inbox_part(),
            no_chat_part(),
            class_name="k-card k-inbox k-desk",
            custom_attrs={"data-open": "false"},
        ),
        wide=True,
    )
