"""What the page of the price list reads."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper import bootstrap
from cube_demper.domain.feed import service as feed
from cube_demper.domain.stores import service as stores
from cube_demper.models.stores import Channel
from cube_demper.seller.pages.feed.rows import (
    Cardless,
    ListView,
    StoreFeedView,
    cardless_row,
    feed_row,
    list_row,
)
from cube_demper.ui import session


@dataclass(frozen=True)
class Picture:
    """The chosen store's price list, and the stores there are to choose from."""

    view: StoreFeedView
    cardless: list[Cardless]
    stores: list[tuple[str, str]]


async def read_picture(asked: str) -> Picture:
    """Read the store that the address asks for, else the first that sends by price list, else the first."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        own = await stores.list_stores(tx, actor)
        named = [it for it in own if str(it.id) == asked]
        by_feed = [it for it in own if it.channel is Channel.FEED]
        chosen = next(iter(named or by_feed or own), None)
        choices = [(str(it.id), it.name) for it in own]
        if chosen is None:
            return Picture(StoreFeedView(), [], choices)
        view = await feed.feed_view(tx, actor, chosen.id, now)
        cardless = []
        if view.without_card and view.channel is Channel.FEED:
            cardless = list(await feed.goods_without_card(tx, actor, chosen.id))
    return Picture(feed_row(view, now), [cardless_row(it) for it in cardless], choices)


async def read_list() -> ListView:
    """Read the list that was uploaded last."""
    async with bootstrap.web().db.read() as tx:
        found = await feed.latest_import(tx, session.current_actor())
    return list_row(found) if found else ListView()
