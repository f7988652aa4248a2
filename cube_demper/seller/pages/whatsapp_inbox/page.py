"""`/messages`: talks at the left, the open one in the middle, the buyer's orders at the right."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp_inbox.dialogs import (
    place_dialog,
    quick_dialogs,
    silence_dialog,
)
from cube_demper.seller.pages.whatsapp_inbox.list_parts import talk_list
from cube_demper.seller.pages.whatsapp_inbox.side_parts import orders_panel, orders_part
from cube_demper.seller.pages.whatsapp_inbox.state import InboxState
from cube_demper.seller.pages.whatsapp_inbox.thread_parts import talk_part
from cube_demper.seller.pages.whatsapp_inbox.thread_state import ThreadState
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page
from cube_demper.ui.placeholders import empty_state


def inbox_page() -> rx.Component:
    """Make the page."""
    is_open = rx.cond(ThreadState.asked, "true", "false")
    return page(
        rx.cond(
            InboxState.is_allowed,
            rx.el.div(
                talk_list(),
                talk_part(),
                orders_part(),
                class_name="k-card k-inbox",
                custom_attrs={"data-open": is_open},
            ),
            rx.el.div(
                empty_state(
                    tr("Переписка закрыта"),
                    tr("Её читают те, кому владелец магазина дал право «Сообщения»."),
                    icon="lock",
                ),
                class_name="k-card",
            ),
        ),
        orders_panel(),
        place_dialog(),
        quick_dialogs(),
        silence_dialog(),
        wide=True,
    )
