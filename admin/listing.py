"""Lists of the admin app: `ui.lists` for admins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import reflex as rx

from admin.live import AdminLive
from cube_demper.core.paging import Page
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.guards import guarded
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

    def _query(self, *filters: str) -> ListQuery:
        """Read tab, search, page and these filters out of the address."""
        return read_query(self.router.url, sorts=(), filters=("tab", *filters))

    def _show_page(
        self, found: Page, asked: ListQuery, rows: list[Any], tabs: Iterable[str] = ()
    ) -> None:
        """Assign what a page of a list has in common; a tab that holds nothing counts 0."""
        filters = {name: it for name, it in asked.filters.items() if name != "tab"}
        self.rows = rows
        self.counts = {it: found.counts.get(it, 0) for it in ("", *tabs)}
        self.view = ListView(
            tab=asked.filters.get("tab", ""),
            search=asked.search,
            page=found.page,
            total=found.total,
            is_narrowed=bool(asked.search or filters),
        )
        self.phase = "ready"
