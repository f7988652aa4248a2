"""What is read of chats. Signatures first, bodies follow within the hour.

Beside it for staff: `replies` (list_all, save, remove, fill), `labels` (list_all, save, remove), `desks`
(touch, set_available, leave, colleagues), `ui.typing` (say, who): typing lives in Redis alone.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support.schemas import (
    ChatCard,
    Found,
    InboxCounts,
    InboxPage,
    InboxQuery,
    MessagePage,
    OwnChat,
    PersonStats,
)


async def inbox(tx: ReadTx, actor: Actor, asked: InboxQuery, now: datetime) -> InboxPage:
    """Return a page of chats, the newest first (or the most urgent). Staff only: PermissionDenied."""
    raise NotImplementedError


async def counts(tx: ReadTx, actor: Actor, now: datetime) -> InboxCounts:
    """Count chats for the inbox's tabs. Staff only."""
    raise NotImplementedError


async def chat(tx: ReadTx, actor: Actor, chat_id: UUID, now: datetime) -> ChatCard:
    """Return a chat. Staff only. Raises ChatNotFound."""
    raise NotImplementedError


async def messages(
    tx: ReadTx,
    actor: Actor,
    chat_id: UUID | None,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 40,
) -> MessagePage:
    """Return the newest messages, those before a `number`, or those after one (for live pages).

    A person gets their own chat alone (`chat_id` None), without notes. Raises ChatNotFound.
    """
    raise NotImplementedError


async def own_chat(tx: ReadTx, actor: Actor, now: datetime) -> OwnChat | None:
    """Return the actor's own chat with support; None: they never wrote. Role.USER."""
    raise NotImplementedError


async def unread(tx: ReadTx, actor: Actor) -> int:
    """Count answers that the actor has not seen. Role.USER."""
    raise NotImplementedError


async def search(
    tx: ReadTx, actor: Actor, text: str, *, before: int | None = None, limit: int = 30
) -> list[Found]:
    """Search all messages and notes by Russian words, the newest first; `before`: a `number`. Staff only."""
    raise NotImplementedError


async def stats(tx: ReadTx, actor: Actor, since: datetime, until: datetime) -> list[PersonStats]:
    """Return what each support person did. Staff only; who is no admin gets their own row alone."""
    raise NotImplementedError
