"""A support person's way to a new password."""

import reflex as rx

from cube_demper.ui.resetting import Resetting


class ResetState(Resetting, rx.State):
    """Passwords of support people."""
