"""SQL of broadcasts themselves; everything is the owner's but what the worker takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.broadcasts import Broadcast, BroadcastPerson, BroadcastStatus
from cube_demper.models.messages import (
    MessageKind,
    QueueStatus,
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


async def find(tx: ReadTx, owner: UUID, broadcast_id: UUID) -> Broadcast | None:
    """Return one of a seller's broadcasts."""
    found: Broadcast | None = await tx.scalar(
        select(Broadcast).where(col(Broadcast.id) == broadcast_id, col(Broadcast.user_id) == owner)
    )
    return found


async def lock(tx: WriteTx, owner: UUID, broadcast_id: UUID) -> Broadcast | None:
    """Lock one of a seller's broadcasts, read anew."""
    found: Broadcast | None = await tx.scalar(
        select(Broadcast)
        .where(col(Broadcast.id) == broadcast_id, col(Broadcast.user_id) == owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
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


async def orders_of(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, Told]:
    """Return what fills the texts of these people."""
    rows = await tx.execute(
        select(Order, col(KaspiStore.name), col(WhatsAppStore.language))
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .outerjoin(WhatsAppStore, col(WhatsAppStore.store_id) == col(KaspiStore.id))
        .where(col(Order.id).in_(order_ids))
    )
    return {order.id: Told(order, store, language) for order, store, language in rows.tuples()}


async def contacts_of(tx: ReadTx, ids: Collection[UUID]) -> Mapping[UUID, WhatsAppContact]:
    """Return these people."""
    rows = await tx.scalars(
        select(WhatsAppContact)
        .where(col(WhatsAppContact.id).in_(ids))
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def take_running(
    tx: WriteTx, keys: Collection[int], fed_before: datetime, orphaned_before: datetime
) -> Broadcast | None:
    """Lock the running broadcast that was fed longest ago: of these shards' numbers, or of any if
    nobody has fed it for so long. What others hold is skipped.
    """
    fed_at = col(Broadcast.fed_at)
    is_orphan = func.coalesce(fed_at, col(Broadcast.started_at)) <= orphaned_before
    found: Broadcast | None = await tx.scalar(
        select(Broadcast)
        .join(WhatsAppSession, col(WhatsAppSession.id) == col(Broadcast.session_id))
        .where(
            col(Broadcast.status) == BroadcastStatus.RUNNING,
            col(WhatsAppSession.shard_key).in_(keys) | is_orphan,
            fed_at.is_(None) | (fed_at <= fed_before),
        )
        .order_by(fed_at.asc().nulls_first(), col(Broadcast.id))
        .limit(1)
        .with_for_update(of=Broadcast, skip_locked=True)
    )
    return found


async def next_people(tx: WriteTx, broadcast_id: UUID, most: int) -> Sequence[BroadcastPerson]:
    """Return the people of a broadcast who come next."""
    rows = await tx.scalars(
        select(BroadcastPerson)
        .where(
            col(BroadcastPerson.broadcast_id) == broadcast_id,
            col(BroadcastPerson.queued_at).is_(None),
            col(BroadcastPerson.reason).is_(None),
        )
        .order_by(col(BroadcastPerson.position))
        .limit(most)
        .with_for_update()
    )
    return rows.all()


async def waiting_of(tx: ReadTx, session_id: UUID, priority: int) -> int:
    """Count what of this priority waits for a number."""
    found = await tx.scalar(
        select(func.count())
        .select_from(ScheduledMessage)
        .where(
            col(ScheduledMessage.session_id) == session_id,
            col(ScheduledMessage.status) == QueueStatus.WAITING,
            col(ScheduledMessage.priority) == priority,
        )
    )
    return int(found or 0)


async def has_open(tx: ReadTx, broadcast_id: UUID) -> bool:
    """Tell whether anybody is still to be written to, or a message has no end yet."""
    found = await tx.scalar(
        select(col(BroadcastPerson.id))
        .outerjoin(ScheduledMessage, col(ScheduledMessage.id) == col(BroadcastPerson.message_id))
        .where(
            col(BroadcastPerson.broadcast_id) == broadcast_id,
            col(BroadcastPerson.reason).is_(None),
            col(BroadcastPerson.queued_at).is_(None)
            | (col(ScheduledMessage.id).is_not(None) & col(ScheduledMessage.done_at).is_(None)),
        )
        .limit(1)
    )
    return found is not None


async def message_of(tx: ReadTx, owner: UUID, key: str) -> UUID | None:
    """Return the message of the queue that has this key."""
    found: UUID | None = await tx.scalar(
        select(col(ScheduledMessage.id)).where(
            col(ScheduledMessage.user_id) == owner, col(ScheduledMessage.dedupe_key) == key
        )
    )
    return found


async def is_silenced(tx: ReadTx, owner: UUID, phone_hashes: Collection[bytes]) -> bool:
    """Tell whether a person with this phone asked for silence, under whatever key that was written."""
    found = await tx.scalar(
        select(col(WhatsAppContact.id))
        .where(
            col(WhatsAppContact.user_id) == owner,
            col(WhatsAppContact.phone_hash).in_(phone_hashes),
            col(WhatsAppContact.opted_out_at).is_not(None),
        )
        .limit(1)
    )
    return found is not None


async def call_back(tx: WriteTx, broadcast_id: UUID) -> int:
    """Take what waits out of the queue; its people are still to come. Return how many.

    What a worker holds between choosing and sending waits too: it will not find it any more.
    """
    waiting = await tx.scalars(
        select(col(ScheduledMessage.id))
        .join(BroadcastPerson, col(BroadcastPerson.message_id) == col(ScheduledMessage.id))
        .where(
            col(BroadcastPerson.broadcast_id) == broadcast_id,
            col(ScheduledMessage.status) == QueueStatus.WAITING,
        )
        .with_for_update(of=ScheduledMessage)
    )
    ids = waiting.all()
    if ids:
        await tx.execute(
            update(BroadcastPerson)
            .where(col(BroadcastPerson.message_id).in_(ids))
            .values(message_id=None, queued_at=None)
        )
        await tx.execute(delete(ScheduledMessage).where(col(ScheduledMessage.id).in_(ids)))
    return len(ids)
