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


async def follow_only(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Add a seller to those that alone are rivals on this product. Raises ProductNotFound."""
    await _follow(tx, actor, product_id, merchant_id, now, is_followed=True)


async def unfollow(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Take a seller off that list; with nobody on it the store's list holds. Raises ProductNotFound."""
    await _follow(tx, actor, product_id, merchant_id, now, is_followed=False)


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
    changed = replace(filters, excluded_merchants=wanted)
    if is_excluded:  # who is left out cannot be the only rival too
        changed = replace(changed, only_merchants=filters.only_merchants - one)
    action = "rival_excluded" if is_excluded else "rival_included"
    await _keep(tx, actor, product, changed, action, merchant_id=merchant_id, now=now)


async def _follow(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    merchant_id: str,
    now: datetime,
    *,
    is_followed: bool,
) -> None:
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    filters = RivalFilters.from_json(product.rival_filters)
    one = frozenset({merchant_id})
    known = filters.only_merchants
    changed = replace(filters, only_merchants=known | one if is_followed else known - one)
    if is_followed:
        changed = replace(changed, excluded_merchants=filters.excluded_merchants - one)
    action = "rival_followed" if is_followed else "rival_unfollowed"
    await _keep(tx, actor, product, changed, action, merchant_id=merchant_id, now=now)


async def _keep(
    tx: WriteTx,
    actor: Actor,
    product: Product,
    filters: RivalFilters,
    action: str,
    *,
    merchant_id: str,
    now: datetime,
) -> None:
    if filters == RivalFilters.from_json(product.rival_filters):
        return
    product.rival_filters = filters.to_json()
    await tx.flush()
    await begin_anew(tx, actor, [product.id], now)
    await audit.record(tx, actor, action, "product", product.id, merchant_id=merchant_id)
    announce(tx, actor, [product.id])
