"""SQL of a buyer's orders, found by the hash of the phone; the owner's alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Result, Row, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.models.orders import Order, OrderStatus
from cube_demper.models.stores import KaspiStore

_STATUS = col(Order.status)
_NOT_BOUGHT = (OrderStatus.CANCELLED, OrderStatus.RETURNED)


async def count(tx: ReadTx, actor: Actor, hashes: Collection[bytes]) -> Row[Any]:
    """Count the orders of a phone by their end, and add up what was bought (tiyn)."""
    bought = func.sum(col(Order.total_price)).filter(_STATUS.not_in(_NOT_BOUGHT))
    found: Result[Any] = await tx.execute(
        select(
            func.count().label("orders"),
            func.coalesce(bought, 0).label("bought"),
            func.count().filter(_STATUS == OrderStatus.COMPLETED).label("completed"),
            func.count().filter(_STATUS == OrderStatus.CANCELLED).label("cancelled"),
            func.count().filter(_STATUS == OrderStatus.RETURNED).label("returned"),
            func.min(col(Order.ordered_at)).label("first_at"),
        )
        .select_from(Order)
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(*_of(actor, hashes))
    )
    row: Row[Any] = found.one()
    return row


async def list_others(
    tx: ReadTx, actor: Actor, hashes: Collection[bytes], but: UUID, limit: int
) -> Sequence[Row[Any]]:
    """Return the newest other orders of a phone."""
    rows: Result[Any] = await tx.execute(
        select(
            col(Order.id),
            col(Order.kaspi_order_code).label("code"),
            _STATUS,
            col(Order.total_price).label("total"),
            col(Order.ordered_at),
            col(KaspiStore.name).label("store"),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(*_of(actor, hashes), col(Order.id) != but)
        .order_by(col(Order.ordered_at).desc(), col(Order.id))
        .limit(limit)
    )
    return rows.all()


def _of(actor: Actor, hashes: Collection[bytes]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(KaspiStore.user_id) == actor.owner_id,
        col(Order.customer_phone_hash).in_(hashes),
    )
