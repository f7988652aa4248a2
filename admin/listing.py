"""Lists of the admin app: `ui.lists` for admins, with numbered pages or by a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import reflex as rx

from admin.live import AdminLive
from cube_demper.db.keyset import Window
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.guards import guarded
from cube_demper.ui.keyset import KeysetMixin
from cube_demper.ui.lists import ListMixin, ListView
from cube_demper.ui.loading import loads
from cube_demper.ui.query import ListQuery, read_query


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


class AdminKeyset(KeysetMixin, AdminList, rx.State, mixin=True):
    """One page by a cursor; a state of it names its filters and reads a Window."""

    _filters: ClassVar[tuple[str, ...]] = ()

    def _asked(self) -> ListQuery:
        return read_query(self.router.url, sorts=(), filters=("tab", "at", *self._filters))

    def _show_window(self, asked: ListQuery, found: Window[Any], rows: Sequence[Any]) -> None:
        """Assign what a page by a cursor has in common."""
        self.rows = list(rows)
        self.newer, self.older = found.newer, found.older
        self.chosen = {name: asked.filters.get(name, "") for name in self._filters}
        narrowed = bool(asked.search) or any(self.chosen.values())
        tab = asked.filters.get("tab", "")
        self.view = ListView(tab=tab, search=asked.search, is_narrowed=narrowed)
        self.phase = "ready"
