"""All SQL of kept calculations. A seller's own are found through `_own` alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.calculations.schemas import Good
from cube_demper.models.calculations import SavedCalculation
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore


def _own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition «this seller's». Raises PermissionDenied."""
    return col(SavedCalculation.user_id) == actor.owner_id


def _kept(actor: Actor) -> ColumnElement[bool]:
    return and_(_own(actor), col(SavedCalculation.deleted_at).is_(None))


async def list_kept(tx: ReadTx, actor: Actor, limit: int) -> Sequence[SavedCalculation]:
    """Return the actor's calculations, newest first."""
    newest = (col(SavedCalculation.created_at).desc(), col(SavedCalculation.id))
    rows = select(SavedCalculation).where(_kept(actor)).order_by(*newest).limit(limit)
    return (await tx.scalars(rows)).all()


async def find_kept(tx: ReadTx, actor: Actor, saved_id: UUID) -> SavedCalculation | None:
    """Return one of the actor's calculations."""
    this = col(SavedCalculation.id) == saved_id
    return await tx.scalar(select(SavedCalculation).where(_kept(actor), this))


async def count_kept(tx: ReadTx, actor: Actor) -> int:
    """Count the actor's calculations."""
    counted = select(func.count()).select_from(SavedCalculation).where(_kept(actor))
    return await tx.scalar(counted) or 0


async def find_shared(tx: ReadTx, share_hash: bytes) -> SavedCalculation | None:
    """Return the calculation behind a link, whoever asks."""
    is_live = and_(
        col(SavedCalculation.share_hash) == share_hash, col(SavedCalculation.deleted_at).is_(None)
    )
    return await tx.scalar(select(SavedCalculation).where(is_live))


async def change(
    tx: WriteTx, actor: Actor, saved_id: UUID, values: dict[str, Any], *, deleted: bool = False
) -> bool:
    """Change one of the actor's; `deleted` looks among the removed ones. False: there is none."""
    gone = col(SavedCalculation.deleted_at)
    changed = await tx.execute(
        update(SavedCalculation)
        .where(
            _own(actor),
            col(SavedCalculation.id) == saved_id,
            gone.is_not(None) if deleted else gone.is_(None),
        )
        .values(values)
        .returning(col(SavedCalculation.id))
    )
    return changed.first() is not None


async def forget_removed(tx: WriteTx, actor: Actor, before: datetime) -> None:
    """Delete for good what the actor removed before."""
    gone = col(SavedCalculation.deleted_at) < before
    await tx.execute(delete(SavedCalculation).where(_own(actor), gone))


def _goods(actor: Actor) -> Select[Any]:
    """Select the actor's goods as `Good` takes them. Raises PermissionDenied."""
    columns: tuple[Any, ...] = (
        col(Product.id),
        col(Product.name),
        col(Product.kaspi_sku),
        col(KaspiStore.name),
        col(Product.price),
        col(Product.cost_price),
        col(Product.category),
        col(Product.tariff_category),
        col(Product.weight_g),
        col(Product.store_id),
    )
    return (
        select(*columns)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(col(KaspiStore.user_id) == actor.owner_id)
        .order_by(col(Product.is_on_sale).desc(), func.lower(col(Product.name)), col(Product.id))
    )


async def list_goods(tx: ReadTx, actor: Actor, words: Sequence[str], limit: int) -> list[Good]:
    """Return goods whose name or SKU holds every word."""
    statement = _goods(actor)
    for word in words:
        has = (
            it.icontains(word, autoescape=True)
            for it in (col(Product.name), col(Product.kaspi_sku))
        )
        statement = statement.where(or_(*has))
    return [_good(row) for row in await tx.execute(statement.limit(limit))]


async def list_goods_of_card(tx: ReadTx, actor: Actor, card: str, limit: int) -> list[Good]:
    """Return goods sold on a card of Kaspi."""
    statement = _goods(actor).where(col(Product.external_kaspi_id) == card).limit(limit)
    return [_good(row) for row in await tx.execute(statement)]


async def find_good(tx: ReadTx, actor: Actor, product_id: UUID) -> Good | None:
    """Return one of the goods."""
    row = (await tx.execute(_goods(actor).where(col(Product.id) == product_id))).first()
    return None if row is None else _good(row)


def _good(row: Sequence[Any]) -> Good:
    *known, path, weight_g, store_id = row
    columns = (*known, tuple(path) if path else None, weight_g, store_id)
    return Good(*columns)
