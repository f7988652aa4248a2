"""SQL of what the cabinet shows: goods, supply, city prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarResult,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col, select

from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore

_KEPT_WHEN_UNKNOWN = (
    "external_kaspi_id",
    "brand",
    "model",
    "category",
    "image_url",
    "availabilities",
)
_REFRESHED = ("kaspi_product_id", "is_on_sale", "supply_read_at")
_COMPARED = ("name", "brand", "model", "category", "image_url", "is_on_sale", "availabilities")


async def get_store(tx: ReadTx, store_id: UUID) -> KaspiStore:
    """Return a store. Raises NotFound."""
    store = await tx.scalar(select(KaspiStore).where(col(KaspiStore.id) == store_id))
    if store is None:
        raise NotFound("Магазин не найден.")
    return store


async def known_facts(
    tx: ReadTx, store_id: UUID, skus: Sequence[str]
) -> dict[str, dict[str, object]]:
    """Return what we know of these goods and Kaspi may change, by SKU; new ones are absent.

    The price is among it only where no bot watches the window.
    """
    facts = [getattr(Product, name) for name in _COMPARED]
    rows = await tx.execute(
        select(Product.kaspi_sku, Product.bot_active, Product.price, *facts).where(
            col(Product.store_id) == store_id, col(Product.kaspi_sku).in_(skus)
        )
    )
    return {
        sku: dict(zip(_COMPARED, values, strict=True)) | ({} if is_on else {"price": price})
        for sku, is_on, price, *values in rows
    }


async def upsert_products(tx: WriteTx, rows: Sequence[dict[str, object]]) -> int:
    """Insert new goods with the bot off; refresh only what Kaspi owns in known ones; count new ones.

    While the bot is on, the price is the shop window's: the cabinet's fills it only while it is blank.
    A name that is just the SKU says that the cabinet gave none.
    """
    if not rows:
        return 0
    statement = insert(Product).values(list(rows))
    new = statement.excluded
    table = Product.__table__.c  # type: ignore[attr-defined] # SQLModel hides the table
    fresh = {name: new[name] for name in _REFRESHED}
    kept: dict[str, ColumnElement[Any]] = {
        name: func.coalesce(new[name], table[name]) for name in _KEPT_WHEN_UNKNOWN
    }
    kept["name"] = func.coalesce(func.nullif(new["name"], new.kaspi_sku), table["name"])
    kept["price"] = case(
        (table.bot_active, func.coalesce(table.price, new.price)),
        else_=func.coalesce(new.price, table.price),
    )
    result: ScalarResult[bool] = await tx.scalars(
        statement.on_conflict_do_update(
            index_elements=["store_id", "kaspi_sku"],
            set_=fresh | kept,
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


async def upsert_city_prices(
    tx: WriteTx, store_id: UUID, rows: Sequence[dict[str, object]]
) -> None:
    """Write the cabinet's price of cities that the bot does not keep; kept ones follow the window."""
    if not rows:
        return
    statement = text(
        """
        INSERT INTO product_city_prices (product_id, city_id, price)
        SELECT products.id, given.city_id, given.price
        FROM jsonb_to_recordset(:given) AS given (sku text, city_id text, price bigint)
        JOIN products ON products.store_id = :store_id AND products.kaspi_sku = given.sku
        ON CONFLICT (product_id, city_id) DO UPDATE SET price = excluded.price
        WHERE (NOT product_city_prices.bot_active OR product_city_prices.price IS NULL)
          AND product_city_prices.price IS DISTINCT FROM excluded.price
        """
    ).bindparams(bindparam("given", type_=JSONB))
    await tx.execute(statement, {"given": list(rows), "store_id": store_id})


def _not_met(store_id: UUID, since: datetime) -> ColumnElement[bool]:
    """Goods on sale that the cabinet has not shown since then."""
    return and_(
        col(Product.store_id) == store_id,
        col(Product.is_on_sale),
        func.coalesce(col(Product.supply_read_at) < since, true()),
    )


async def count_on_sale(tx: ReadTx, store_id: UUID, since: datetime) -> tuple[int, int]:
    """Return how many goods are on sale by our rows, and how many of them were not met since then."""
    row = await tx.execute(
        select(func.count(), func.count().filter(_not_met(store_id, since))).where(
            col(Product.store_id) == store_id, col(Product.is_on_sale)
        )
    )
    known, missing = row.one()
    return known, missing


async def list_not_met(
    tx: ReadTx, store_id: UUID, since: datetime, after: str, limit: int
) -> list[str]:
    """Return SKUs of goods that were not met since then, in order, those after `after`."""
    rows = await tx.scalars(
        select(Product.kaspi_sku)
        .where(_not_met(store_id, since), col(Product.kaspi_sku) > after)
        .order_by(col(Product.kaspi_sku))
        .limit(limit)
    )
    return list(rows.all())


async def mark_removed(tx: WriteTx, store_id: UUID, since: datetime) -> int:
    """Mark goods that were not met since then as off sale; return how many."""
    rows = await tx.scalars(
        update(Product)
        .where(_not_met(store_id, since))
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
