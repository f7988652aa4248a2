"""SQL of costs. `_own` is the seller's only door to a product here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, text
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from cube_demper.db.arrays import among
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.costs.errors import CostedProductNotFound, MovementNotFound
from cube_demper.domain.economics.costs.schemas import PAGE_SIZE, WithoutCost
from cube_demper.models.catalog import CostMethod, Product
from cube_demper.models.costs import CostBatch, CostIssue
from cube_demper.models.stores import KaspiStore

Movement = TypeVar("Movement", CostBatch, CostIssue)


def _own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition «a product of this seller's stores». Raises PermissionDenied."""
    stores = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == actor.owner_id)
    return col(Product.store_id).in_(stores.scalar_subquery())


async def get_own(tx: ReadTx, actor: Actor, product_id: UUID, *, lock: bool = False) -> Product:
    """Return a product of the actor. Raises CostedProductNotFound."""
    statement = (
        select(Product)
        .where(_own(actor), col(Product.id) == product_id)
        .execution_options(populate_existing=True)
    )
    found: Product | None = await tx.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise CostedProductNotFound
    return found


async def batches_of(
    tx: ReadTx, product_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[CostBatch]]:
    """Return the batches of these goods, oldest first."""
    return await _movements(tx, CostBatch, col(CostBatch.bought_on), product_ids)


async def issues_of(
    tx: ReadTx, product_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[CostIssue]]:
    """Return the issues of these goods, oldest first."""
    return await _movements(tx, CostIssue, col(CostIssue.issued_on), product_ids)


async def _movements(
    tx: ReadTx, kind: type[Movement], on: Any, product_ids: Collection[UUID]
) -> dict[UUID, list[Movement]]:
    found: dict[UUID, list[Movement]] = defaultdict(list)
    rows = await tx.scalars(
        select(kind)
        .where(among(col(kind.product_id), product_ids))
        .order_by(on, col(kind.created_at), col(kind.id))
    )
    for row in rows:
        found[row.product_id].append(row)
    return found


async def add_batches(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> None:
    """Keep new batches."""
    if rows:
        await tx.execute(insert(CostBatch), rows)


async def write_costs(tx: WriteTx, rows: Sequence[tuple[Product, int | None, CostMethod]]) -> None:
    """Write costs and methods of goods that the caller holds: a statement for thousands."""
    given = [(product.id, cost, method.value) for product, cost, method in rows]
    await tx.execute(
        text(
            "UPDATE products p SET cost_price = v.cost, cost_method = v.method"
            " FROM unnest(CAST(:ids AS uuid[]), CAST(:costs AS bigint[]), CAST(:methods AS text[]))"
            " AS v(id, cost, method) WHERE p.id = v.id"
        ),
        {
            "ids": [key for key, _, _ in given],
            "costs": [cost for _, cost, _ in given],
            "methods": [method for _, _, method in given],
        },
    )
    for product, cost, method in rows:
        set_committed_value(product, "cost_price", cost)
        set_committed_value(product, "cost_method", method.value)


async def with_batches_since(
    tx: ReadTx, product_ids: Collection[UUID], since: datetime, *, but: Collection[UUID] = ()
) -> set[UUID]:
    """Return those of the goods with a batch added since then, other than the batches `but`."""
    rows = await tx.execute(
        select(col(CostBatch.product_id), col(CostBatch.id)).where(
            among(col(CostBatch.product_id), product_ids), col(CostBatch.created_at) > since
        )
    )
    return {product_id for product_id, batch_id in rows if batch_id not in but}


async def delete_batches(tx: WriteTx, batch_ids: Sequence[UUID]) -> None:
    """Forget these batches of goods that the caller holds."""
    await tx.execute(
        delete(CostBatch)
        .where(among(col(CostBatch.id), batch_ids))
        .execution_options(synchronize_session=False)
    )


async def delete_movement(
    tx: WriteTx, kind: type[CostBatch | CostIssue], product_id: UUID, movement_id: UUID
) -> None:
    """Forget a batch or an issue of this product, which the caller holds. Raises MovementNotFound."""
    deleted = await tx.scalar(
        delete(kind)
        .where(col(kind.id) == movement_id, col(kind.product_id) == product_id)
        .returning(col(kind.id))
    )
    if deleted is None:
        raise MovementNotFound


async def count_without_cost(tx: ReadTx, actor: Actor, store_id: UUID | None) -> int:
    """Count goods whose cost is missing."""
    statement = select(func.count()).select_from(Product).where(*_without_cost(actor, store_id))
    return int(await tx.scalar(statement) or 0)


async def list_without_cost(
    tx: ReadTx, actor: Actor, store_id: UUID | None, page: int
) -> tuple[WithoutCost, ...]:
    """Read one page of them: those whose bot is on first, then by name."""
    rows = await tx.execute(
        select(Product, col(KaspiStore.name))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(*_without_cost(actor, store_id))
        .order_by(col(Product.bot_active).desc(), func.lower(col(Product.name)), col(Product.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return tuple(
        WithoutCost(it.id, it.kaspi_sku, it.name, store_name, it.price, it.bot_active)
        for it, store_name in rows
    )


def _without_cost(actor: Actor, store_id: UUID | None) -> list[ColumnElement[bool]]:
    conditions = [_own(actor), col(Product.cost_price).is_(None)]
    return conditions if store_id is None else [*conditions, col(Product.store_id) == store_id]
