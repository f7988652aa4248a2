"""`/reset`."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.resetting import resetting
from support.pages.reset.state import ResetState


def reset_page() -> rx.Component:
    """Make the page."""
    return resetting(ResetState)
