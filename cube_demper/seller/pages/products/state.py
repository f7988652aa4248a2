"""The list of goods: one page of rows, counts of the tabs, and what changes in them while it is open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import service as billing
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import (
    ProductFilter,
    ProductPage,
    ProductSort,
    ProductTab,
)
from cube_demper.domain.pricing.alerts.rules import LOST_LONG
from cube_demper.seller.pages.products.address import filter_of
from cube_demper.seller.pages.products.rows import (
    RowView,
    StoreView,
    headline,
    row_view,
    store_view,
)
from cube_demper.ui import session
from cube_demper.ui.lists import ListMixin, ListView, view_of
from cube_demper.ui.live import REREAD

_PAUSE_UNSEEN = 2.0
"""Seconds that counts may wait when only goods that are not on the screen have changed."""


class ProductsState(ListMixin, rx.State):
    """The list."""

    rows: list[RowView] = []
    view: ListView = ListView(tab=ProductTab.ALL, sort=ProductSort.NAME)
    stores: list[StoreView] = []
    lost: str = ""
    summary: str = ""
    has_new_order: bool = False
    has_goods: bool = True
    has_stores: bool = True

    def _asked(self) -> ProductFilter:
        return filter_of(self.router.url)

    async def _read(self, asked: ProductFilter) -> _Found:
        return await _read(session.current_actor(), asked)

    def _show(self, found: _Found) -> None:
        self.rows = [row_view(row) for row in found.page.rows]
        self.has_new_order = False
        self._show_around(found)
        self.phase = "ready"

    def _show_around(self, found: _Found) -> None:
        asked, counts = found.asked, found.page.counts
        narrowed = bool(asked.search or asked.store_id or asked.lost_before)
        self.lost = LOST_LONG if asked.lost_before else ""
        self.view = view_of(asked, found.page, tab=asked.tab, is_narrowed=narrowed)
        self.counts = {tab: counts[tab] for tab in ProductTab}
        self.stores = found.stores
        self.summary = found.summary
        self.has_stores = bool(found.stores)
        self.has_goods = found.has_goods

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again; rows keep their places until the person asks for the new order."""
        async with self:  # what a background handler sees outside is as old as its last look
            shown = tuple(UUID(row.id) for row in self.rows)
            asked = self._asked()
        if not _is_seen(events, {str(key) for key in shown}):
            await asyncio.sleep(_PAUSE_UNSEEN)
        found = await _read(session.current_actor(), asked, shown)
        async with self:
            if tuple(UUID(row.id) for row in self.rows) != shown:
                return
            self.rows = [found.by_id.get(row.id, row) for row in self.rows]
            self.has_new_order = found.order != shown
            self._show_around(found)


@dataclass(frozen=True)
class _Found:
    asked: ProductFilter
    page: ProductPage
    stores: list[StoreView]
    summary: str
    has_goods: bool
    by_id: dict[str, RowView]

    @property
    def order(self) -> tuple[UUID, ...]:
        return tuple(row.id for row in self.page.rows)


async def _read(actor: Actor, asked: ProductFilter, shown: tuple[UUID, ...] = ()) -> _Found:
    """Read the page asked for, and rows that are on the screen but have left it."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        allowed = await billing.entitlements(tx, actor, [actor.owner_id], services.clock.now())
        page = await catalog.list_products(tx, actor, asked)
        stores = await catalog.list_stores(tx, actor)
        here = {row.id for row in page.rows}
        gone = tuple(key for key in shown if key not in here)
        others = await catalog.read_rows(tx, actor, gone) if gone else ()
    total = sum(store.goods for store in stores)
    return _Found(
        asked=asked,
        page=page,
        stores=[store_view(store) for store in stores],
        summary=headline(stores, total, can_reprice=allowed[actor.owner_id].can_reprice),
        has_goods=total > 0,
        by_id={str(row.id): row_view(row) for row in (*page.rows, *others)},
    )


def _is_seen(events: list[BrowserEvent], shown: set[str]) -> bool:
    return any(it.kind in {REREAD, "store"} or not it.id or it.id in shown for it in events)
