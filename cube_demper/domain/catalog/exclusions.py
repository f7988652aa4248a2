"""Rivals that are left out of account on one product only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog import queries
from cube_demper.domain.catalog.journal import announce, begin_anew
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.models import Product


async def exclude_rival(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Leave a seller out of account on this product. Raises ProductNotFound."""
    await _change(tx, actor, product_id, merchant_id, now, is_excluded=True)


async def include_rival(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Take a seller into account on this product again. Raises ProductNotFound."""
    await _change(tx, actor, product_id, merchant_id, now, is_excluded=False)


async def excluded_on(
    tx: ReadTx, actor: Actor, product_ids: Sequence[UUID], merchant_id: str
) -> frozenset[UUID]:
    """Return those of the actor's goods on which this seller is left out by themselves."""
    rows = await tx.execute(
        select(col(Product.id), col(Product.rival_filters)).where(
            queries.readable_by(actor), col(Product.id).in_(product_ids)
        )
    )
    return frozenset(
        product_id
        for product_id, filters in rows
        if merchant_id in RivalFilters.from_json(filters).excluded_merchants
    )


async def _change(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    merchant_id: str,
    now: datetime,
    *,
    is_excluded: bool,
) -> None:
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    filters = RivalFilters.from_json(product.rival_filters)
    one = frozenset({merchant_id})
    known = filters.excluded_merchants
    wanted = known | one if is_excluded else known - one
    if wanted == known:
        return
    product.rival_filters = replace(filters, excluded_merchants=wanted).to_json()
    await tx.flush()
    await begin_anew(tx, actor, [product_id], now)
    action = "rival_excluded" if is_excluded else "rival_included"
    await audit.record(tx, actor, action, "product", product_id, merchant_id=merchant_id)
    announce(tx, actor, [product_id])
