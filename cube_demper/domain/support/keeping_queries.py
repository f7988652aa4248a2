"""SQL of the worker's part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.support import SupportMessage, SupportRound

_AT_ONCE = 5000
_SHOWN = 200


async def broken_between(tx: ReadTx, since: datetime, until: datetime) -> Sequence[UUID]:
    """Return chats whose promise ran out in between and was not kept."""
    answer, resolve = col(SupportRound.answer_due_at), col(SupportRound.resolve_due_at)
    rows = await tx.scalars(
        select(col(SupportRound.chat_id))
        .where(
            col(SupportRound.closed_at).is_(None),
            or_(
                and_(answer > since, answer <= until, col(SupportRound.answered_at).is_(None)),
                and_(resolve > since, resolve <= until),
            ),
        )
        .limit(_SHOWN)
    )
    return rows.all()


async def forget_messages(tx: WriteTx, before: datetime) -> None:
    """Delete old messages, some thousands at a time."""
    old = (
        select(col(SupportMessage.id))
        .where(col(SupportMessage.sent_at) < before)
        .limit(_AT_ONCE)
        .scalar_subquery()
    )
    await tx.execute(delete(SupportMessage).where(col(SupportMessage.id).in_(old)))
