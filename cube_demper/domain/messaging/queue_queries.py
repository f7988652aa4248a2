"""SQL of the page of the queue; everything is the owner's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import QueueStatus, ScheduledMessage, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession, WhatsAppSettings

TABS: Final = {
    "waiting": (QueueStatus.WAITING, QueueStatus.SENDING),
    "sent": (QueueStatus.SENT,),
    "dropped": (QueueStatus.DROPPED, QueueStatus.FAILED),
    "unknown": (QueueStatus.UNKNOWN,),
}
"""What each tab of the page holds."""


async def list_numbers(tx: ReadTx, user_id: UUID) -> Sequence[WhatsAppSession]:
    """Return a seller's numbers, the oldest first."""
    rows = await tx.scalars(
        select(WhatsAppSession)
        .where(col(WhatsAppSession.user_id) == user_id)
        .order_by(col(WhatsAppSession.created_at), col(WhatsAppSession.id))
    )
    return rows.all()


async def lock_number(tx: WriteTx, user_id: UUID, session_id: UUID) -> WhatsAppSession | None:
    """Lock one of a seller's numbers."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession)
        .where(col(WhatsAppSession.id) == session_id, col(WhatsAppSession.user_id) == user_id)
        .with_for_update()
    )
    return found


async def count_waiting(tx: ReadTx, user_id: UUID, now: datetime) -> dict[UUID, tuple[int, int]]:
    """Count what waits for each number, and of it what is due."""
    rows = await tx.execute(
        select(
            col(ScheduledMessage.session_id),
            func.count(),
            func.count().filter(col(ScheduledMessage.scheduled_at) <= now),
        )
        .where(
            col(ScheduledMessage.user_id) == user_id,
            col(ScheduledMessage.status) == QueueStatus.WAITING,
            col(ScheduledMessage.session_id).is_not(None),
        )
        .group_by(col(ScheduledMessage.session_id))
    )
    return {it[0]: (it[1], it[2]) for it in rows.tuples().all() if it[0] is not None}


async def count_by_status(tx: ReadTx, user_id: UUID) -> dict[str, int]:
    """Count a seller's messages by status."""
    rows = await tx.execute(
        select(col(ScheduledMessage.status), func.count())
        .where(col(ScheduledMessage.user_id) == user_id)
        .group_by(col(ScheduledMessage.status))
    )
    return dict(rows.tuples().all())


async def list_page(
    tx: ReadTx, user_id: UUID, tab: str, *, limit: int, offset: int
) -> Sequence[tuple[ScheduledMessage, WhatsAppContact]]:
    """Return a page of a tab: what waits in the order of its time, the rest newest first."""
    moment = col(ScheduledMessage.scheduled_at)
    rows = await tx.execute(
        select(ScheduledMessage, WhatsAppContact)
        .join(WhatsAppContact, col(WhatsAppContact.id) == col(ScheduledMessage.contact_id))
        .where(
            col(ScheduledMessage.user_id) == user_id,
            col(ScheduledMessage.status).in_(TABS[tab]),
        )
        .order_by(moment if tab == "waiting" else moment.desc(), col(ScheduledMessage.id))
        .limit(limit)
        .offset(offset)
    )
    return rows.tuples().all()


async def list_of_order(
    tx: ReadTx, user_id: UUID, order_id: UUID, limit: int
) -> Sequence[tuple[ScheduledMessage, WhatsAppContact, str | None]]:
    """Return an order's messages, the newest first, and how far WhatsApp says each got."""
    rows = await tx.execute(
        select(ScheduledMessage, WhatsAppContact, col(WhatsAppMessage.status))
        .join(WhatsAppContact, col(WhatsAppContact.id) == col(ScheduledMessage.contact_id))
        .outerjoin(WhatsAppMessage, col(WhatsAppMessage.id) == col(ScheduledMessage.message_id))
        .where(
            col(ScheduledMessage.user_id) == user_id,
            col(ScheduledMessage.order_id) == order_id,
        )
        .order_by(col(ScheduledMessage.scheduled_at).desc(), col(ScheduledMessage.id))
        .limit(limit)
    )
    return rows.tuples().all()


async def drop_waiting(
    tx: WriteTx,
    user_id: UUID,
    now: datetime,
    *,
    session_id: UUID | None = None,
    message_id: UUID | None = None,
) -> int:
    """Take what waits out of the queue: of a number what is due, or one message."""
    wanted = [
        col(ScheduledMessage.user_id) == user_id,
        col(ScheduledMessage.status) == QueueStatus.WAITING,
    ]
    if session_id is not None:
        wanted += [
            col(ScheduledMessage.session_id) == session_id,
            col(ScheduledMessage.scheduled_at) <= now,
        ]
    if message_id is not None:
        wanted.append(col(ScheduledMessage.id) == message_id)
    rows = await tx.scalars(
        update(ScheduledMessage)
        .where(*wanted)
        .values(status=QueueStatus.DROPPED, reason="by_seller", done_at=now)
        .returning(col(ScheduledMessage.id))
    )
    return len(rows.all())


async def set_stopped(tx: WriteTx, user_id: UUID, stopped_at: datetime | None) -> None:
    """Write a seller's «стоп», or take it back."""
    await tx.execute(
        insert(WhatsAppSettings)
        .values(id=new_id(), user_id=user_id, stopped_at=stopped_at)
        .on_conflict_do_update(index_elements=["user_id"], set_={"stopped_at": stopped_at})
    )


async def wake_all(tx: WriteTx, user_id: UUID, now: datetime) -> None:
    """Have all queues of a seller looked at now."""
    await tx.execute(
        update(WhatsAppSession)
        .where(col(WhatsAppSession.user_id) == user_id, col(WhatsAppSession.paused_at).is_(None))
        .values(next_at=now)
    )
