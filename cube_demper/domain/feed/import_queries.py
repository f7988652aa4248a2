"""SQL of uploaded lists and of what they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, String, any_, delete, func, literal, select, text, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.feed import FeedImport
from cube_demper.models.stores import KaspiStore

# One text for any number of rows: a statement that grows with them costs more to build than to run.
_SAVE_GOODS = text(
    """
    WITH saved AS (
        INSERT INTO products (
            store_id, kaspi_product_id, kaspi_sku, external_kaspi_id, name, model, brand, price,
            availabilities, supply_read_at, next_check_at
        )
        SELECT :store, sku, sku, card, model, model, brand, price, availabilities, :now, :now
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
            sku text, card text, model text, brand text, price bigint, availabilities jsonb
        )
        ON CONFLICT (store_id, kaspi_sku) DO UPDATE SET
            external_kaspi_id = coalesce(products.external_kaspi_id, excluded.external_kaspi_id),
            name = excluded.name,
            model = excluded.model,
            brand = coalesce(excluded.brand, products.brand),
            -- What the bot keeps follows the shop window; of the rest the list knows best.
            price = CASE WHEN products.bot_active THEN coalesce(products.price, excluded.price)
                ELSE coalesce(excluded.price, products.price) END,
            availabilities = excluded.availabilities,
            is_on_sale = true,
            supply_read_at = excluded.supply_read_at
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) FROM saved
    """
)
_SAVE_CITY_PRICES = text(
    """
    INSERT INTO product_city_prices (product_id, city_id, price)
    SELECT products.id, new.city_id, new.price
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (sku text, city_id text, price bigint)
    JOIN products ON products.store_id = :store AND products.kaspi_sku = new.sku
    ON CONFLICT (product_id, city_id) DO UPDATE SET price = excluded.price
    WHERE NOT product_city_prices.bot_active OR product_city_prices.price IS NULL
    """
)


async def find_owner(tx: ReadTx, merchant_id: str) -> tuple[UUID, UUID] | None:
    """Return (store, seller) of a connected merchant."""
    row = await tx.execute(
        select(col(KaspiStore.id), col(KaspiStore.user_id)).where(
            col(KaspiStore.merchant_id) == merchant_id
        )
    )
    found = row.one_or_none()
    return (found[0], found[1]) if found else None


async def is_email_confirmed(tx: ReadTx, user_id: UUID) -> bool:
    """Tell whether the seller has confirmed their e-mail."""
    confirmed_at = await tx.scalar(
        select(col(User.email_confirmed_at)).where(col(User.id) == user_id)
    )
    return confirmed_at is not None


async def drop_others(tx: WriteTx, user_id: UUID, kept: UUID) -> None:
    """Forget a seller's older lists, but those that the worker still has to take in."""
    await tx.execute(
        delete(FeedImport).where(
            col(FeedImport.user_id) == user_id,
            col(FeedImport.id) != kept,
            col(FeedImport.status) != "queued",
        )
    )


async def find_import(
    tx: ReadTx, owner_id: UUID | None, import_id: UUID, *, lock: bool = False
) -> FeedImport | None:
    """Return a list of this seller; of anybody when `owner_id` is None."""
    query = select(FeedImport).where(col(FeedImport.id) == import_id)
    if owner_id is not None:
        query = query.where(col(FeedImport.user_id) == owner_id)
    if lock:
        query = query.with_for_update()
    found: FeedImport | None = await tx.scalar(query.execution_options(populate_existing=True))
    return found


async def latest_import(tx: ReadTx, owner_id: UUID) -> FeedImport | None:
    """Return the list that a seller uploaded last."""
    found: FeedImport | None = await tx.scalar(
        select(FeedImport)
        .where(col(FeedImport.user_id) == owner_id)
        .order_by(col(FeedImport.created_at).desc())
        .limit(1)
    )
    return found


async def count_added(tx: ReadTx, store_id: UUID | None, skus: Sequence[str]) -> int:
    """Count those of these SKUs that the store does not have on sale yet."""
    if store_id is None:
        return len(skus)
    known = await tx.scalar(
        select(func.count()).where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            col(Product.kaspi_sku) == any_(literal(list(skus), ARRAY(String))),
        )
    )
    return len(skus) - (known or 0)


async def count_on_sale(tx: ReadTx, store_id: UUID | None) -> int:
    """Count a store's goods on sale."""
    count = await tx.scalar(
        select(func.count()).where(col(Product.store_id) == store_id, col(Product.is_on_sale))
    )
    return count or 0


async def save_goods(
    tx: WriteTx, store_id: UUID, rows: Sequence[Mapping[str, object]], now: datetime
) -> int:
    """Add new goods, bots off, and refresh in known ones what a list says; count the new ones."""
    given = {"store": store_id, "now": now, "rows": orjson.dumps(rows).decode()}
    return int((await tx.execute(_SAVE_GOODS, given)).scalar_one())


async def save_city_prices(
    tx: WriteTx, store_id: UUID, rows: Sequence[Mapping[str, object]]
) -> None:
    """Write prices of cities that the bot does not keep; kept ones follow the window."""
    if rows:
        await tx.execute(
            _SAVE_CITY_PRICES, {"store": store_id, "rows": orjson.dumps(rows).decode()}
        )


async def take_off_sale(tx: WriteTx, store_id: UUID, before: datetime) -> int:
    """Mark goods that were read earlier than that as off sale; return how many there were."""
    rows = await tx.scalars(
        update(Product)
        .where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            func.coalesce(col(Product.supply_read_at), col(Product.created_at)) < before,
        )
        .values(is_on_sale=False)
        .returning(col(Product.id))
    )
    return len(rows.all())
