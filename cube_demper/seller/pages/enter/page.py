"""`/enter`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import signed_out_page
from cube_demper.ui.placeholders import skeleton


def enter_page() -> rx.Component:
    """Make the page."""
    return signed_out_page(tr("Открываем кабинет…"), skeleton(2))
