"""A page of stores by the address: `?tab=needs_reauth&q=…&page=2`."""

from __future__ import annotations

import reflex as rx

from admin.listing import AdminList
from admin.pages.stores.rows import TABS, StoreRow, store_row
from cube_demper import bootstrap
from cube_demper.core.paging import Page
from cube_demper.domain.stores import administration as stores
from cube_demper.ui import session
from cube_demper.ui.query import ListQuery


class StoresState(AdminList, rx.State):
    """The list."""

    rows: list[StoreRow] = []

    def _asked(self) -> ListQuery:
        return self._query()

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Page]:
        services, tab = bootstrap.web(), asked.filters.get("tab", "")
        async with services.db.read() as tx:
            return asked, await stores.list_stores(
                tx,
                session.current_actor(),
                services.clock.now(),
                state=tab if tab in TABS else "",
                search=asked.search,
                page=asked.page,
            )

    def _show(self, found: tuple[ListQuery, Page]) -> None:
        asked, page = found
        services = bootstrap.web()
        limit, now = services.settings.kaspi.changes_per_30_min, services.clock.now()
        rows = [store_row(it, limit, now) for it in page.rows]
        self._show_page(page, asked, rows, TABS)
