"""SQL of actions: what a seller asks for and sees, filtered by the owner in one place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.models.doing import ActionKind, ActionStatus, OrderAction
from cube_demper.models.orders import Order, OrderItem, OrdersToken
from cube_demper.models.stores import KaspiStore

OPEN: Final = (ActionStatus.REQUESTED, ActionStatus.SENT, ActionStatus.UNKNOWN)
IS_OPEN: Final = "status IN ('requested', 'sent', 'unknown')"
"""As the partial indexes have it: a parameter in its place would prove nothing to Postgres."""
_HAS_TOKEN: Final = and_(
    col(OrdersToken.token).is_not(None), col(OrdersToken.rejected_at).is_(None)
)
_HAS_SESSION: Final = and_(
    col(KaspiStore.guid).is_not(None), col(KaspiStore.needs_reauth).is_(False)
)


def standing(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select what actions depend on of the actor's orders, with the ways of their stores."""
    return (
        select(
            col(Order.id),
            col(Order.store_id),
            col(Order.kaspi_order_code).label("code"),
            col(Order.status),
            col(Order.kaspi_state),
            col(Order.kaspi_status),
            col(Order.is_assembled),
            col(Order.handed_over_at),
            col(Order.is_pre_order),
            col(Order.goods_came_at),
            col(Order.is_clear),
            col(Order.missing_since),
            col(Order.total_price),
            col(Order.seen_at),
            func.coalesce(_HAS_TOKEN, False).label("has_token"),
            _HAS_SESSION.label("has_session"),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .outerjoin(OrdersToken, col(OrdersToken.store_id) == col(Order.store_id))
        .where(col(KaspiStore.user_id) == actor.owner_id)
    )


async def list_standing(
    tx: ReadTx, actor: Actor, order_ids: Collection[UUID]
) -> Sequence[Row[Any]]:
    """Return the actor's orders among these."""
    rows = await tx.execute(standing(actor).where(col(Order.id).in_(order_ids)))
    found: Sequence[Row[Any]] = rows.all()
    return found


async def last_actions(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, OrderAction]:
    """Return the newest action of each of these orders."""
    rows = await tx.scalars(
        select(OrderAction)
        .where(col(OrderAction.order_id).in_(order_ids))
        .distinct(col(OrderAction.order_id))
        .order_by(col(OrderAction.order_id), col(OrderAction.asked_at).desc())
        .execution_options(populate_existing=True)
    )
    return {row.order_id: row for row in rows.all()}


async def actions_of(tx: ReadTx, order_id: UUID, limit: int = 50) -> Sequence[OrderAction]:
    """Return the actions of one order, the newest first."""
    rows = await tx.scalars(
        select(OrderAction)
        .where(col(OrderAction.order_id) == order_id)
        .order_by(col(OrderAction.asked_at).desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def entry(tx: ReadTx, order_id: UUID, number: int) -> OrderItem | None:
    """Return one entry of an order."""
    found: OrderItem | None = await tx.scalar(
        select(OrderItem).where(
            col(OrderItem.order_id) == order_id, col(OrderItem.entry_number) == number
        )
    )
    return found


async def add(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Add actions where the order has none open; return the orders that got theirs."""
    if not rows:
        return set()
    statement = insert(OrderAction).values([{"id": new_id(), **row} for row in rows])
    added = await tx.scalars(
        statement.on_conflict_do_nothing(
            index_elements=["order_id"], index_where=text(IS_OPEN)
        ).returning(col(OrderAction.order_id))
    )
    return set(added.all())


async def batch_counts(
    tx: ReadTx, actor: Actor, batch_id: UUID
) -> Sequence[tuple[str, str, int, datetime]]:
    """Count a batch's actions: kind, status, number, when it was asked for."""
    rows = await tx.execute(
        select(
            col(OrderAction.kind),
            col(OrderAction.status),
            func.count(),
            func.min(col(OrderAction.asked_at)),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(OrderAction.store_id))
        .where(col(OrderAction.batch_id) == batch_id, col(KaspiStore.user_id) == actor.owner_id)
        .group_by(col(OrderAction.kind), col(OrderAction.status))
    )
    return rows.tuples().all()


async def batch_troubles(
    tx: ReadTx, actor: Actor, batch_id: UUID, limit: int
) -> Sequence[tuple[OrderAction, str]]:
    """Return the refused actions of a batch with the numbers of their orders."""
    rows = await tx.execute(
        select(OrderAction, col(Order.kaspi_order_code))
        .join(Order, col(Order.id) == col(OrderAction.order_id))
        .join(KaspiStore, col(KaspiStore.id) == col(OrderAction.store_id))
        .where(
            col(OrderAction.batch_id) == batch_id,
            col(OrderAction.status) == ActionStatus.REFUSED,
            col(KaspiStore.user_id) == actor.owner_id,
        )
        .order_by(col(Order.kaspi_order_code))
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return rows.tuples().all()


async def last_batch(tx: ReadTx, actor: Actor, since: datetime) -> UUID | None:
    """Return the newest batch of the actor that is not over yet."""
    found: UUID | None = await tx.scalar(
        select(col(OrderAction.batch_id))
        .join(KaspiStore, col(KaspiStore.id) == col(OrderAction.store_id))
        .where(
            col(OrderAction.status).in_(OPEN),
            col(OrderAction.batch_id).is_not(None),
            col(OrderAction.asked_at) >= since,
            col(KaspiStore.user_id) == actor.owner_id,
        )
        .order_by(col(OrderAction.asked_at).desc())
        .limit(1)
    )
    return found


async def drop(tx: WriteTx, actor: Actor, batch_id: UUID, now: datetime) -> int:
    """Take back what of a batch has not left; return how many."""
    mine = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == actor.owner_id)
    rows = await tx.scalars(
        update(OrderAction)
        .where(
            col(OrderAction.batch_id) == batch_id,
            col(OrderAction.status) == ActionStatus.REQUESTED,
            col(OrderAction.store_id).in_(mine),
        )
        .values(status=ActionStatus.DROPPED, done_at=now, claimed_until=None)
        .returning(col(OrderAction.id))
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def done_since_seen(tx: ReadTx, order_ids: Collection[UUID], kind: ActionKind) -> set[UUID]:
    """Return those of the orders that a confirmed action has moved, and no reading has shown it yet."""
    rows = await tx.scalars(
        select(col(OrderAction.order_id))
        .join(Order, col(Order.id) == col(OrderAction.order_id))
        .where(
            col(OrderAction.order_id).in_(order_ids),
            col(OrderAction.kind) == kind,
            col(OrderAction.status) == ActionStatus.CONFIRMED,
            col(OrderAction.done_at) > col(Order.seen_at),
        )
    )
    return set(rows.all())


async def open_orders(tx: ReadTx, order_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the orders that have an open action."""
    rows = await tx.scalars(
        select(col(OrderAction.order_id)).where(
            col(OrderAction.order_id).in_(order_ids), col(OrderAction.status).in_(OPEN)
        )
    )
    return set(rows.all())
