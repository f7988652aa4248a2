"""Live pages of the support app: what is said to support, and what is done to its chats."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.support.schemas import CHANNEL
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin

STAFF = (Role.SUPPORT, Role.ADMIN)


class StaffLive(LiveMixin, rx.State, mixin=True):
    """A page that reads again when something of the chats changes."""

    async def _channels(self) -> list[str]:
        return [CHANNEL, f"user:{session.current_actor().person_id}"]

    @guarded(*STAFF, background=True)
    async def watch(self) -> Any:
        """Follow events for as long as the tab stays on this page and its person may."""
        async for answer in self._follow():
            yield answer
