"""SQL of letting a running broadcast into the gate's queue, and of taking it out again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.broadcasts import Broadcast, BroadcastPerson, BroadcastStatus
from cube_demper.models.messages import (
    QueueStatus,
    ScheduledMessage,
)
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession


async def take_running(
    tx: WriteTx, keys: Collection[int], fed_before: datetime, orphaned_before: datetime
) -> Broadcast | None:
    """Lock the running broadcast that was fed longest ago; what others hold is skipped.

    Of these shards' numbers, or of any if nobody has fed it for so long; never of a blocked seller.
    """
    fed_at = col(Broadcast.fed_at)
    is_orphan = func.coalesce(fed_at, col(Broadcast.started_at)) <= orphaned_before
    found: Broadcast | None = await tx.scalar(
        select(Broadcast)
        .join(WhatsAppSession, col(WhatsAppSession.id) == col(Broadcast.session_id))
        .join(User, col(User.id) == col(Broadcast.user_id))
        .where(
            col(User.is_blocked).is_(False),
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


async def call_back_halted(tx: WriteTx, message_id: UUID, *, is_given: bool) -> bool:
    """Call a message's broadcast back unless it goes on; `is_given`: the plan still has it.

    A message on its way when its seller pressed «стоп» comes back to the queue if it surely never left.
    """
    row = await tx.execute(
        select(col(Broadcast.id), col(Broadcast.status))
        .join(BroadcastPerson, col(BroadcastPerson.broadcast_id) == col(Broadcast.id))
        .where(col(BroadcastPerson.message_id) == message_id)
        .limit(1)
    )
    found = row.tuples().one_or_none()
    if found is None or (found[1] == BroadcastStatus.RUNNING and is_given):
        return False
    await call_back(tx, found[0])
    return True


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
