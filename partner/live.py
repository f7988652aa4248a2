"""Live pages of the partner app: `ui.live` for partners alone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin


class PartnerLive(LiveMixin, rx.State, mixin=True):
    """A page that reads again when something of its partner changes."""

    @guarded(Role.PARTNER, background=True)
    async def watch(self) -> Any:
        """Follow events for as long as the tab stays on this page and its partner may."""
        async for answer in self._follow():
            yield answer
