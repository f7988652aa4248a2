"""Catalogue sync: what the cabinet shows becomes our rows. What the seller set is never overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import sync_queries
from cube_demper.domain.catalog.schemas import CabinetPage, CabinetProduct, Point
from cube_demper.models import ALMATY_CITY_ID, KaspiStore


class Cabinet(Protocol):
    """A signed-in cabinet of one store, as sync needs it."""

    async def points(self) -> tuple[Point, ...]:
        """Return the store's points."""
        ...

    def pages(self) -> AsyncIterator[CabinetPage]:
        """Walk all pages of the goods on sale."""
        ...


@dataclass(slots=True)
class SyncReport:
    """What one sync did."""

    read: int = 0
    added: int = 0
    removed: int = 0


async def sync_store(
    db: Database, actor: Actor, store_id: UUID, cabinet: Cabinet, now: datetime
) -> SyncReport:
    """Read a store's points and goods, page by page, a transaction a page.

    Goods that are no longer on sale are marked so only when the whole list was read.
    Raises PermissionDenied and what the cabinet raises.
    """
    _require_system(actor)
    report = SyncReport()
    points = await cabinet.points()
    async with db.write() as tx:
        store = await sync_queries.get_store(tx, store_id)
        store.points = [dict(point) for point in points]
        store.home_city_id = home_city(points)
        tx.emit(f"user:{store.user_id}", "store", store_id)
    async for page in cabinet.pages():
        async with db.write() as tx:
            report.read += len(page.products)
            report.added += await save_products(tx, store, page.products, now)
    async with db.write() as tx:
        report.removed = await sync_queries.mark_removed(tx, store_id, now)
        await sync_queries.set_synced(tx, store_id, now)
        tx.emit(f"user:{store.user_id}", "store", store_id)
    return report


async def save_products(
    tx: WriteTx, store: KaspiStore, products: Sequence[CabinetProduct], now: datetime
) -> int:
    """Add new goods and refresh known ones, with supply and city prices; return how many are new."""
    added = await sync_queries.upsert_products(
        tx, [_row(product, store, now) for product in products]
    )
    await _save_city_prices(tx, store.id, store.home_city_id, store.points, products)
    return added


async def save_supply(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    *,
    asked: Sequence[str],
    products: Sequence[CabinetProduct],
    now: datetime,
) -> None:
    """Take in what was re-read before a send: availability, passive cities' prices, model.

    SKUs that were asked for and are unknown to Kaspi are off sale. Raises PermissionDenied.
    """
    _require_system(actor)
    store = await sync_queries.get_store(tx, store_id)
    known = {product.sku for product in products}
    await sync_queries.update_supply(
        tx,
        [
            {
                "row_store": store_id,
                "row_sku": product.sku,
                "new_availabilities": _availabilities(product),
                "new_is_on_sale": product.is_on_sale,
                "new_model": product.model,
                "new_supply_read_at": now,
            }
            for product in products
        ],
    )
    await sync_queries.mark_unknown(tx, store_id, [sku for sku in asked if sku not in known], now)
    await _save_city_prices(tx, store.id, store.home_city_id, store.points, products)


def home_city(points: Sequence[Mapping[str, object]]) -> str:
    """Return Almaty if an enabled point is there, else the city with most enabled points (DESIGN §4)."""
    cities = Counter(str(point["cityId"]) for point in points if point["enabled"])
    if not cities or ALMATY_CITY_ID in cities:
        return ALMATY_CITY_ID
    return min(cities, key=lambda city: (-cities[city], city))


async def _save_city_prices(
    tx: WriteTx,
    store_id: UUID,
    home_city_id: str,
    points: Sequence[Mapping[str, object]],
    products: Sequence[CabinetProduct],
) -> None:
    served = {str(point["cityId"]) for point in points if point["enabled"]} - {home_city_id}
    await sync_queries.upsert_city_prices(
        tx,
        [
            {"store_id": store_id, "sku": product.sku, "city_id": city, "price": price}
            for product in products
            for city in served
            if (price := product.city_prices.get(city, product.price)) is not None
        ],
    )


def _row(product: CabinetProduct, store: KaspiStore, now: datetime) -> dict[str, object]:
    return {
        "store_id": store.id,
        "kaspi_product_id": product.product_key,
        "kaspi_sku": product.sku,
        "external_kaspi_id": product.card,
        "name": product.title,
        "brand": product.brand,
        "model": product.model,
        "category": product.category,
        "image_url": product.image_url,
        "is_on_sale": product.is_on_sale,
        "price": product.city_prices.get(store.home_city_id, product.price),
        "availabilities": _availabilities(product),
        "supply_read_at": now,
        "next_check_at": now,
    }


def _availabilities(product: CabinetProduct) -> list[dict[str, object]] | None:
    if product.availabilities is None:
        return None
    return [dict(availability) for availability in product.availabilities]


def _require_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
