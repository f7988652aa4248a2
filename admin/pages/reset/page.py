"""`/reset`."""

from __future__ import annotations

import reflex as rx

from admin.pages.reset.state import ResetState
from cube_demper.ui.resetting import resetting


def reset_page() -> rx.Component:
    """Make the page."""
    return resetting(ResetState)
