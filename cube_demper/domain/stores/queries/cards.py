"""What a seller's stores hold, and the end of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.stores.card_schemas import Shelf
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.stores import KaspiStore


async def shelves(tx: ReadTx, store_ids: Sequence[UUID]) -> dict[UUID, Shelf]:
    """Count the goods of each store that has any."""
    rows = await tx.execute(
        select(
            col(Product.store_id),
            func.count(),
            func.count().filter(col(Product.is_on_sale)),
            func.count().filter(col(Product.bot_active)),
        )
        .where(col(Product.store_id).in_(store_ids))
        .group_by(col(Product.store_id))
    )
    return {store_id: Shelf(*counts) for store_id, *counts in rows}


async def count_decisions(tx: ReadTx, store_id: UUID) -> int:
    """Count the price history of a store."""
    query = select(func.count()).select_from(PriceHistory)
    return await tx.scalar(query.where(col(PriceHistory.store_id) == store_id)) or 0


async def forget_password(tx: WriteTx, store_id: UUID) -> UUID | None:
    """Take the password out of a store's `guid`; return its owner, None when there was none."""
    guid = col(KaspiStore.guid)
    owner: UUID | None = await tx.scalar(
        update(KaspiStore)
        .where(col(KaspiStore.id) == store_id, func.coalesce(guid["password"].astext, "") != "")
        .values(guid=func.jsonb_set(guid, cast(["password"], ARRAY(Text)), literal(None, JSONB)))
        .returning(col(KaspiStore.user_id))
        .execution_options(synchronize_session=False)
    )
    return owner


async def delete_store(tx: WriteTx, store_id: UUID) -> None:
    """Delete a store with its sign-in, goods and history."""
    await tx.execute(delete(KaspiStore).where(col(KaspiStore.id) == store_id))
