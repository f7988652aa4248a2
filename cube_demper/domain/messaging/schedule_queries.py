"""SQL of putting messages into the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import ScheduledMessage
from cube_demper.models.messaging import (
    WhatsAppRule,
    WhatsAppSession,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore


@dataclass(frozen=True, slots=True)
class Case:
    """An order whose buyer may be told, with the store's switches."""

    order: Order
    user_id: UUID
    session_id: UUID
    bonus: str | None
    rules: Sequence[WhatsAppRule]


async def find_case(tx: ReadTx, order_id: UUID) -> Case | None:
    """Return an order of a store that writes to its buyers; None where nobody is to be told."""
    found = await tx.execute(
        select(
            Order,
            col(KaspiStore.user_id),
            col(WhatsAppStore.session_id),
            col(KaspiStore.ai_review_bonus),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .join(WhatsAppStore, col(WhatsAppStore.store_id) == col(KaspiStore.id))
        .join(WhatsAppSettings, col(WhatsAppSettings.user_id) == col(KaspiStore.user_id))
        .where(
            col(Order.id) == order_id,
            col(WhatsAppStore.is_enabled),
            col(WhatsAppStore.session_id).is_not(None),
            col(WhatsAppSettings.consented_at).is_not(None),
        )
    )
    row = found.tuples().one_or_none()
    if row is None:
        return None
    order, user_id, session_id, bonus = row
    if session_id is None:
        return None
    return Case(order, user_id, session_id, bonus, await rules_of(tx, [order.store_id]))


async def rules_of(tx: ReadTx, store_ids: Sequence[UUID]) -> Sequence[WhatsAppRule]:
    """Return what these stores say of their events."""
    rows = await tx.scalars(select(WhatsAppRule).where(col(WhatsAppRule.store_id).in_(store_ids)))
    return rows.all()


async def add(tx: WriteTx, values: dict[str, Any]) -> bool:
    """Add a message unless its key is there."""
    added = await tx.scalar(
        insert(ScheduledMessage)
        .values(id=new_id(), **values)
        .on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"])
        .returning(col(ScheduledMessage.id))
    )
    return added is not None


async def wake(tx: WriteTx, session_id: UUID, at: datetime) -> None:
    """Have a number's queue looked at by then, unless that is planned for earlier."""
    planned = col(WhatsAppSession.next_at)
    await tx.execute(
        update(WhatsAppSession)
        .where(
            col(WhatsAppSession.id) == session_id,
            func.coalesce(planned > at, True),
        )
        .values(next_at=func.greatest(at, col(WhatsAppSession.free_at)))
    )
