"""SQL of broadcasts themselves; everything is the owner's but what the worker takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.broadcasts.errors import BroadcastNotFound
from cube_demper.models.broadcasts import Broadcast, BroadcastPerson, BroadcastStatus
from cube_demper.models.messages import (
    MessageKind,
    ScheduledMessage,
    WhatsAppMessage,
)
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession, WhatsAppStore
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore


@dataclass(frozen=True, slots=True)
class Standing:
    """So many people of a broadcast who stand alike. None: it has not come so far."""

    broadcast_id: UUID
    is_queued: bool
    reason: str | None
    queue: str | None
    queue_reason: str | None
    message: str | None
    has_answered: bool
    people: int


@dataclass(frozen=True, slots=True)
class Told:
    """An order that fills a text, with its store's name and the language it writes in."""

    order: Order
    store: str
    language: str | None


async def get(tx: ReadTx, owner: UUID, broadcast_id: UUID) -> Broadcast:
    """Return one of a seller's broadcasts. Raises BroadcastNotFound."""
    return await _one(tx, _own(owner, broadcast_id))


async def lock(tx: WriteTx, owner: UUID, broadcast_id: UUID) -> Broadcast:
    """Lock one of a seller's broadcasts, read anew. Raises BroadcastNotFound."""
    locked = _own(owner, broadcast_id).with_for_update()
    return await _one(tx, locked.execution_options(populate_existing=True))


def _own(owner: UUID, broadcast_id: UUID) -> Select[Any]:
    return select(Broadcast).where(
        col(Broadcast.id) == broadcast_id, col(Broadcast.user_id) == owner
    )


async def _one(tx: ReadTx, query: Select[Any]) -> Broadcast:
    found: Broadcast | None = await tx.scalar(query)
    if found is None:
        raise BroadcastNotFound
    return found


async def list_page(tx: ReadTx, owner: UUID, *, limit: int, offset: int) -> Sequence[Broadcast]:
    """Return a page of a seller's broadcasts, the newest first."""
    rows = await tx.scalars(
        select(Broadcast)
        .where(col(Broadcast.user_id) == owner)
        .order_by(col(Broadcast.written_at).desc(), col(Broadcast.id))
        .limit(limit)
        .offset(offset)
    )
    return rows.all()


async def count(tx: ReadTx, owner: UUID, status: BroadcastStatus | None = None) -> int:
    """Count a seller's broadcasts, of one status or all."""
    query = select(func.count()).select_from(Broadcast).where(col(Broadcast.user_id) == owner)
    if status is not None:
        query = query.where(col(Broadcast.status) == status)
    return int(await tx.scalar(query) or 0)


async def remove(tx: WriteTx, broadcast_id: UUID) -> None:
    """Forget a broadcast."""
    await tx.execute(delete(Broadcast).where(col(Broadcast.id) == broadcast_id))


async def is_busy(tx: ReadTx, session_id: UUID) -> bool:
    """Tell whether a broadcast goes out from this number."""
    query = select(col(Broadcast.id)).where(
        col(Broadcast.session_id) == session_id,
        col(Broadcast.status) == BroadcastStatus.RUNNING,
    )
    return await tx.scalar(query.limit(1)) is not None


async def standings(tx: ReadTx, broadcast_ids: Collection[UUID]) -> list[Standing]:
    """Count the people of broadcasts by how they stand."""
    person, queue, message = BroadcastPerson, ScheduledMessage, WhatsAppMessage
    has_answered = func.coalesce(col(WhatsAppContact.heard_at) > col(message.happened_at), False)
    kinds = (
        col(person.broadcast_id),
        col(person.queued_at).is_not(None),
        col(person.reason),
        col(queue.status),
        col(queue.reason),
        col(message.status),
        has_answered,
    )
    rows = await tx.execute(
        select(*kinds, func.count())
        .select_from(person)
        .join(WhatsAppContact, col(WhatsAppContact.id) == col(person.contact_id))
        .outerjoin(queue, col(queue.id) == col(person.message_id))
        .outerjoin(message, col(message.id) == col(queue.message_id))
        .where(col(person.broadcast_id).in_(broadcast_ids))
        .group_by(*kinds)
    )
    return [Standing(*row) for row in rows.all()]


async def said_since(tx: ReadTx, session_id: UUID, since: datetime, *, is_broadcast: bool) -> int:
    """Count what a number has said since then: of broadcasts, or all else."""
    kind = col(WhatsAppMessage.kind)
    found = await tx.scalar(
        select(func.count())
        .select_from(WhatsAppMessage)
        .where(
            col(WhatsAppMessage.session_id) == session_id,
            col(WhatsAppMessage.is_outgoing),
            kind == MessageKind.BROADCAST if is_broadcast else kind != MessageKind.BROADCAST,
            col(WhatsAppMessage.happened_at) >= since,
        )
    )
    return int(found or 0)


async def number(tx: ReadTx, owner: UUID, session_id: UUID) -> WhatsAppSession | None:
    """Return one of a seller's numbers."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession).where(
            col(WhatsAppSession.id) == session_id, col(WhatsAppSession.user_id) == owner
        )
    )
    return found


async def stores_of(tx: ReadTx, owner: UUID) -> list[tuple[UUID, str]]:
    """Return a seller's stores by name."""
    rows = await tx.execute(
        select(col(KaspiStore.id), col(KaspiStore.name))
        .where(col(KaspiStore.user_id) == owner)
        .order_by(col(KaspiStore.name), col(KaspiStore.id))
    )
    return list(rows.tuples().all())


async def orders_of(tx: ReadTx, owner: UUID, order_ids: Collection[UUID]) -> dict[UUID, Told]:
    """Return what fills the texts of these people."""
    rows = await tx.execute(
        select(Order, col(KaspiStore.name), col(WhatsAppStore.language))
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .outerjoin(WhatsAppStore, col(WhatsAppStore.store_id) == col(KaspiStore.id))
        .where(col(Order.id).in_(order_ids), col(KaspiStore.user_id) == owner)
    )
    return {order.id: Told(order, store, language) for order, store, language in rows.tuples()}


async def contacts_of(
    tx: ReadTx, owner: UUID, ids: Collection[UUID]
) -> Mapping[UUID, WhatsAppContact]:
    """Return these people."""
    rows = await tx.scalars(
        select(WhatsAppContact)
        .where(col(WhatsAppContact.id).in_(ids), col(WhatsAppContact.user_id) == owner)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}
