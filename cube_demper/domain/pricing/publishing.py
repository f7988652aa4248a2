"""Prices for the store's own price list: what is queued is taken, and every row checked as it is written.

The file is the whole assortment, so a product that may not be changed still needs a price: the one that
stands. What a changed bound forbids is never written, whoever decided it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from cube_demper.core.money import ceil_to_tenge
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing import queries, queue_queries, send_queries, sending
from cube_demper.domain.pricing.bounds import Bounds, bounds_of
from cube_demper.domain.pricing.schemas import StoreTerms
from cube_demper.domain.pricing.sending import Send
from cube_demper.domain.pricing.terms import priced_product, product_terms, served_cities
from cube_demper.domain.pricing.work import CityBounds, OpenSend, PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode

TAKEN_AT_ONCE = 500
"""Products of one transaction: a thousand statements' worth of locks, not a store's."""
Taken: TypeAlias = Send
_CHANGED = "Условия изменились, пока готовился прайс-лист: пересчитываем."


@dataclass(frozen=True, slots=True)
class StandingPrices:
    """A product's price in every city of the store, whole tenge in tiyn; None: nobody knows it."""

    by_city: dict[str, int | None]
    raised: bool = False
    """The price that stood was under the floor."""


async def take_queue(
    tx: WriteTx, store: ReadyStore, terms: StoreTerms, now: datetime
) -> tuple[list[Send], int]:
    """Commit the next queued changes as `sending` for a file in the making; say how many were dropped.

    Nothing taken and nothing dropped: the queue is empty, or another request holds what is left.
    """
    waiting = await queue_queries.first_in_queue(tx, store.id, TAKEN_AT_ONCE)
    ids = [it.product_id for it in waiting]
    batch = await sending.take_batch(tx, ids, store, terms, now)
    return list(batch.sends), batch.dropped


class Priced(Protocol):
    """A product with the price that stands in the home city."""

    @property
    def id(self) -> UUID:
        """Return its id."""
        ...

    @property
    def price(self) -> int | None:
        """Return the price, in tiyn."""
        ...

    @property
    def bot_active(self) -> bool:
        """Tell whether its bot is on."""
        ...


async def standing_prices(
    tx: ReadTx,
    rows: Sequence[Priced],
    store: ReadyStore,
    terms: StoreTerms,
    *,
    is_ready: bool,
) -> dict[UUID, StandingPrices]:
    """Return what the file must say of these products. `is_ready`: the store's bot may send now.

    Only those with a bot or a price on its way need their terms: the rest keep the prices they have.
    """
    ids = [row.id for row in rows]
    sends = await queries.open_sends(tx, ids)
    kept = {row.id for row in rows if row.bot_active} | set(sends)
    plain = await queries.plain_city_prices(tx, [it for it in ids if it not in kept])
    cities = await queries.city_prices(tx, kept)
    may_raise = is_ready and store.mode is BotMode.AUTO
    found = {
        row.id: standing(
            row, cities[row.id], sends[row.id], store=store, terms=terms, may_raise=may_raise
        )
        for row in await queries.list_products(tx, kept)
    }
    others = [city for city in served_cities(store) if city != store.home_city_id]
    for row in rows:
        if row.id not in kept:
            own = plain[row.id]
            prices = {store.home_city_id: row.price} | {city: own.get(city) for city in others}
            found[row.id] = StandingPrices(_whole(prices))
    return found


def standing(
    row: Product,
    cities: Sequence[ProductCityPrice],
    sends: Sequence[OpenSend],
    *,
    store: ReadyStore,
    terms: StoreTerms,
    may_raise: bool,
) -> StandingPrices:
    """Work out a product's prices. Pure.

    A price on its way stands only while it is inside the bounds of this instant; else the one before
    does. Where the bot works, a price under the floor is lifted to it.
    """
    product = priced_product(row, cities, store)
    flying = _latest_targets(sends)
    prices: dict[str, int | None] = {}
    for city_id, price in product.passive_prices.items():
        # The bot has left this city: of two prices the dearer one costs nothing.
        known = [it for it in (price, flying.get(city_id)) if it]
        prices[city_id] = max(known, default=None)
    raised = False
    for city in product.cities:
        bounds = _bounds(product, city, store, terms)
        price = _city_price(city.price, flying.get(city.city_id), bounds)
        if may_raise and row.bot_active and price and bounds and price < bounds.floor <= bounds.cap:
            price, raised = bounds.floor, True
        prices[city.city_id] = price
    return StandingPrices(_whole(prices), raised)


async def settle_taken(
    tx: WriteTx,
    sends: Sequence[Send],
    written: Mapping[UUID, Mapping[str, int | None]],
    store: ReadyStore,
    now: datetime,
) -> int:
    """The file was taken whole: what it holds is `sent`, the rest dropped and looked at again.

    `written`: the prices that the file holds, by product. Returns how many changes it carried.
    """
    held = [send for send in sends if _holds(written.get(send.product_id), send)]
    known = {send.id for send in held}
    lost = [send for send in sends if send.id not in known]
    if held:
        await sending.accepted(tx, held, store, now)
    if lost:
        await _withdraw(tx, lost, now)
    return len(held)


async def give_back(tx: WriteTx, sends: Sequence[Send], store: ReadyStore) -> None:
    """The file was not given after all: its changes wait in the queue again."""
    await sending.not_sent(tx, sends, store)


async def _withdraw(tx: WriteTx, sends: Sequence[Send], now: datetime) -> None:
    await queries.lock_products(tx, [send.product_id for send in sends])
    await send_queries.mark(
        tx,
        [send.id for send in sends],
        only=(PriceStatus.SENDING,),
        status=PriceStatus.SUPERSEDED,
        note=_CHANGED,
        confirm_at=None,
    )
    await queries.update_products(
        tx, [{"product_id": send.product_id, "next_check_at": now} for send in sends]
    )


def _holds(written: Mapping[str, int | None] | None, send: Send) -> bool:
    return written is not None and all(
        written.get(city) == ceil_to_tenge(price) for city, price in send.change.city_prices.items()
    )


def _whole(prices: Mapping[str, int | None]) -> dict[str, int | None]:
    return {city: ceil_to_tenge(price) if price else None for city, price in prices.items()}


def _latest_targets(sends: Sequence[OpenSend]) -> dict[str, int]:
    flying = [send for send in sends if send.status in queries.IN_FLIGHT_STATUSES and send.sent_at]
    return {
        send.city_id: send.target
        for send in sorted(flying, key=lambda it: it.sent_at.timestamp() if it.sent_at else 0)
    }


def _bounds(
    product: PricedProduct, city: CityBounds, store: ReadyStore, terms: StoreTerms
) -> Bounds | None:
    return bounds_of(product_terms(product, city, store), terms, store.floors.of(product.good))


def _city_price(known: int | None, flying: int | None, bounds: Bounds | None) -> int | None:
    if flying is None:
        return known
    return flying if bounds is not None and bounds.floor <= flying <= bounds.cap else known
