"""The outbox: work that must follow a committed change, written in the same transaction.

Claiming takes rows with SKIP LOCKED, so any number of processes drain it together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.operations import OutboxMessage

_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


async def enqueue(
    tx: WriteTx, topic: str, key: object, payload: dict[str, Any], now: datetime
) -> bool:
    """Queue a message; False when this (topic, key) was queued before, done or not."""
    added = await tx.scalar(
        insert(OutboxMessage)
        .values(id=new_id(), topic=topic, key=str(key), payload=payload, next_try_at=now)
        .on_conflict_do_nothing(index_elements=["topic", "key"])
        .returning(col(OutboxMessage.id))
    )
    return added is not None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in hand; `attempts` counts the tries before this one."""

    id: UUID
    topic: str
    payload: dict[str, Any]
    attempts: int


async def due_topics(tx: ReadTx, now: datetime) -> set[str]:
    """Return the topics that have a message to take now."""
    topics = await tx.scalars(
        select(col(OutboxMessage.topic))
        .where(col(OutboxMessage.done_at).is_(None), col(OutboxMessage.next_try_at) <= now)
        .distinct()
    )
    return set(topics.all())


async def claim(tx: WriteTx, topics: Sequence[str], now: datetime) -> Claimed | None:
    """Lock the message that is due longest; others skip it until this transaction ends."""
    found = (
        await tx.execute(
            select(
                col(OutboxMessage.id),
                col(OutboxMessage.topic),
                col(OutboxMessage.payload),
                col(OutboxMessage.attempts),
            )
            .where(
                col(OutboxMessage.done_at).is_(None),
                col(OutboxMessage.next_try_at) <= now,
                col(OutboxMessage.topic).in_(topics),
            )
            .order_by(col(OutboxMessage.next_try_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    return Claimed(*found.tuple()) if found else None


async def complete(tx: WriteTx, message_id: UUID, now: datetime) -> None:
    """Mark a message as done."""
    await tx.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id)
        .values(done_at=now, last_error=None)
    )


async def postpone(
    tx: WriteTx, message_id: UUID, until: datetime, error: str | None, *, attempts: int
) -> bool:
    """Leave a message alone until then; False when it is done, or another has tried it since."""
    found = await tx.scalar(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == message_id,
            col(OutboxMessage.done_at).is_(None),
            col(OutboxMessage.attempts) <= attempts,
        )
        .values(next_try_at=until, attempts=attempts, last_error=error)
        .returning(col(OutboxMessage.id))
    )
    return found is not None


async def call_off(tx: WriteTx, topic: str, key: object, now: datetime) -> None:
    """Mark a message that waits as done: what it was for has happened otherwise."""
    await tx.execute(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.topic) == topic,
            col(OutboxMessage.key) == str(key),
            col(OutboxMessage.done_at).is_(None),
        )
        .values(done_at=now)
    )


async def give_up(tx: WriteTx, message_id: UUID, error: str, now: datetime) -> None:
    """End a message that will never succeed; its error stays for the operator."""
    await tx.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id)
        .values(done_at=now, last_error=error)
    )


def wait_after(attempts: int) -> timedelta:
    """Return the back-off after so many failures: 5 s, doubling, at most an hour."""
    doublings: int = 2 ** min(max(attempts - 1, 0), 20)
    return min(_LONGEST_WAIT, _FIRST_WAIT * doublings)
