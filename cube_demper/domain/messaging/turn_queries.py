"""SQL of the send gate: taking numbers, what waits for them, what each message has become."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.gate_schemas import MessageKind
from cube_demper.domain.messaging.rules import PRIORITIES
from cube_demper.models.accounts import User
from cube_demper.models.inbox import WhatsAppFile
from cube_demper.models.messages import QueueStatus, ScheduledMessage, WhatsAppDay
from cube_demper.models.messaging import (
    WhatsAppContact,
    WhatsAppSession,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.orders import Order, OrderItem
from cube_demper.models.stores import KaspiStore

_CLAIM = text(
    """
    WITH due AS MATERIALIZED (
        SELECT id FROM whatsapp_sessions
        WHERE (CAST(:keys AS smallint[]) IS NULL OR shard_key = ANY(:keys))
          AND next_at <= :due AND status = 'WORKING'
          AND (claimed_until IS NULL OR claimed_until <= :now)
        ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED
    )
    UPDATE whatsapp_sessions AS s SET claim = :claim, claimed_until = :until
    FROM due WHERE s.id = due.id
    RETURNING s.id, s.name, s.phone, s.away_since, s.capping_at
    """
)
# One probe of the index a priority: what is due of one never waits behind what is planned of another.
_NEXT = text(
    """
    SELECT m.id FROM unnest(CAST(:priorities AS smallint[])) AS p(priority)
    CROSS JOIN LATERAL (
        SELECT id, priority FROM scheduled_messages
        WHERE session_id = :session AND status = 'waiting' AND priority = p.priority
          AND scheduled_at <= :now
        ORDER BY scheduled_at LIMIT 1
    ) AS m
    ORDER BY m.priority LIMIT 1
    """
)
_NEXT_DUE = text(
    """
    SELECT min(m.scheduled_at) FROM unnest(CAST(:priorities AS smallint[])) AS p(priority)
    CROSS JOIN LATERAL (
        SELECT scheduled_at FROM scheduled_messages
        WHERE session_id = :session AND status = 'waiting' AND priority = p.priority
        ORDER BY scheduled_at LIMIT 1
    ) AS m
    """
)


@dataclass(frozen=True, slots=True)
class Item:
    """A message of the queue with all that decides about it."""

    message: ScheduledMessage
    contact: WhatsAppContact
    order: Order | None
    store: KaspiStore | None
    talk: WhatsAppStore | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A number that a process has taken. `phone` is sealed."""

    claim: UUID
    session_id: UUID
    name: str
    phone: str | None
    away_since: datetime | None
    capping_at: datetime | None


async def claim(
    tx: WriteTx, keys: list[int] | None, due: datetime, now: datetime, *, until: datetime, most: int
) -> list[Taken]:
    """Take numbers whose queue is due; `keys` None: of any shard. Others skip what is locked."""
    mark = new_id()
    given = {"keys": keys, "due": due, "now": now, "claim": mark, "until": until, "most": most}
    return [Taken(mark, *row) for row in (await tx.execute(_CLAIM, given)).all()]


