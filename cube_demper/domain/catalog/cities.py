"""Edits of a product's other cities: bounds and switch of each, the home city's for all, home only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cube_demper.core.money import ceil_to_tenge
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog import queries
from cube_demper.domain.catalog.edit_schemas import KEEP, CityChange
from cube_demper.domain.catalog.edits import flush, keep_a_bound
from cube_demper.domain.catalog.errors import BotRefused, CityChanged, TermsRefused
from cube_demper.domain.catalog.journal import announce, begin_anew
from cube_demper.domain.pricing import checks
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.stores import KaspiStore

Bounds = tuple[int | None, int | None]
"""Min. and max. price, tiyn."""


async def change_city(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    city_id: str,
    change: CityChange,
    *,
    now: datetime,
    seen: CityChange | None = None,
) -> None:
    """Change a product's bounds or switch in a city other than the home one.

    `seen`: what the seller had before their eyes.

    Raises:
        CityChanged: somebody else has changed what `seen` names.
        InvalidInput: a value is refused; `field` names it.
        ProductNotFound: there is none, or it is somebody else's.
    """
    product, store, _ = await queries.get_product(tx, actor, product_id, lock=True)
    row = await _city_row(tx, product, store, city_id)
    before = {"min_price": row.min_price, "max_price": row.max_price, "bot_active": row.bot_active}
    if seen is not None and any(before[name] != value for name, value in seen.given().items()):
        raise CityChanged
    min_price = row.min_price if change.min_price is KEEP else change.min_price
    max_price = row.max_price if change.max_price is KEEP else change.max_price
    bot_active = row.bot_active if change.bot_active is KEEP else change.bot_active
    checks.check_bounds(min_price, max_price)
    if bot_active and not row.bot_active:
        _start_city(row, min_price, max_price)
    elif bot_active:
        keep_a_bound(bot_active, min_price, max_price)
    row.min_price, row.max_price, row.bot_active = min_price, max_price, bot_active
    await flush(tx)
    after = {"min_price": min_price, "max_price": max_price, "bot_active": bot_active}
    await begin_anew(tx, actor, [product_id], now)
    details = {"city_id": city_id, "old": before, "new": after}
    await audit.record(tx, actor, "product_city_changed", "product", product_id, **details)
    announce(tx, actor, [product_id])


async def copy_home_bounds(
    tx: WriteTx, actor: Actor, product_id: UUID, now: datetime
) -> dict[str, tuple[Bounds, Bounds]]:
    """Give every other city of the store the home city's bounds; switches stay.

    Returns the old and the new bounds by city, which `restore_bounds` takes.

    Raises:
        TermsRefused: the home city has none.
        ProductNotFound: there is none, or it is somebody else's.
    """
    product, store, _ = await queries.get_product(tx, actor, product_id, lock=True)
    new: Bounds = (product.min_price, product.max_price)
    if new == (None, None):
        raise TermsRefused("В домашнем городе границы не заданы: копировать нечего.")
    done: dict[str, tuple[Bounds, Bounds]] = {}
    cities = {str(point["cityId"]) for point in store.points if point.get("enabled")}
    for city_id in sorted(cities - {store.home_city_id}):
        row = await _city_row(tx, product, store, city_id)
        old: Bounds = (row.min_price, row.max_price)
        if old != new:
            row.min_price, row.max_price = new
            done[city_id] = (old, new)
    await _keep(tx, actor, product_id, "city_bounds_copied", now=now, cities=sorted(done))
    return done


async def restore_bounds(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    done: Mapping[str, tuple[Bounds, Bounds]],
    now: datetime,
) -> int:
    """Take a copy back in the cities that nobody has changed since; return how many.

    Raises ProductNotFound.
    """
    await queries.get_product(tx, actor, product_id, lock=True)
    rows = await queries.list_cities(tx, product_id, lock=True)
    restored = []
    for city_id, (old, new) in done.items():
        row = rows.get(city_id)
        if row is None or (row.min_price, row.max_price) != new:
            continue
        if not (row.bot_active and old == (None, None)):
            row.min_price, row.max_price = old
            restored.append(city_id)
    await _keep(tx, actor, product_id, "city_bounds_restored", now=now, cities=restored)
    return len(restored)


async def set_home_only(
    tx: WriteTx, actor: Actor, product_id: UUID, is_on: bool, now: datetime
) -> None:
    """Have the bot keep the home city only, or the other cities too; their bounds stay as they are."""
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    if product.home_city_only != is_on:
        product.home_city_only = is_on
        await _keep(tx, actor, product_id, "home_city_only", now=now, is_on=is_on)


async def _keep(
    tx: WriteTx, actor: Actor, product_id: UUID, action: str, *, now: datetime, **details: object
) -> None:
    await flush(tx)
    await begin_anew(tx, actor, [product_id], now)
    await audit.record(tx, actor, action, "product", product_id, **details)
    announce(tx, actor, [product_id])


async def _city_row(
    tx: WriteTx, product: Product, store: KaspiStore, city_id: str
) -> ProductCityPrice:
    if city_id == store.home_city_id:
        raise TermsRefused("Это домашний город: его границы — границы товара.")
    if all(point.get("cityId") != city_id for point in store.points):
        raise TermsRefused("В этом городе у магазина нет точек.")
    found = (await queries.list_cities(tx, product.id, lock=True)).get(city_id)
    if found is None:
        found = ProductCityPrice(product_id=product.id, city_id=city_id)
        tx.add(found)
    return found


def _start_city(row: ProductCityPrice, min_price: int | None, max_price: int | None) -> None:
    """Remember the price that a blank bound of this city means from now on."""
    checks.check_switch_on(min_price, max_price)
    if row.price is None:
        raise BotRefused("Цена в этом городе ещё не известна. Дождитесь обновления из Kaspi.")
    row.base_price = ceil_to_tenge(row.price)
