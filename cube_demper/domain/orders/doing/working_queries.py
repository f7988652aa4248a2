"""SQL of actions in a worker's hands: which is due, whose it is, how the store's orders are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, or_, select, text, update
from sqlmodel import col

from cube_demper.db.arrays import chosen_once
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.orders.doing.queries import IS_OPEN, OPEN
from cube_demper.models.doing import OrderAction
from cube_demper.models.orders import Order, OrderItem, OrdersToken
from cube_demper.models.polling import OrdersPoll
from cube_demper.models.stores import KaspiStore

_ITS_STORE: Final = col(KaspiStore.id) == col(OrderAction.store_id)


async def claim(
    tx: WriteTx, now: datetime, *, until: datetime, limit: int, busy: Collection[UUID]
) -> list[UUID]:
    """Take actions that are due, the longest waiting first; none of stores that have enough in hand."""
    chosen = (
        select(col(OrderAction.id))
        .where(
            text(f"order_actions.{IS_OPEN}"),
            col(OrderAction.next_try_at) <= now,
            or_(col(OrderAction.claimed_until).is_(None), col(OrderAction.claimed_until) <= now),
        )
        .order_by(col(OrderAction.batch_id).is_not(None), col(OrderAction.next_try_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if busy:
        chosen = chosen.where(col(OrderAction.store_id).not_in(busy))
    rows = await tx.scalars(
        update(OrderAction)
        .where(chosen_once(col(OrderAction.id), chosen))
        .values(claimed_until=until)
        .returning(col(OrderAction.id))
        .execution_options(synchronize_session=False)
    )
    return list(rows.all())


async def list_claimed(tx: ReadTx, action_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Return actions with order, store, token, the id of the entry in question, and pieces."""
    pieces = (
        select(func.coalesce(func.sum(col(OrderItem.quantity)), 0))
        .where(col(OrderItem.order_id) == col(Order.id))
        .scalar_subquery()
    )
    entry = (
        select(col(OrderItem.kaspi_entry_id))
        .where(
            col(OrderItem.order_id) == col(Order.id),
            col(OrderItem.entry_number) == col(OrderAction.entry_number),
        )
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(OrderAction, Order, KaspiStore, OrdersToken, entry, pieces)
        .join(Order, col(Order.id) == col(OrderAction.order_id))
        .join(KaspiStore, _ITS_STORE)
        .outerjoin(OrdersToken, col(OrdersToken.store_id) == col(OrderAction.store_id))
        .where(col(OrderAction.id).in_(action_ids))
        .order_by(col(OrderAction.next_try_at))
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def hold(tx: WriteTx, action_id: UUID, claimed: datetime) -> OrderAction | None:
    """Lock an action that is still ours; None when somebody else has it or it is over."""
    found: OrderAction | None = await tx.scalar(
        select(OrderAction)
        .where(
            col(OrderAction.id) == action_id,
            col(OrderAction.claimed_until) == claimed,
            col(OrderAction.status).in_(OPEN),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def find_order(tx: ReadTx, order_id: UUID) -> Order:
    """Return an order as it stands."""
    return await tx.get_one(Order, order_id, populate_existing=True)


async def find_poll(tx: ReadTx, store_id: UUID) -> OrdersPoll | None:
    """Return how a store's orders are read."""
    found: OrdersPoll | None = await tx.scalar(
        select(OrdersPoll)
        .where(col(OrdersPoll.store_id) == store_id)
        .execution_options(populate_existing=True)
    )
    return found


async def waits_in_batch(tx: ReadTx, batch_id: UUID, store_id: UUID) -> bool:
    """Tell whether a store's part of a batch still goes on."""
    found = await tx.scalar(
        select(col(OrderAction.id))
        .where(
            col(OrderAction.batch_id) == batch_id,
            col(OrderAction.store_id) == store_id,
            col(OrderAction.status).in_(OPEN),
        )
        .limit(1)
    )
    return found is not None


async def count_refused(tx: ReadTx, batch_id: UUID) -> int:
    """Count the refused actions of a batch."""
    return (
        await tx.scalar(
            select(func.count())
            .select_from(OrderAction)
            .where(col(OrderAction.batch_id) == batch_id, col(OrderAction.refusal).is_not(None))
        )
        or 0
    )
