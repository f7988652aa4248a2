"""SQL of stores' switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.schedule_queries import rules_of, wake
from cube_demper.models.messages import QueueStatus, ScheduledMessage
from cube_demper.models.messaging import (
    WhatsAppRule,
    WhatsAppSession,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.stores import KaspiStore

__all__ = [
    "StoreRow",
    "hand_over",
    "has_agreed",
    "list_stores",
    "owns_number",
    "owns_store",
    "rules_of",
    "save_rule",
    "save_talk",
]


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store with what it says of WhatsApp."""

    id: UUID
    name: str
    bonus: str
    is_enabled: bool
    language: str
    session_id: UUID | None
    number: str


async def list_stores(tx: ReadTx, user_id: UUID) -> Sequence[StoreRow]:
    """Return a seller's stores, as they are listed elsewhere: the oldest first."""
    talk = WhatsAppStore
    rows = await tx.execute(
        select(
            col(KaspiStore.id),
            col(KaspiStore.name),
            func.coalesce(col(KaspiStore.ai_review_bonus), ""),
            func.coalesce(col(talk.is_enabled), False),
            func.coalesce(col(talk.language), "ru"),
            col(talk.session_id),
            func.coalesce(col(WhatsAppSession.label), ""),
        )
        .outerjoin(talk, col(talk.store_id) == col(KaspiStore.id))
        .outerjoin(WhatsAppSession, col(WhatsAppSession.id) == col(talk.session_id))
        .where(col(KaspiStore.user_id) == user_id)
        .order_by(col(KaspiStore.created_at), col(KaspiStore.id))
    )
    return [StoreRow(*row) for row in rows.tuples().all()]


async def owns_store(tx: ReadTx, user_id: UUID, store_id: UUID) -> bool:
    """Tell whether the store is this seller's."""
    found = await tx.scalar(
        select(col(KaspiStore.id)).where(
            col(KaspiStore.id) == store_id, col(KaspiStore.user_id) == user_id
        )
    )
    return found is not None


async def owns_number(tx: ReadTx, user_id: UUID, session_id: UUID) -> bool:
    """Tell whether the number is this seller's."""
    found = await tx.scalar(
        select(col(WhatsAppSession.id)).where(
            col(WhatsAppSession.id) == session_id, col(WhatsAppSession.user_id) == user_id
        )
    )
    return found is not None


async def has_agreed(tx: ReadTx, user_id: UUID) -> bool:
    """Tell whether the seller has agreed to the risks."""
    agreed = await tx.scalar(
        select(col(WhatsAppSettings.consented_at)).where(col(WhatsAppSettings.user_id) == user_id)
    )
    return agreed is not None


async def save_rule(tx: WriteTx, store_id: UUID, event: str, *, is_on: bool, minutes: int) -> None:
    """Write one event's switch."""
    values = {"is_on": is_on, "delay_minutes": minutes}
    await tx.execute(
        insert(WhatsAppRule)
        .values(id=new_id(), store_id=store_id, trigger_event=event, **values)
        .on_conflict_do_update(index_elements=["store_id", "trigger_event"], set_=values)
    )


async def save_talk(
    tx: WriteTx, store_id: UUID, *, is_enabled: bool, language: str, session_id: UUID | None
) -> None:
    """Write a store's switch, language and number."""
    values = {"is_enabled": is_enabled, "language": language, "session_id": session_id}
    await tx.execute(
        insert(WhatsAppStore)
        .values(id=new_id(), store_id=store_id, **values)
        .on_conflict_do_update(index_elements=["store_id"], set_=values)
    )


async def hand_over(tx: WriteTx, store_id: UUID, session_id: UUID | None, now: datetime) -> None:
    """Give what waits of a store to another number."""
    await tx.execute(
        update(ScheduledMessage)
        .where(
            col(ScheduledMessage.store_id) == store_id,
            col(ScheduledMessage.status) == QueueStatus.WAITING,
            col(ScheduledMessage.session_id).is_distinct_from(session_id),
        )
        .values(session_id=session_id)
    )
    if session_id is not None:
        await wake(tx, session_id, now)