async def lock_session(tx: WriteTx, session_id: UUID) -> WhatsAppSession | None:
    """Lock a number's row, read anew."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession)
        .where(col(WhatsAppSession.id) == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def is_blocked(tx: ReadTx, user_id: UUID) -> bool:
    """Tell whether an administrator has shut this seller out: nothing of theirs leaves then."""
    asked = select(col(User.is_blocked)).where(col(User.id) == user_id)
    return bool(await tx.scalar(asked))


async def settings_of(tx: ReadTx, user_id: UUID) -> WhatsAppSettings | None:
    """Return what the seller has agreed to."""
    found: WhatsAppSettings | None = await tx.scalar(
        select(WhatsAppSettings)
        .where(col(WhatsAppSettings.user_id) == user_id)
        .execution_options(populate_existing=True)
    )
    return found


async def days_of(tx: ReadTx, phone_hashes: Collection[bytes], today: date) -> tuple[int, int]:
    """Return what a number has sent today, and on how many days before it wrote to anybody."""
    row = await tx.execute(
        select(
            func.coalesce(func.sum(col(WhatsAppDay.sent)).filter(col(WhatsAppDay.day) == today), 0),
            func.count(func.distinct(col(WhatsAppDay.day))).filter(
                col(WhatsAppDay.day) < today, col(WhatsAppDay.sent) > 0
            ),
        ).where(col(WhatsAppDay.phone_hash).in_(phone_hashes))
    )
    sent, before = row.tuples().one()
    return int(sent), int(before)


async def count_sent(
    tx: WriteTx, phone_hash: bytes, day: date, by: int, *, new_chats: int = 0
) -> None:
    """Change what a number has sent on a day; `by` is −1 for one that surely never left."""
    await tx.execute(
        insert(WhatsAppDay)
        .values(
            id=new_id(),
            phone_hash=phone_hash,
            day=day,
            sent=max(by, 0),
            new_chats=max(new_chats, 0),
        )
        .on_conflict_do_update(
            index_elements=["phone_hash", "day"],
            set_={
                "sent": func.greatest(col(WhatsAppDay.sent) + by, 0),
                "new_chats": func.greatest(col(WhatsAppDay.new_chats) + new_chats, 0),
            },
        )
    )


async def next_message(
    tx: WriteTx, session_id: UUID, kinds: Collection[MessageKind], now: datetime
) -> UUID | None:
    """Return the message of these kinds that is due first: by priority, then by time."""
    given = {"session": session_id, "now": now, "priorities": [PRIORITIES[kind] for kind in kinds]}
    found: UUID | None = await tx.scalar(_NEXT, given)
    return found


async def next_due(tx: ReadTx, session_id: UUID, kinds: Collection[MessageKind]) -> datetime | None:
    """Return when the first message of these kinds is due; None: none waits."""
    given = {"session": session_id, "priorities": [PRIORITIES[kind] for kind in kinds]}
    found: datetime | None = await tx.scalar(_NEXT_DUE, given)
    return found


async def read_item(tx: WriteTx, message_id: UUID) -> Item | None:
    """Lock a message that still waits and read all that decides about it."""
    row = await tx.execute(
        select(ScheduledMessage, WhatsAppContact, Order, KaspiStore, WhatsAppStore)
        .join(WhatsAppContact, col(WhatsAppContact.id) == col(ScheduledMessage.contact_id))
        .outerjoin(Order, col(Order.id) == col(ScheduledMessage.order_id))
        .outerjoin(KaspiStore, col(KaspiStore.id) == col(ScheduledMessage.store_id))
        .outerjoin(WhatsAppStore, col(WhatsAppStore.store_id) == col(ScheduledMessage.store_id))
        .where(
            col(ScheduledMessage.id) == message_id,
            col(ScheduledMessage.status) == QueueStatus.WAITING,
        )
        .with_for_update(of=ScheduledMessage)
        .execution_options(populate_existing=True)
    )
    found = row.tuples().one_or_none()
    return Item(*found) if found else None


async def items_of(tx: ReadTx, order_id: UUID) -> Sequence[OrderItem]:
    """Return an order's items in Kaspi's order; no more than a letter could name."""
    rows = await tx.scalars(
        select(OrderItem)
        .where(col(OrderItem.order_id) == order_id)
        .order_by(col(OrderItem.entry_number))
    )
    return rows.all()


async def was_said(
    tx: ReadTx, contact_id: UUID, hashes: Collection[bytes], message_id: UUID
) -> bool:
    """Tell whether a person was sent this very text before."""
    found = await tx.scalar(
        select(col(ScheduledMessage.id))
        .where(
            col(ScheduledMessage.contact_id) == contact_id,
            col(ScheduledMessage.text_hash).in_(hashes),
            col(ScheduledMessage.id) != message_id,
        )
        .limit(1)
    )
    return found is not None


async def has_file(tx: ReadTx, file_id: UUID) -> bool:
    """Tell whether a file that is to be sent is still kept."""
    query = select(col(WhatsAppFile.id)).where(col(WhatsAppFile.id) == file_id)
    return await tx.scalar(query) is not None


async def in_flight(tx: WriteTx, session_id: UUID) -> Sequence[ScheduledMessage]:
    """Return messages whose call may have left: at most one a number, unless somebody died."""
    rows = await tx.scalars(
        select(ScheduledMessage)
        .where(
            col(ScheduledMessage.session_id) == session_id,
            col(ScheduledMessage.status) == QueueStatus.SENDING,
        )
        .with_for_update()
    )
    return rows.all()


async def old_queue(tx: ReadTx, session_id: UUID, before: datetime) -> int:
    """Count what was due before then and still waits."""
    found = await tx.scalar(
        select(func.count())
        .select_from(ScheduledMessage)
        .where(
            col(ScheduledMessage.session_id) == session_id,
            col(ScheduledMessage.status) == QueueStatus.WAITING,
            col(ScheduledMessage.scheduled_at) <= before,
        )
    )
    return int(found or 0)


async def close_message(tx: WriteTx, message_id: UUID, values: dict[str, Any]) -> None:
    """Write what a message of the queue has become."""
    await tx.execute(
        update(ScheduledMessage).where(col(ScheduledMessage.id) == message_id).values(**values)
    )
