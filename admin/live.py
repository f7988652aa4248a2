"""Live pages of the admin app: `ui.live` for admins alone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin


class AdminLive(LiveMixin, rx.State, mixin=True):
    """A page that reads again when something that concerns admins changes."""

    @guarded(Role.ADMIN, background=True)
    async def watch(self) -> Any:
        """Follow events for as long as the tab stays on this page and its admin may."""
        async for answer in self._follow():
            yield answer
