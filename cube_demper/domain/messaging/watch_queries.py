"""SQL between turns: numbers that went away or may go on, messages whose worker is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, text, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import QueueStatus, ScheduledMessage
from cube_demper.models.messaging import WhatsAppSession

_SWEEP = text(
    """
    UPDATE whatsapp_sessions AS s SET next_at = :now
    WHERE s.next_at IS NULL AND s.paused_at IS NULL AND s.shard_key = ANY(:keys)
      AND EXISTS (SELECT 1 FROM whatsapp_settings AS w WHERE w.user_id = s.user_id
                  AND w.consented_at IS NOT NULL AND w.stopped_at IS NULL)
      AND EXISTS (SELECT 1 FROM scheduled_messages AS m
                  WHERE m.session_id = s.id AND m.status = 'waiting')
    """
)


async def sweep(tx: WriteTx, keys: list[int], now: datetime) -> None:
    """Look again at numbers that rest though something waits: agreed since, or gone on."""
    await tx.execute(_SWEEP, {"keys": keys, "now": now})


async def went_away(tx: WriteTx, keys: list[int], now: datetime) -> Sequence[WhatsAppSession]:
    """Note linked numbers that stopped working; return those, locked, that were signed out."""
    is_ours = col(WhatsAppSession.shard_key).in_(keys)
    was_linked = col(WhatsAppSession.linked_at).is_not(None)
    await tx.execute(
        update(WhatsAppSession)
        .where(
            is_ours,
            was_linked,
            col(WhatsAppSession.status) != "WORKING",
            col(WhatsAppSession.away_since).is_(None),
        )
        .values(away_since=now)
    )
    rows = await tx.scalars(
        select(WhatsAppSession)
        .where(
            is_ours,
            was_linked,
            col(WhatsAppSession.status) == "FAILED",
            col(WhatsAppSession.paused_at).is_(None),
        )
        .limit(50)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def left_behind(tx: ReadTx, keys: list[int], now: datetime, most: int) -> Sequence[UUID]:
    """Return messages in flight whose worker is gone: the lease of their number has ended."""
    rows = await tx.scalars(
        select(col(ScheduledMessage.id))
        .join(WhatsAppSession, col(WhatsAppSession.id) == col(ScheduledMessage.session_id))
        .where(
            col(ScheduledMessage.status) == QueueStatus.SENDING,
            col(WhatsAppSession.shard_key).in_(keys),
            or_(
                col(WhatsAppSession.claimed_until).is_(None),
                col(WhatsAppSession.claimed_until) <= now,
            ),
        )
        .limit(most)
    )
    return rows.all()
