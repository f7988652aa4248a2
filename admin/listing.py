"""Lists of the admin app: `ui.lists` for admins, with numbered pages or by a cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import reflex as rx

from admin.live import AdminLive
from cube_demper.core.paging import Page
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
