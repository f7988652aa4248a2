"""Lists of the admin app: `ui.lists` for admins."""

from __future__ import annotations

import reflex as rx

from admin.live import AdminLive
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.guards import guarded
from cube_demper.ui.lists import ListMixin
from cube_demper.ui.loading import loads


class AdminList(AdminLive, ListMixin, rx.State, mixin=True):
    """One page of rows of everybody's."""

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        await self._read_and_show()

    @guarded(Role.ADMIN)
    async def refresh(self) -> None:
        """Read the same page again, its rows standing meanwhile."""
        await self._read_and_show()
