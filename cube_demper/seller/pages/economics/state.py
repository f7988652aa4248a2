"""The margins of all goods: one page of rows, the figures of all, and what is missing for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.economics.shop.schemas import (
    MarginPage,
    MarginQuery,
    MarginSort,
    MarginTab,
    StoreTermsView,
)
from cube_demper.seller.pages.economics.address import query_of
from cube_demper.seller.pages.economics.rows import (
    Head,
    RowView,
    StoreOption,
    ToDo,
    head_of,
    row_view,
    to_dos,
)
from cube_demper.ui import session
from cube_demper.ui.lists import ListMixin, ListView, view_of


class EconomicsState(ListMixin, rx.State):
    """The table."""

    _pace: ClassVar[float] = 2.0  # every product is counted anew

    rows: list[RowView] = []
    view: ListView = ListView(tab=MarginTab.ALL, sort=MarginSort.MARGIN)
    head: Head = Head()
    to_do: list[ToDo] = []
    stores: list[StoreOption] = []

    def _asked(self) -> MarginQuery:
        return query_of(self.router.url)

    async def _read(self, asked: MarginQuery) -> _Found:
        return await _read(session.current_actor(), asked)

    def _show(self, found: _Found) -> None:
        asked, page = found.asked, found.page
        several = len(found.stores) > 1
        self.rows = [row_view(row, with_store=several) for row in page.rows]
        narrowed = bool(asked.search or (asked.store_id and several))
        self.view = view_of(asked, page, tab=asked.tab, is_narrowed=narrowed)
        self.counts = {tab.value: count for tab, count in page.counts.items()}
        self.head = head_of(page, found.now)
        self.to_do = to_dos(page, found.terms)
        self.stores = found.stores
        self.phase = "ready"


@dataclass(frozen=True)
class _Found:
    asked: MarginQuery
    page: MarginPage
    stores: list[StoreOption]
    terms: list[StoreTermsView]
    now: datetime


async def _read(actor: Actor, asked: MarginQuery) -> _Found:
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        page = await shop.list_margins(tx, actor, asked, now)
        stores = await shop.list_stores(tx, actor)
        terms = [
            await shop.store_terms(tx, actor, store_id, now)
            for store_id, _ in stores
            if asked.store_id in {None, store_id}
        ]
    options = [StoreOption(str(store_id), name) for store_id, name in stores]
    return _Found(asked, page, options, terms, now)
