"""Reading runs, and the rule of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import find_id
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.domain.replay import service as replays
from cube_demper.domain.replay.schemas import Row, RunView, Spread, Sums
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.seller.pages.replay.rule import Listed
from cube_demper.ui import session

GOODS_WORDS = {
    ProductTab.BOT_ON: "Все с ботом",
    ProductTab.FIRST: "На 1-м месте",
    ProductTab.LOST: "2-е место и ниже",
    ProductTab.AT_FLOOR: "На мин. цене",
}


@dataclass(frozen=True)
class Picture:
    """The seller's stores and the run that the address asks for, else the newest."""

    stores: Sequence[StoreBot]
    run: RunView | None
    sums: Sums | None = None
    rows: Sequence[Row] = ()
    spread: Spread | None = None


async def read_picture(asked: str) -> Picture:
    """Read; nonsense in the address means the newest run."""
    actor = session.current_actor()
    async with bootstrap.web().db.read() as tx:
        own = await stores.list_stores(tx, actor)
        run = await replays.find_run(tx, actor, find_id(asked))
        if run is None:
            return Picture(own, None)
        sums, rows = await replays.results_of(tx, actor, run.id)
        return Picture(own, run, sums, rows, await replays.spread_of(tx, actor, run.id))


async def chosen_goods(tx: ReadTx, actor: Actor, store_id: UUID, tab: str) -> list[UUID] | None:
    """Return the goods of one tab of the list; None for all with a bot. Raises InvalidInput."""
    if tab not in GOODS_WORDS:
        raise InvalidInput("Выберите товары из списка.", field="goods")
    if tab == ProductTab.BOT_ON:
        return None
    view = ProductFilter(tab=ProductTab(tab), store_id=store_id)
    return list(await catalog.list_ids(tx, actor, view, replays.MOST_CHOSEN + 1))


async def listed_today(tx: ReadTx, actor: Actor, store_id: UUID) -> Listed:
    """Return the merchants that a store names in its rules of rivals."""
    settings = await stores.bot_settings(tx, actor, store_id)
    only = settings.rival_filters.only_merchants
    return Listed(frozenset(settings.excluded_merchant_ids), frozenset(only))
