"""A page of the account by the address (`?tab=payout&page=2`)."""

from __future__ import annotations

from typing import ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import reading
from cube_demper.domain.partners.reading import KINDS, Page
from cube_demper.ui import session
from cube_demper.ui.downloads import save_file
from cube_demper.ui.guards import guarded
from cube_demper.ui.query import ListQuery
from partner.listing import PartnerList
from partner.pages.transactions.rows import EntryRow, entry_row


class TransactionsState(PartnerList, rx.State):
    """The account."""

    _concern: ClassVar[frozenset[str]] = frozenset({"money"})

    rows: list[EntryRow] = []

    async def _read(self, asked: ListQuery) -> tuple[str, Page]:
        tab = asked.filters.get("tab", "")
        tab = tab if tab in KINDS else ""
        async with bootstrap.web().db.read() as tx:
            return tab, await reading.entries(tx, session.current_actor(), tab, asked.page)

    def _show(self, found: tuple[str, Page]) -> None:
        (tab, page), now = found, bootstrap.web().clock.now()
        self._show_page(page, tab, [entry_row(it, now) for it in page.rows])

    @guarded(Role.PARTNER)
    async def export(self) -> rx.event.EventSpec:
        """Save what the tab shows as CSV."""
        return save_file("/api/partner/transactions?format=csv&", with_filter=True)
