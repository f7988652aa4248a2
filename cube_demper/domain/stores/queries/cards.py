"""What a seller's stores hold, and the end of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
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


async def delete_store(tx: WriteTx, store_id: UUID) -> None:
    """Delete a store with its sign-in, goods and history."""
    await tx.execute(delete(KaspiStore).where(col(KaspiStore.id) == store_id))
