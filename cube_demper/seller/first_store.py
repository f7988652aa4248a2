"""What a page shows while its seller has no store."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.navigation import CONNECT
from cube_demper.ui.actions import Text, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state


def connect_first(title: Text, text: Text) -> rx.Component:
    """Say what connecting a store gives here, and lead there."""
    connect = link_button(tr("Подключить магазин"), CONNECT, kind="primary")
    return empty_state(title, text, connect, icon="store")
