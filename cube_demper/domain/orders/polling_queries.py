"""SQL of the reading of orders: which store is due, who has it in hand, how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.arrays import chosen_once
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.orders import OrdersToken
from cube_demper.models.polling import OrdersPoll
from cube_demper.models.stores import KaspiStore


def is_read() -> ColumnElement[bool]:
    """A store's orders are to be read; the row must be joined with store and user."""
    return and_(
        col(KaspiStore.orders_polling_enabled),
        col(KaspiStore.is_active),
        col(User.is_blocked).is_(False),
    )


async def add_missing(tx: WriteTx, now: datetime) -> int:
    """Give every store whose orders are to be read its row."""
    stores = (
        select(col(KaspiStore.id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .outerjoin(OrdersPoll, col(OrdersPoll.store_id) == col(KaspiStore.id))
        .where(is_read(), col(OrdersPoll.id).is_(None))
    )
    added = 0
    for store_id in (await tx.scalars(stores)).all():
        statement = insert(OrdersPoll).values(id=new_id(), store_id=store_id, next_poll_at=now)
        await tx.execute(statement.on_conflict_do_nothing(index_elements=["store_id"]))
        added += 1
    return added


async def claim(
    tx: WriteTx,
    keys: Sequence[int] | None,
    now: datetime,
    *,
    due: datetime,
    until: datetime,
    limit: int,
) -> list[UUID]:
    """Lease stores that were due at `due`, the longest first; return the ids of their rows."""
    chosen = (
        select(col(OrdersPoll.id))
        .join(KaspiStore, col(KaspiStore.id) == col(OrdersPoll.store_id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .where(
            is_read(),
            col(OrdersPoll.next_poll_at) <= due,
            or_(col(OrdersPoll.claimed_until).is_(None), col(OrdersPoll.claimed_until) <= now),
        )
        .order_by(col(OrdersPoll.next_poll_at))
        .limit(limit)
        .with_for_update(skip_locked=True, of=OrdersPoll)
    )
    if keys is not None:
        chosen = chosen.where(col(OrdersPoll.shard_key).in_(keys))
    rows = await tx.scalars(
        update(OrdersPoll)
        .where(chosen_once(col(OrdersPoll.id), chosen))
        .values(claimed_until=until)
        .returning(col(OrdersPoll.id))
        .execution_options(synchronize_session=False)
    )
    return list(rows.all())


async def list_claimed(
    tx: ReadTx, poll_ids: Sequence[UUID]
) -> Sequence[tuple[OrdersPoll, KaspiStore, OrdersToken | None]]:
    """Return rows with their stores and tokens."""
    rows = await tx.execute(
        select(OrdersPoll, KaspiStore, OrdersToken)
        .join(KaspiStore, col(KaspiStore.id) == col(OrdersPoll.store_id))
        .outerjoin(OrdersToken, col(OrdersToken.store_id) == col(OrdersPoll.store_id))
        .where(col(OrdersPoll.id).in_(poll_ids))
        .order_by(col(OrdersPoll.next_poll_at))
        .execution_options(populate_existing=True)
    )
    return rows.tuples().all()


async def hold(tx: WriteTx, poll_id: UUID, claimed: datetime, until: datetime) -> OrdersPoll | None:
    """Lock a row that is still ours and renew its lease; None when somebody else has it."""
    found: OrdersPoll | None = await tx.scalar(
        select(OrdersPoll)
        .where(col(OrdersPoll.id) == poll_id, col(OrdersPoll.claimed_until) == claimed)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is not None:
        found.claimed_until = until
    return found


async def hurry(tx: WriteTx, store_id: UUID, now: datetime) -> None:
    """Have a store's orders read now, or as soon as the reading that goes on is over."""
    values: dict[str, Any] = {"next_poll_at": now}
    statement = insert(OrdersPoll).values(id=new_id(), store_id=store_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["store_id"], set_=values))


async def list_of_stores(
    tx: ReadTx, owner_id: UUID | None
) -> Sequence[tuple[KaspiStore, OrdersPoll | None]]:
    """Return a seller's stores (everybody's for None) with the state of their reading."""
    query = (
        select(KaspiStore, OrdersPoll)
        .outerjoin(OrdersPoll, col(OrdersPoll.store_id) == col(KaspiStore.id))
        .order_by(col(KaspiStore.created_at))
        .execution_options(populate_existing=True)
    )
    if owner_id is not None:
        query = query.where(col(KaspiStore.user_id) == owner_id)
    return (await tx.execute(query)).tuples().all()


async def set_switch(tx: WriteTx, store_id: UUID, *, is_on: bool) -> bool:
    """Switch the reading of a store's orders; False when it stood so already."""
    changed = await tx.scalar(
        update(KaspiStore)
        .where(col(KaspiStore.id) == store_id, col(KaspiStore.orders_polling_enabled).is_not(is_on))
        .values(orders_polling_enabled=is_on)
        .returning(col(KaspiStore.id))
    )
    return changed is not None
