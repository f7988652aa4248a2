"""Lists of the partner app: `ui.lists` for partners."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners.reading import Page
from cube_demper.ui.guards import guarded
from cube_demper.ui.lists import ListMixin, ListView
from cube_demper.ui.loading import loads
from cube_demper.ui.query import ListQuery, read_query
from partner.live import PartnerLive


class PartnerList(PartnerLive, ListMixin, rx.State, mixin=True):
    """One page of rows of the partner who is signed in."""

    _concern: ClassVar[frozenset[str]] = frozenset({"leads", "money"})

    @loads(Role.PARTNER)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        self._put_away()
        await self._read_and_show()

    @guarded(Role.PARTNER)
    async def refresh(self) -> None:
        """Read the same page again, its rows standing meanwhile."""
        await self._read_and_show()

    def _put_away(self) -> None:
        """Close what was open over the list when the tab was here before."""

    def _asked(self) -> ListQuery:
        return read_query(self.router.url, sorts=(), filters=("tab",))

    def _show_page(self, found: Page, tab: str, rows: list[Any]) -> None:
        """Assign what a page of a list has in common."""
        self.rows = rows
        self.counts = found.counts
        self.view = ListView(tab=tab, page=found.page, total=found.total)
        self.phase = "ready"
