"""SQL of talks with buyers: what was said, by the salesman and by people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.messages import MessageKind, WhatsAppMessage
from cube_demper.models.salesman import SalesmanMessage, ThoughtStatus, Trigger

_HAND = (MessageKind.REPLY, MessageKind.LETTER)


async def last_talk(tx: ReadTx, contact_id: UUID, limit: int) -> list[WhatsAppMessage]:
    """Return the last messages with a buyer, the oldest first."""
    rows = await tx.scalars(
        select(WhatsAppMessage)
        .where(col(WhatsAppMessage.contact_id) == contact_id)
        .order_by(col(WhatsAppMessage.happened_at).desc())
        .limit(limit)
    )
    return [*reversed(rows.all())]


async def last_thought(tx: ReadTx, contact_id: UUID, since: datetime) -> SalesmanMessage | None:
    """Return what the salesman last said to a buyer, or handed over."""
    said = (ThoughtStatus.QUEUED, ThoughtStatus.HANDED_OVER)
    found: SalesmanMessage | None = await tx.scalar(
        select(SalesmanMessage)
        .where(
            col(SalesmanMessage.contact_id) == contact_id,
            col(SalesmanMessage.status).in_(said),
            col(SalesmanMessage.created_at) >= since,
        )
        .order_by(col(SalesmanMessage.created_at).desc())
        .limit(1)
    )
    return found


async def last_written_at(tx: ReadTx, contact_id: UUID) -> datetime | None:
    """Return when the salesman last thought of writing first to a buyer."""
    found: datetime | None = await tx.scalar(
        select(func.max(col(SalesmanMessage.created_at))).where(
            col(SalesmanMessage.contact_id) == contact_id,
            col(SalesmanMessage.trigger) != Trigger.REPLY,
            col(SalesmanMessage.status).in_(
                (ThoughtStatus.PLANNED, ThoughtStatus.WAITING, ThoughtStatus.QUEUED)
            ),
        )
    )
    return found


async def has_person_answered(tx: ReadTx, contact_id: UUID, since: datetime) -> bool:
    """Tell whether the seller wrote to a buyer by hand, here or on the phone, since an instant."""
    by_hand = or_(col(WhatsAppMessage.kind).in_(_HAND), col(WhatsAppMessage.kind).is_(None))
    found = await tx.scalar(
        select(col(WhatsAppMessage.id))
        .where(
            col(WhatsAppMessage.contact_id) == contact_id,
            col(WhatsAppMessage.is_outgoing),
            col(WhatsAppMessage.happened_at) >= since,
            by_hand,
        )
        .limit(1)
    )
    return found is not None


async def count_replies(tx: ReadTx, contact_id: UUID, since: datetime) -> int:
    """Count the salesman's answers to a buyer since an instant."""
    counted = select(func.count()).where(
        col(SalesmanMessage.contact_id) == contact_id,
        col(SalesmanMessage.trigger) == Trigger.REPLY,
        col(SalesmanMessage.created_at) >= since,
    )
    return int(await tx.scalar(counted) or 0)
