"""Use cases of a store's economics. Others use this module and `schemas`, nothing else of the package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.costs.errors import CostedProductNotFound
from cube_demper.domain.economics.profit_floors import GAP_WORDS, Gap
from cube_demper.domain.economics.shop import queries
from cube_demper.domain.economics.shop.foresight import foresee, tell_ahead, told_in_words
from cube_demper.domain.economics.shop.margins import ids_under, list_margins
from cube_demper.domain.economics.shop.product import left_at, product_economics
from cube_demper.domain.economics.shop.sales import order_margin, sales
from cube_demper.domain.economics.shop.terms import (
    agree,
    choose_kind,
    save_terms,
    set_product_terms,
    store_terms,
)
from cube_demper.domain.economics.solving import Goal

__all__ = [
    "BotPrices",
    "agree",
    "bot_prices",
    "choose_kind",
    "foresee",
    "ids_under",
    "left_at",
    "list_margins",
    "list_stores",
    "order_margin",
    "price_leaving",
    "product_economics",
    "sales",
    "save_terms",
    "set_product_terms",
    "store_terms",
    "tell_ahead",
    "told_in_words",
]
_A_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BotPrices:
    """The bot's prices against those when it was switched on; `difference`: tiyn, a piece of each.

    `rises` and `falls`: changes that the window showed over the last 30 days.
    """

    dearer: int
    cheaper: int
    difference: int
    rises: int
    falls: int


async def bot_prices(tx: ReadTx, actor: Actor, store_id: UUID | None, now: datetime) -> BotPrices:
    """Return how far the bot has taken prices."""
    return BotPrices(*await queries.bot_prices(tx, actor, store_id, now - _A_MONTH))


async def list_stores(tx: ReadTx, actor: Actor) -> list[tuple[UUID, str]]:
    """Return the actor's stores by name."""
    return [(id_, name) for id_, name, _ in await queries.list_stores(tx, actor)]


async def price_leaving(
    tx: ReadTx, actor: Actor, product_id: UUID, profit: int, now: datetime
) -> int:
    """Return the price from which on a product leaves this profit, whole tenge in tiyn.

    Raises InvalidInput, saying what is missing; CostedProductNotFound.
    """
    product = await queries.find_product(tx, actor, product_id)
    if product is None:
        raise CostedProductNotFound
    price = (await economics.prices_to_reach(tx, [product], Goal(profit=profit), now))[product_id]
    if isinstance(price, Gap):
        raise InvalidInput(f"Прибыль не посчитать: {GAP_WORDS[price]}.", field="min_profit")
    return price
