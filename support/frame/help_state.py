"""The list of keys: open or put away."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.guards import guarded
from support.live import STAFF


class HelpState(rx.State):
    """The dialog."""

    is_open: bool = False

    @guarded(*STAFF)
    async def open(self) -> None:
        """Show the keys."""
        self.is_open = True

    @guarded(*STAFF)
    async def close(self) -> None:
        """Put them away."""
        self.is_open = False
