"""SQL of what sellers do to decisions; everything is filtered by the owner of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from cube_demper.db.arrays import among
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.memory import FORGOTTEN
from cube_demper.domain.pricing.schemas import RETURNS
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus, PricingMemory
from cube_demper.models.stores import KaspiStore

_PLACES = 5_000
"""Two parameters each; a statement takes at most 32 767."""


async def own_products(tx: ReadTx, owner_id: UUID, product_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of the products that belong to this seller."""
    rows = await tx.scalars(
        select(col(Product.id))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(among(col(Product.id), product_ids), col(KaspiStore.user_id) == owner_id)
    )
    return list(rows.all())


async def forget_memories(tx: WriteTx, product_ids: Sequence[UUID]) -> None:
    """Do in the column what `memory.forget` does: read and written again, 5,000 take a second."""
    memory, names = col(PricingMemory.memory), cast(list(FORGOTTEN), ARRAY(Text))
    await tx.execute(
        update(PricingMemory)
        .where(among(col(PricingMemory.product_id), product_ids), memory.op("?|")(names))
        .values(memory=memory.op("-")(names))
        .execution_options(synchronize_session=False)
    )


async def set_terms_changed(tx: WriteTx, product_ids: Sequence[UUID], now: datetime) -> None:
    """Note when the seller last changed these products' terms, and make them due."""
    await tx.execute(
        update(Product)
        .where(among(col(Product.id), product_ids))
        .values(terms_changed_at=now, next_check_at=now)
        # By default each loaded product is sought in the list of ids: seconds for 5,000.
        .execution_options(synchronize_session="fetch")
    )


async def drop_queued(
    tx: WriteTx,
    *,
    owner_id: UUID | None,
    product_ids: Sequence[UUID] | None,
    store_ids: Sequence[UUID] | None,
    note: str,
    now: datetime,
) -> int:
    """Supersede queued rows of these products and stores (of one owner, when given).

    A return that was still waiting is over with its row: the memory must not bring it back.
    """
    condition = [col(PriceHistory.status) == PriceStatus.QUEUED]
    if product_ids is not None:
        condition.append(col(PriceHistory.product_id).in_(product_ids))
    if store_ids is not None:
        condition.append(col(PriceHistory.store_id).in_(store_ids))
    if owner_id is not None:
        own = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == owner_id)
        condition.append(col(PriceHistory.store_id).in_(own.scalar_subquery()))
    await _lock_products(tx, condition)
    dropped = await tx.scalars(
        update(PriceHistory)
        .where(*condition)
        .values(status=PriceStatus.SUPERSEDED, note=note)
        .returning(PriceHistory)
    )
    rows = dropped.all()
    products = [row.product_id for row in rows]
    await _forget_returns(tx, [it for it in rows if it.change_reason in RETURNS])
    await tx.execute(
        update(Product).where(col(Product.id).in_(set(products))).values(next_check_at=now)
    )
    return len(products)


async def forget_returned(tx: WriteTx, product_ids: Sequence[UUID]) -> None:
    """Let the bot touch prices that it was kept off."""
    memory = col(PricingMemory.memory)
    await tx.execute(
        update(PricingMemory)
        .where(among(col(PricingMemory.product_id), product_ids), memory.op("?")("returned"))
        .values(memory=memory.op("-")("returned"))
        .execution_options(synchronize_session=False)
    )


async def _forget_returns(tx: WriteTx, rows: Sequence[PriceHistory]) -> None:
    if not rows:
        return
    memory, places = col(PricingMemory.memory), [(row.product_id, row.city_id) for row in rows]
    for start in range(0, len(places), _PLACES):
        here = tuple_(col(PricingMemory.product_id), col(PricingMemory.city_id))
        await tx.execute(
            update(PricingMemory)
            .where(here.in_(places[start : start + _PLACES]))
            .values(memory=memory.op("-")("returned"))
            .execution_options(synchronize_session=False)
        )


async def _lock_products(tx: WriteTx, condition: Sequence[ColumnElement[bool]]) -> None:
    """Lock the products of these decisions first, in the order that everybody keeps."""
    concerned = select(col(PriceHistory.product_id)).where(*condition)
    await tx.execute(
        select(col(Product.id))
        .where(col(Product.id).in_(concerned.scalar_subquery()))
        .order_by(col(Product.id))
        .with_for_update(key_share=True)
    )


async def find_own_history(tx: WriteTx, owner_id: UUID, history_id: UUID) -> PriceHistory | None:
    """Lock and return a decision of this seller's goods."""
    return await tx.scalar(
        select(PriceHistory)
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(col(PriceHistory.id) == history_id, col(KaspiStore.user_id) == owner_id)
        .with_for_update(of=PriceHistory)
        .execution_options(populate_existing=True)
    )


async def latest_decision(tx: ReadTx, product_id: UUID, city_id: str) -> PriceHistory | None:
    """Return the newest decision of a product in a city."""
    return await tx.scalar(
        select(PriceHistory)
        .where(col(PriceHistory.product_id) == product_id, col(PriceHistory.city_id) == city_id)
        .order_by(col(PriceHistory.created_at).desc())
        .limit(1)
    )
