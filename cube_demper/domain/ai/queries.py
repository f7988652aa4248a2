"""SQL of calls to language models."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, update
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.ai import AiCall, AiVerdict


async def take_turns(tx: WriteTx, user_id: UUID) -> None:
    """Let one reservation of a person's tokens follow another."""
    asked = text("SELECT pg_advisory_xact_lock(hashtextextended('ai_tokens:' || :user, 0))")
    await tx.execute(asked, {"user": str(user_id)})


async def give_up_lost(tx: WriteTx, user_id: UUID, before: datetime, now: datetime) -> None:
    """End the calls of a killed process; they count in full."""
    lost = (col(AiCall.user_id) == user_id, col(AiCall.verdict) == AiVerdict.RUNNING)
    await tx.execute(
        update(AiCall)
        .where(*lost, col(AiCall.started_at) < before)
        .values(verdict=AiVerdict.LOST, ended_at=now)
    )


async def spent_since(tx: ReadTx, user_id: UUID, since: datetime) -> int:
    """Return how many tokens a person's calls have cost, or may cost, since an instant."""
    mine = (AiCall.user_id == user_id, AiCall.started_at >= since)
    return int(await tx.scalar(select(func.coalesce(func.sum(AiCall.tokens), 0)).where(*mine)) or 0)


async def end_call(tx: WriteTx, call_id: UUID, values: dict[str, Any]) -> None:
    """Write down what came of a call."""
    await tx.execute(update(AiCall).where(col(AiCall.id) == call_id).values(**values))
