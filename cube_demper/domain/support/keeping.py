"""What the worker does for support: chats without anybody, promises just broken, what is kept no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support import file_queries, keeping_queries, sharing
from cube_demper.domain.support.access import require_system
from cube_demper.domain.support.schemas import CHANNEL, CHAT_EVENT

KEPT_FOR: Final = timedelta(days=3 * 365)
"""Messages go after three years: as long as a claim may be made (Civil Code of Kazakhstan, art. 178)."""


async def tend(tx: WriteTx, actor: Actor, now: datetime, *, since: datetime) -> int:
    """Give out chats that wait for nobody, and wake pages where a promise broke since `since`.

    Returns how many chats were given. Raises PermissionDenied.
    """
    require_system(actor)
    for chat_id in await keeping_queries.broken_between(tx, since, now):
        tx.emit(CHANNEL, CHAT_EVENT, chat_id)
    return await sharing.share_out(tx, now)


async def forget_old(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Delete files whose time is over and messages of three years ago. Raises PermissionDenied."""
    require_system(actor)
    await file_queries.forget_expired(tx, now)
    await keeping_queries.forget_messages(tx, now - KEPT_FOR)
