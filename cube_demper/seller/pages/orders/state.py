"""The list of orders: one page of rows, how many there are in each tab, how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from cube_demper.core.money import NBSP
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.orders.list_schemas import OrderQuery, OrderTab
from cube_demper.domain.orders.switching import PollView
from cube_demper.domain.orders.words import PROBLEM_TITLES, PROBLEM_WORDS
from cube_demper.seller.pages.orders.reading import (
    Picture,
    order_of,
    query_of,
    read_order,
    read_page,
)
from cube_demper.seller.pages.orders.rows import PanelView, RowView, row_view
from cube_demper.ui import session
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded
from cube_demper.ui.lists import ListMixin, ListView, view_of

_ORDERS = ("заказ", "заказа", "заказов")


@dataclass
class ReadingView:
    """How orders come in. `title` and `text`: what stands in the way."""

    has_stores: bool = True
    is_on: bool = True
    importing: str = ""
    title: str = ""
    text: str = ""


@dataclass
class Chosen:
    """The filters in effect, as the address has them."""

    days: str = ""
    status: str = ""
    delivery: str = ""


class OrdersState(ListMixin, rx.State):
    """The list, and the panel of one order."""

    _concern: ClassVar[frozenset[str]] = frozenset({"orders", "store"})

    rows: list[RowView] = []
    view: ListView = ListView(sort="-ordered")
    chosen: Chosen = Chosen()
    summary: str = ""
    reading: ReadingView = ReadingView()
    panel: PanelView = PanelView()
    has_orders: bool = True

    def _asked(self) -> OrderQuery:
        return query_of(self.router.url)

    async def _read(self, asked: OrderQuery) -> Picture:
        return await read_page(session.current_actor(), asked)

    @guarded(Role.USER)
    async def open(self, order_id: str) -> None:
        """Show one order in full."""
        self.panel = await read_order(session.current_actor(), order_id)

    @guarded(Role.USER)
    async def show_named(self) -> None:
        """Show the order that the address names; one that is not there is said over the list."""
        named = order_of(self.router.url)
        if named:
            self.panel = await read_order(session.current_actor(), named)

    @guarded(Role.USER)
    async def close(self) -> Any:
        """Put the panel away; an address that names it is the list's own again."""
        self.panel = PanelView()
        return rx.redirect("/orders", replace=True) if order_of(self.router.url) else None

    def _show(self, picture: Picture) -> None:
        asked, page = picture.asked, picture.page
        is_one = len(picture.polls) == 1 or asked.store_id is not None
        everything = sum(page.counts.values())
        self.rows = [
            row_view(it, picture.doables.get(it.row.id), picture.now, with_store=not is_one)
            for it in page.rows
        ]
        self.view = view_of(asked, page, tab=asked.tab, is_narrowed=asked.is_narrowed)
        self.chosen = Chosen(str(asked.days or ""), asked.status or "", asked.delivery or "")
        self.counts = {"": everything, **{it: page.counts.get(it, 0) for it in OrderTab}}
        self.summary = _summary(everything, page.counts.get(OrderTab.NEW, 0))
        self.reading = _reading(picture.polls)
        self.has_orders = everything > 0 or asked.is_narrowed
        self.phase = "ready"

    async def _reread(self) -> None:
        """Read the list again, and the order that is open."""
        await super()._reread()
        async with self:
            opened = self.panel.id
        panel = await read_order(session.current_actor(), opened) if opened else PanelView()
        async with self:
            if self.panel.id == opened:
                self.panel = panel


def _summary(everything: int, new: int) -> str:
    if not everything:
        return ""
    words = counted(everything, *_ORDERS)
    return f"{words}, {counted(new, 'новый', 'новых', 'новых')}" if new else words


def _reading(polls: list[PollView]) -> ReadingView:
    on = [view for view in polls if view.is_on]
    troubled = next((view for view in on if view.problem is not None), None)
    importing = next((view for view in on if view.import_percent is not None), None)
    title = text = ""
    if troubled is not None and troubled.problem is not None:
        title = f"«{troubled.store_name}»: {PROBLEM_TITLES[troubled.problem]}"
        text = PROBLEM_WORDS[troubled.problem]
    words = ""
    if importing is not None:
        words = (
            f"Загружаем прошлые заказы магазина «{importing.store_name}»:"
            f" {importing.import_percent}{NBSP}%, {counted(importing.imported, *_ORDERS)}"
        )
    return ReadingView(bool(polls), bool(on), words, title, text)
