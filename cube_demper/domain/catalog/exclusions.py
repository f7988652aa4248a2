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
from cube_demper.models.catalog import Product


async def exclude_rival(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Leave a seller out of account on this product. Raises ProductNotFound."""
    await _change(tx, actor, product_id, merchant_id, now, action="rival_excluded")


async def include_rival(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Take a seller into account on this product again. Raises ProductNotFound."""
    await _change(tx, actor, product_id, merchant_id, now, action="rival_included")


async def follow_only(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Add a seller to those that alone are rivals on this product. Raises ProductNotFound."""
    await _change(tx, actor, product_id, merchant_id, now, action="rival_followed")


async def unfollow(
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime
) -> None:
    """Take a seller off that list; with nobody on it the store's list holds. Raises ProductNotFound."""
    await _change(tx, actor, product_id, merchant_id, now, action="rival_unfollowed")


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
    tx: WriteTx, actor: Actor, product_id: UUID, merchant_id: str, now: datetime, *, action: str
) -> None:
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    filters = RivalFilters.from_json(product.rival_filters)
    changed = _changed(filters, merchant_id, action)
    if changed == filters:
        return
    product.rival_filters = changed.to_json()
    await tx.flush()
    await begin_anew(tx, actor, [product.id], now)
    await audit.record(tx, actor, action, "product", product.id, merchant_id=merchant_id)
    announce(tx, actor, [product.id])


def _changed(filters: RivalFilters, merchant_id: str, action: str) -> RivalFilters:
    """Return the filters after `action`: who is left out cannot be followed too, nor the other way."""
    one = frozenset({merchant_id})
    excluded, only = filters.excluded_merchants, filters.only_merchants
    match action:
        case "rival_excluded":
            excluded, only = excluded | one, only - one
        case "rival_included":
            excluded -= one
        case "rival_followed":
            excluded, only = excluded - one, only | one
        case "rival_unfollowed":
            only -= one
    return replace(filters, excluded_merchants=excluded, only_merchants=only)
