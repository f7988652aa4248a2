"""`/chats/[id]`: chats at the left, the open one in the middle, its customer at the right."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.layout import page
from support.desk.card_parts import card_panel, card_part
from support.desk.chat_parts import chat_part
from support.desk.inbox_parts import inbox_part


def chat_page() -> rx.Component:
    """Make the page."""
    return page(
        rx.el.div(
            inbox_part(),
            chat_part(),
            card_part(),
            class_name="k-card k-inbox k-desk",
            custom_attrs={"data-open": "true"},
        ),
        card_panel(),
        wide=True,
    )
