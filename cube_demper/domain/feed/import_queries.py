"""SQL of uploaded lists and of what they change."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, String, any_, delete, func, literal, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models import FeedImport, KaspiStore, Product, User


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
