"""What the cabinet shows becomes our rows. What the seller set is never overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import sync_queries
from cube_demper.domain.catalog.schemas import CabinetProduct
from cube_demper.domain.catalog.syncs.rules import differs
from cube_demper.domain.catalog.syncs.schemas import Saved
from cube_demper.models.stores import ALMATY_CITY_ID, KaspiStore


async def save_products(
    tx: WriteTx, store: KaspiStore, products: Sequence[CabinetProduct], now: datetime
) -> Saved:
    """Add new goods and refresh known ones, with supply and city prices."""
    unique = {product.sku: product for product in products}  # a shifting list repeats goods
    rows = {sku: _row(product, store, now) for sku, product in unique.items()}
    known = await sync_queries.known_facts(tx, store.id, list(rows))
    added = await sync_queries.upsert_products(tx, list(rows.values()))
    await _save_city_prices(tx, store.id, store.home_city_id, store.points, products)
    changed = sum(differs(facts, rows[sku]) for sku, facts in known.items())
    return Saved(added, changed)


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
    unique = {product.sku: product for product in products}
    served = {str(point["cityId"]) for point in points if point["enabled"]} - {home_city_id}
    await sync_queries.upsert_city_prices(
        tx,
        store_id,
        [
            {"sku": product.sku, "city_id": city, "price": price}
            for product in unique.values()
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
