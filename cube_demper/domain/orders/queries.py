"""SQL of orders tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.orders import Order, OrdersToken
from cube_demper.models.stores import KaspiStore


async def list_of_owner(tx: ReadTx, owner_id: UUID) -> list[OrdersToken]:
    """Return the tokens of a seller's stores."""
    rows = await tx.scalars(
        select(OrdersToken)
        .join(KaspiStore, col(KaspiStore.id) == col(OrdersToken.store_id))
        .where(col(KaspiStore.user_id) == owner_id)
        .execution_options(populate_existing=True)
    )
    return list(rows.all())


async def count_orders(tx: ReadTx, store_id: UUID) -> int:
    """Count all orders of a store."""
    query = select(func.count()).select_from(Order)
    return await tx.scalar(query.where(col(Order.store_id) == store_id)) or 0


async def find(tx: ReadTx, store_id: UUID) -> OrdersToken | None:
    """Return a store's token."""
    found: OrdersToken | None = await tx.scalar(
        select(OrdersToken)
        .where(col(OrdersToken.store_id) == store_id)
        .execution_options(populate_existing=True)
    )
    return found


async def lock(tx: WriteTx, store_id: UUID) -> OrdersToken | None:
    """Return a store's token, locked."""
    found: OrdersToken | None = await tx.scalar(
        select(OrdersToken)
        .where(col(OrdersToken.store_id) == store_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def find_task(tx: ReadTx, token_id: UUID) -> tuple[OrdersToken, KaspiStore] | None:
    """Return a token with its store."""
    row = await tx.execute(
        select(OrdersToken, KaspiStore)
        .join(KaspiStore, col(KaspiStore.id) == col(OrdersToken.store_id))
        .where(col(OrdersToken.id) == token_id)
    )
    found = row.one_or_none()
    return (found[0], found[1]) if found else None


async def ask(tx: WriteTx, store_id: UUID, values: dict[str, Any]) -> UUID:
    """Set a store's task; return the id of its row, which is made when there is none."""
    statement = insert(OrdersToken).values(id=new_id(), store_id=store_id, **values)
    token_id: UUID | None = await tx.scalar(
        statement.on_conflict_do_update(index_elements=["store_id"], set_=values).returning(
            col(OrdersToken.id)
        )
    )
    if token_id is None:
        raise RuntimeError("an upsert returned no row")
    return token_id


async def take_back(tx: WriteTx, token_id: UUID, asked_at: datetime) -> OrdersToken | None:
    """Lock the row of a task that was done; None when something newer was asked or it is gone."""
    found: OrdersToken | None = await tx.scalar(
        select(OrdersToken)
        .where(col(OrdersToken.id) == token_id, col(OrdersToken.asked_at) == asked_at)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def stands_elsewhere(tx: ReadTx, store_id: UUID, token_hash: bytes) -> bool:
    """Tell whether another store has this token."""
    found = await tx.scalar(
        select(col(OrdersToken.id)).where(
            col(OrdersToken.token_hash) == token_hash, col(OrdersToken.store_id) != store_id
        )
    )
    return found is not None


async def remove(tx: WriteTx, store_id: UUID) -> bool:
    """Delete a store's token; tell whether there was one."""
    found = await tx.scalar(
        delete(OrdersToken)
        .where(col(OrdersToken.store_id) == store_id)
        .returning(col(OrdersToken.id))
    )
    return found is not None


async def owner_of(tx: ReadTx, store_id: UUID) -> UUID | None:
    """Return whose store it is."""
    found: UUID | None = await tx.scalar(
        select(col(KaspiStore.user_id)).where(col(KaspiStore.id) == store_id)
    )
    return found
