"""SQL of what became of messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import (
    MessageStatus,
    QueueStatus,
    ScheduledMessage,
    WhatsAppMessage,
)
from cube_demper.models.messaging import TriggerEvent, WhatsAppContact, WhatsAppSession
from cube_demper.models.orders import Order

_SEEN: Final = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)
_OPEN: Final = (QueueStatus.SENDING, QueueStatus.UNKNOWN)
_SENT_AT: Final = {
    TriggerEvent.ORDER_APPROVED: Order.wa_approved_sent_at,
    TriggerEvent.ORDER_SHIPPED: Order.wa_shipped_sent_at,
    TriggerEvent.ORDER_DELIVERED: Order.wa_delivered_sent_at,
    TriggerEvent.ORDER_COMPLETED: Order.wa_completed_sent_at,
    TriggerEvent.REVIEW_REQUEST: Order.wa_review_sent_at,
    TriggerEvent.REVIEW_BONUS: Order.wa_review_sent_at,
}


@dataclass(frozen=True, slots=True)
class Lost:
    """A message whose end is unknown, and where to look for it. `chat_id` is sealed."""

    id: UUID
    session: str
    chat_id: str | None
    lid: str | None
    short_id: str
    begun_at: datetime | None
    is_seen: bool


async def finish(tx: WriteTx, message_id: UUID, values: dict[str, Any]) -> bool:
    """Close a message whose call may have left; False when it was closed before."""
    found = await tx.scalar(
        update(ScheduledMessage)
        .where(col(ScheduledMessage.id) == message_id, col(ScheduledMessage.status).in_(_OPEN))
        .values(**values)
        .returning(col(ScheduledMessage.id))
    )
    return found is not None


async def set_message(tx: WriteTx, message_id: UUID, status: MessageStatus) -> None:
    """Move the record of a queued message; what an ack has told stays."""
    spoken = select(col(ScheduledMessage.message_id)).where(col(ScheduledMessage.id) == message_id)
    await tx.execute(
        update(WhatsAppMessage)
        .where(
            col(WhatsAppMessage.id) == spoken.scalar_subquery(),
            col(WhatsAppMessage.status).not_in(_SEEN),
        )
        .values(status=status)
    )


async def take_back(tx: WriteTx, message_id: UUID) -> datetime | None:
    """Put a message that surely did not leave back into the queue; return when its call began."""
    row = await tx.execute(
        select(col(ScheduledMessage.begun_at), col(ScheduledMessage.message_id))
        .where(
            col(ScheduledMessage.id) == message_id,
            col(ScheduledMessage.status) == QueueStatus.SENDING,
        )
        .with_for_update()
    )
    found = row.tuples().one_or_none()
    if found is None:
        return None
    begun, spoken = found
    await tx.execute(
        update(ScheduledMessage)
        .where(col(ScheduledMessage.id) == message_id)
        .values(
            status=QueueStatus.WAITING,
            reason="unreachable",
            message_id=None,
            text_hash=None,
            begun_at=None,
            attempts=col(ScheduledMessage.attempts) + 1,
        )
    )
    await tx.execute(delete(WhatsAppMessage).where(col(WhatsAppMessage.id) == spoken))
    return begun


async def note_on_order(tx: WriteTx, message_id: UUID, now: datetime) -> None:
    """Set the order's `wa_*_sent_at` of this event, unless it is set."""
    row = await tx.execute(
        select(col(ScheduledMessage.order_id), col(ScheduledMessage.trigger_event)).where(
            col(ScheduledMessage.id) == message_id
        )
    )
    order_id, event = row.tuples().one()
    if order_id is None or event is None:
        return
    column = col(_SENT_AT[TriggerEvent(event)])
    await tx.execute(
        update(Order).where(col(Order.id) == order_id, column.is_(None)).values({column: now})
    )


async def set_contact(tx: WriteTx, contact_id: UUID, values: dict[str, Any]) -> None:
    """Write what is known of a person's number."""
    await tx.execute(
        update(WhatsAppContact).where(col(WhatsAppContact.id) == contact_id).values(**values)
    )


async def list_lost(tx: ReadTx, keys: list[int], most: int) -> Sequence[Lost]:
    """Return messages to be looked for, and those given up that a webhook has told of since."""
    is_seen = col(WhatsAppMessage.status).in_(_SEEN)
    rows = await tx.execute(
        select(
            col(ScheduledMessage.id),
            col(WhatsAppSession.name),
            col(WhatsAppContact.chat_id),
            col(WhatsAppContact.lid),
            col(WhatsAppMessage.short_id),
            col(ScheduledMessage.begun_at),
            is_seen,
        )
        .join(WhatsAppMessage, col(WhatsAppMessage.id) == col(ScheduledMessage.message_id))
        .join(WhatsAppSession, col(WhatsAppSession.id) == col(ScheduledMessage.session_id))
        .join(WhatsAppContact, col(WhatsAppContact.id) == col(ScheduledMessage.contact_id))
        .where(
            col(ScheduledMessage.status) == QueueStatus.UNKNOWN,
            col(WhatsAppSession.shard_key).in_(keys),
            or_(col(ScheduledMessage.done_at).is_(None), is_seen),
        )
        .order_by(col(ScheduledMessage.begun_at))
        .limit(most)
    )
    return [Lost(*row) for row in rows.tuples().all()]
