"""Reading orders for the page, and its address: `?tab=new&q=…&days=7&sort=-total&page=2`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.core.ids import find_id, read_id
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.shop import service as economics
from cube_demper.domain.messaging import order_talk, queue
from cube_demper.domain.orders import buyers, listing, switching
from cube_demper.domain.orders.addresses import FILTERS, read_filters
from cube_demper.domain.orders.doing import service as doing
from cube_demper.domain.orders.doing.schemas import Doable
from cube_demper.domain.orders.list_schemas import OrderPage, OrderQuery
from cube_demper.domain.orders.switching import PollView
from cube_demper.models.staff import Area
from cube_demper.seller.pages.orders.around_rows import around_view
from cube_demper.seller.pages.orders.rows import PanelView, panel_view
from cube_demper.ui.query import read_query


@dataclass(frozen=True)
class Picture:
    """One page of orders and how the orders of the seller's stores are read."""

    asked: OrderQuery
    page: OrderPage
    polls: list[PollView]
    doables: dict[UUID, Doable]
    now: datetime


def query_of(url: ReflexURL) -> OrderQuery:
    """Return what the address asks for; nonsense in it is ignored."""
    asked = read_query(url, sorts=listing.SORTS, filters=FILTERS, default_sort="-ordered")
    narrowed = read_filters(asked.filters, asked.search, bootstrap.web().clock.now())
    return replace(narrowed, sort=asked.sort, is_descending=asked.descending, page=asked.page)


def order_of(url: ReflexURL) -> str:
    """Return the order that an address of its own names; "" for the list's."""
    named = find_id(url.path.rstrip("/").rsplit("/", 1)[-1])
    return str(named) if named else ""


async def read_page(actor: Actor, asked: OrderQuery) -> Picture:
    """Read one page."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        page = await listing.list_orders(tx, actor, asked, secrets=services.secrets)
        polls, now = await switching.polls(tx, actor), services.clock.now()
        doables = await doing.doable(tx, actor, [view.row for view in page.rows], now)
        return Picture(asked, page, polls, doables, now)


async def read_order(actor: Actor, order_id: str) -> PanelView:
    """Read one order with what stands around it. Raises NotFound."""
    services = bootstrap.web()
    secrets = services.secrets
    async with services.db.read() as tx:
        found = await listing.get_order(tx, actor, read_id(order_id), secrets=secrets)
        now, order = services.clock.now(), found.row
        doables = await doing.doable(tx, actor, [order], now)
        around = around_view(
            await economics.order_margin(tx, actor, order),
            await buyers.buyer_of(tx, actor, order, secrets=secrets),
            await order_talk.talk_of(tx, actor, order, secrets=secrets),
            await queue.overview(tx, actor, now, secrets=secrets),
            now,
        )
    around.write = around.write if actor.may(Area.MESSAGES) else ""
    return panel_view(found, doables.get(order.id), around, now)
