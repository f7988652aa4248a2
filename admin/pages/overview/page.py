"""`/`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header


def overview_page() -> rx.Component:
    """Make the page."""
    return page(page_header(tr("Обзор")))
