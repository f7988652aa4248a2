"""Reading rivals for the page, and its address: `?tab=bot&q=…&store=…&sort=-share&page=2`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import plotly.graph_objects as go
from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.market.rivals import service as rivals
from cube_demper.domain.market.rivals.page_schemas import RivalPage, RivalQuery
from cube_demper.domain.market.rivals.schemas import Behaviour
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.seller.pages.rivals.figures import (
    delay_caption,
    delay_figure,
    duel_figure,
    hours_caption,
    hours_figure,
)
from cube_demper.seller.pages.rivals.rows import PanelView, panel_view
from cube_demper.ui.charts import new_figure
from cube_demper.ui.query import read_query

DUEL_SPAN = timedelta(days=3)


@dataclass(frozen=True)
class Picture:
    """One page of rivals and the stores they are rivals of."""

    asked: RivalQuery
    page: RivalPage
    stores: list[StoreBot]


@dataclass(frozen=True)
class Detail:
    """One rival with its charts; the captions stand under them."""

    panel: PanelView
    duel: go.Figure
    duel_caption: str
    delays: go.Figure
    delays_caption: str
    hours: go.Figure
    hours_caption: str


def query_of(url: ReflexURL) -> RivalQuery:
    """Return what the address asks for; nonsense in it is ignored."""
    asked = read_query(url, sorts=rivals.SORTS, filters=("tab", "store"), default_sort="-goods")
    tab = asked.filters.get("tab", "")
    try:
        store_id = UUID(asked.filters.get("store", ""))
    except ValueError:
        store_id = None
    return RivalQuery(
        store_id=store_id,
        search=asked.search,
        behaviour=tab if tab in tuple(Behaviour) else "",
        sort=asked.sort,
        is_descending=asked.descending,
        page=asked.page,
    )


async def read_page(actor: Actor, asked: RivalQuery) -> Picture:
    """Read one page."""
    async with bootstrap.web().db.read() as tx:
        page = await rivals.list_rivals(tx, actor, asked)
        return Picture(asked, page, await stores.list_stores(tx, actor))


async def read_detail(actor: Actor, rival_id: str) -> Detail:
    """Read one rival, with the card where it is met most. Raises NotFound."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        row = await rivals.get_rival(tx, actor, read_id(rival_id))
        profile = row.profile
        duel = None
        if profile.places:
            since = services.clock.now() - DUEL_SPAN
            first = profile.places[0].product_id
            duel = await rivals.duel_of(tx, actor, first, profile.merchant_id, since=since)
        goods = [place.product_id for place in profile.places]
        settings = await stores.bot_settings(tx, actor, row.store_id)
        is_followed = profile.merchant_id in settings.rival_filters.only_merchants
        excluded = await catalog.excluded_on(tx, actor, goods, profile.merchant_id)
    return Detail(
        panel=panel_view(row, excluded, is_followed=is_followed),
        duel=duel_figure(duel) if duel else new_figure(),
        duel_caption=f"«{duel.product_name}» за 3 дня: здесь вы встречаетесь чаще всего."
        if duel
        else "",
        delays=delay_figure(profile),
        delays_caption=delay_caption(profile),
        hours=hours_figure(profile),
        hours_caption=hours_caption(profile),
    )
