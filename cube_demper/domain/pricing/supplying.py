"""Sends of stock changes that no price carries: at the prices that the cabinet shows this instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.ids import new_id
from cube_demper.db.session import WriteTx
from cube_demper.domain.catalog.schemas import CabinetProduct, PriceChange
from cube_demper.domain.economics.profit_floors import Gap
from cube_demper.domain.pricing import queries
from cube_demper.domain.pricing.bounds import bounds_of
from cube_demper.domain.pricing.queries import IN_FLIGHT_STATUSES
from cube_demper.domain.pricing.schemas import StoreTerms
from cube_demper.domain.pricing.sending import Send
from cube_demper.domain.pricing.terms import priced_product, product_terms, served_cities
from cube_demper.domain.pricing.work import PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.supply import rules as supply_rules
from cube_demper.domain.supply import sending as supply
from cube_demper.domain.supply.schemas import OpenSupply
from cube_demper.models.catalog import Product
from cube_demper.models.stores import BotMode

_PRICE_SETTLES = timedelta(seconds=30)
_READ_AGAIN = timedelta(minutes=1)
_AFTER_PRICE = "Отправим, как только Kaspi покажет новую цену."
_BELOW_FLOOR = "Цена сейчас ниже мин. цены: отправим, когда бот её поднимет."
_PRICE_UNKNOWN = "Цена в одном из городов неизвестна: ждём обновления из Kaspi."
_NOT_THERE = "Kaspi не знает такого товара: возможно, его убрали из кабинета."
_NOWHERE = "Ни одна точка больше не продаёт товар: Kaspi снял бы его с продажи."


@dataclass(frozen=True, slots=True)
class _Wait:
    """Why a change may not leave now. `until` None: never."""

    note: str
    until: timedelta | None


async def take_supply(
    tx: WriteTx,
    product_ids: Sequence[UUID],
    *,
    store: ReadyStore,
    terms: StoreTerms,
    cabinet: Mapping[str, CabinetProduct],
    now: datetime,
    is_bot_running: bool,
) -> list[Send]:
    """Commit those stock changes as `sending` that may leave; the last act before the call.

    `cabinet`: these SKUs as the cabinet has just shown them. While the bot runs a price below its floor
    is not sent along: the bot raises it first. Prices on their way are waited for: to
    send the old one along would take them back, to send the new one would send it twice.
    """
    rows = await queries.list_products(tx, product_ids, lock=True)
    found = await supply.open_supply(tx, product_ids)
    flying = await queries.open_sends(tx, product_ids)
    cities = await queries.city_prices(tx, product_ids)
    sends: list[Send] = []
    for row in rows:
        open_ = found.get(row.id)
        if open_ is None or not open_.is_waiting:
            continue
        is_flying = any(send.status in IN_FLIGHT_STATUSES for send in flying[row.id])
        product = priced_product(row, cities[row.id], store)
        shown = cabinet.get(row.kaspi_sku)
        change = _whole_change(row, product, shown, open_, store=store)
        if isinstance(change, PriceChange):
            is_kept = row.bot_active and is_bot_running and store.mode is BotMode.AUTO
            if is_flying:
                change = _Wait(_AFTER_PRICE, _PRICE_SETTLES)
            elif is_kept and _is_low(product, change.city_prices, store, terms):
                change = _Wait(_BELOW_FLOOR, _READ_AGAIN)
        if isinstance(change, PriceChange):
            send_id = new_id()
            await supply.take(tx, row.id, send_id, now)
            sends.append(Send(send_id, row.id, change))
        elif change.until is None:
            await supply.give_up(tx, row.id, change.note)
        else:
            await supply.put_off(tx, row.id, now + change.until, change.note)
        if not isinstance(change, PriceChange):
            tx.emit(f"user:{store.user_id}", "product", row.id)
    return sends


def _whole_change(
    row: Product,
    product: PricedProduct,
    shown: CabinetProduct | None,
    open_: OpenSupply,
    *,
    store: ReadyStore,
) -> PriceChange | _Wait:
    if shown is None:
        return _Wait(_NOT_THERE, None)
    prices: dict[str, int] = {}
    for city in served_cities(store):
        price = shown.city_prices.get(city, shown.price)
        if price is None:
            return _Wait(_PRICE_UNKNOWN, _READ_AGAIN)
        prices[city] = price
    if not prices or shown.availabilities is None:
        return _Wait(_PRICE_UNKNOWN, _READ_AGAIN)
    after = supply_rules.overlay(shown.availabilities, open_.edits)
    if not supply_rules.sells_somewhere(after):
        return _Wait(_NOWHERE, None)
    model = shown.model or product.model or product.name
    return PriceChange(row.kaspi_sku, model, product.brand, dict(sorted(prices.items())), after)


def _is_low(
    product: PricedProduct, prices: Mapping[str, int], store: ReadyStore, terms: StoreTerms
) -> bool:
    """Tell whether some city that the bot keeps stands below its floor now."""
    floor_by_profit = store.floors.of(product.good)
    if isinstance(floor_by_profit, Gap):
        floor_by_profit = None  # what the cabinet shows is not lowered by a change of stock
    for city in product.cities:
        bounds = bounds_of(product_terms(product, city, store), terms, floor_by_profit)
        if bounds is not None and prices.get(city.city_id, bounds.floor) < bounds.floor:
            return True
    return False
