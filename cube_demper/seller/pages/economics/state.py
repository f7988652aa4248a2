"""The margins of all goods: one page of rows, the figures of all, and what is missing for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.economics.shop.schemas import MarginPage, MarginQuery, StoreTermsView
from cube_demper.seller.pages.economics.address import query_of
from cube_demper.seller.pages.economics.rows import (
    Head,
    RowView,
    StoreOption,
    ToDo,
    View,
    head_of,
    row_view,
    to_dos,
)
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_PAUSE = 2.0
"""Seconds between readings: every product is counted anew."""


class EconomicsState(LiveMixin, PageMixin, rx.State):
    """The table."""

    rows: list[RowView] = []
    view: View = View()
    head: Head = Head()
    to_do: list[ToDo] = []
    stores: list[StoreOption] = []

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        self._show(await _read(session.current_actor(), query_of(self.router.url)))

    @guarded(Role.USER)
    async def refresh(self) -> None:
        """Count again after a change made here."""
        self._show(await _read(session.current_actor(), query_of(self.router.url)))

    def _show(self, found: _Found) -> None:
        asked, page = found.asked, found.page
        several = len(found.stores) > 1
        self.rows = [row_view(row, with_store=several) for row in page.rows]
        self.view = View(
            tab=asked.tab,
            search=asked.search,
            store=str(asked.store_id or ""),
            sort=f"-{asked.sort}" if asked.is_descending else asked.sort,
            page=page.page,
            total=page.total,
            is_narrowed=bool(asked.search or (asked.store_id and several)),
            counts={tab.value: count for tab, count in page.counts.items()},
        )
        self.head = head_of(page, found.now)
        self.to_do = to_dos(page, found.terms)
        self.stores = found.stores
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:  # what a background handler sees outside is as old as its last look
            asked = query_of(self.router.url)
        found = await _read(session.current_actor(), asked)
        async with self:
            self._show(found)
        await asyncio.sleep(_PAUSE)


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
