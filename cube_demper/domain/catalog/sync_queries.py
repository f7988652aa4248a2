"""SQL of catalogue sync."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarResult, String, bindparam, func, literal_column, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col, select

from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models import KaspiStore, Product

_KEPT_WHEN_UNKNOWN = (
    "external_kaspi_id",
    "brand",
    "model",
    "category",
    "image_url",
    "availabilities",
)
_REFRESHED = ("kaspi_product_id", "name", "is_on_sale", "supply_read_at")


async def get_store(tx: ReadTx, store_id: UUID) -> KaspiStore:
    """Return a store. Raises NotFound."""
    store = await tx.scalar(select(KaspiStore).where(col(KaspiStore.id) == store_id))
    if store is None:
        raise NotFound("Магазин не найден.")
    return store


async def upsert_products(tx: WriteTx, rows: Sequence[dict[str, object]]) -> int:
    """Insert new goods with the bot off; refresh only what Kaspi owns in known ones; count new ones.

    The price of a known product is the shop window's: the cabinet's fills it only while it is blank.
    """
    if not rows:
        return 0
    statement = insert(Product).values(list(rows))
    new = statement.excluded
    table = Product.__table__.c  # type: ignore[attr-defined] # SQLModel hides the table
    fresh = {name: new[name] for name in _REFRESHED}
    kept = {name: func.coalesce(new[name], table[name]) for name in _KEPT_WHEN_UNKNOWN}
    result: ScalarResult[bool] = await tx.scalars(
        statement.on_conflict_do_update(
            index_elements=["store_id", "kaspi_sku"],
            set_=fresh | kept | {"price": func.coalesce(table.price, new.price)},
        ).returning(literal_column("(xmax = 0)"))
    )
    return sum(bool(is_new) for is_new in result.all())


async def update_supply(tx: WriteTx, rows: Sequence[dict[str, object]]) -> None:
    """Write what was re-read of goods, named by `row_store` and `row_sku`."""
    if not rows:
        return
    statement = (
        update(Product)
        .where(
            col(Product.store_id) == bindparam("row_store"),
            col(Product.kaspi_sku) == bindparam("row_sku"),
        )
        .values(
            availabilities=func.coalesce(
                bindparam("new_availabilities", type_=JSONB(none_as_null=True)),
                col(Product.availabilities),
            ),
            model=func.coalesce(bindparam("new_model", type_=String), col(Product.model)),
            is_on_sale=bindparam("new_is_on_sale"),
            supply_read_at=bindparam("new_supply_read_at"),
        )
    )
    await (await tx.connection()).execute(statement, list(rows))


async def upsert_city_prices(tx: WriteTx, rows: Sequence[dict[str, object]]) -> None:
    """Write the cabinet's price of cities that the bot does not keep; kept ones follow the window."""
    if not rows:
        return
    statement = text(
        """
        INSERT INTO product_city_prices (product_id, city_id, price)
        SELECT id, :city_id, :price FROM products WHERE store_id = :store_id AND kaspi_sku = :sku
        ON CONFLICT (product_id, city_id) DO UPDATE SET price = excluded.price
        WHERE NOT product_city_prices.bot_active OR product_city_prices.price IS NULL
        """
    )
    await (await tx.connection()).execute(statement, list(rows))


async def mark_removed(tx: WriteTx, store_id: UUID, synced_at: datetime) -> int:
    """Mark goods that this sync did not meet as off sale; return how many were on sale before."""
    rows = await tx.scalars(
        update(Product)
        .where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            col(Product.supply_read_at) < synced_at,
        )
        .values(is_on_sale=False)
        .returning(col(Product.id))
    )
    return len(rows.all())


async def mark_unknown(tx: WriteTx, store_id: UUID, skus: Sequence[str], now: datetime) -> None:
    """Mark goods that Kaspi does not know any more as off sale, with unknown availability."""
    if not skus:
        return
    await tx.execute(
        update(Product)
        .where(col(Product.store_id) == store_id, col(Product.kaspi_sku).in_(skus))
        .values(is_on_sale=False, availabilities=None, supply_read_at=now)
    )


async def set_synced(tx: WriteTx, store_id: UUID, now: datetime) -> None:
    """Note when the whole list was read last."""
    await tx.execute(update(KaspiStore).where(col(KaspiStore.id) == store_id).values(synced_at=now))
