"""SQL of what was written by hand and has not left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from cube_demper.db.session import WriteTx
from cube_demper.domain.messaging.inbox.queries import BY_HAND
from cube_demper.domain.messaging.rules import PRIORITIES
from cube_demper.models.messages import (
    MessageKind,
    QueueStatus,
    ScheduledMessage,
    WhatsAppMessage,
)


async def lock_by_hand(tx: WriteTx, user_id: UUID, queue_id: UUID) -> ScheduledMessage | None:
    """Lock a message of this seller's that a person wrote."""
    found: ScheduledMessage | None = await tx.scalar(
        select(ScheduledMessage)
        .where(
            col(ScheduledMessage.id) == queue_id,
            col(ScheduledMessage.user_id) == user_id,
            col(ScheduledMessage.kind).in_(BY_HAND),
        )
        .with_for_update()
    )
    return found


async def put_back(
    tx: WriteTx,
    row: ScheduledMessage,
    *,
    session_id: UUID,
    kind: MessageKind,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Let a message that surely did not leave wait again; its failed record goes."""
    spoken, row.message_id = row.message_id, None
    row.status, row.reason, row.text_hash = QueueStatus.WAITING, None, None
    row.begun_at = row.done_at = None
    row.session_id, row.kind, row.priority = session_id, kind, PRIORITIES[kind]
    row.scheduled_at, row.expires_at = now, expires_at
    await tx.flush()
    if spoken is not None:
        await tx.execute(delete(WhatsAppMessage).where(col(WhatsAppMessage.id) == spoken))
