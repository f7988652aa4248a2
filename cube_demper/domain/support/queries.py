"""SQL of one chat: found, locked, begun, written to, read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.columns import left_out
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.support import (
    ChatStatus,
    MessageKind,
    SupportChat,
    SupportFile,
    SupportMessage,
    SupportRound,
)

SHOWN = (MessageKind.USER, MessageKind.STAFF)
"""What the person sees: no notes, nothing of who did what to the chat."""


async def lock_chat(tx: WriteTx, chat_id: UUID) -> SupportChat | None:
    """Lock a chat: whoever writes or changes it comes one after another."""
    found: SupportChat | None = await tx.scalar(
        select(SupportChat)
        .where(col(SupportChat.id) == chat_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def lock_own(tx: WriteTx, user_id: UUID) -> SupportChat | None:
    """Lock a person's chat."""
    found: SupportChat | None = await tx.scalar(
        select(SupportChat)
        .where(col(SupportChat.user_id) == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def begin(tx: WriteTx, user_id: UUID, now: datetime) -> bool:
    """Begin a person's chat; False when it is there already, from another tab too."""
    added = await tx.scalar(
        insert(SupportChat)
        .values(id=new_id(), user_id=user_id, status=ChatStatus.PENDING, talked_at=now)
        .on_conflict_do_nothing(index_elements=["user_id"])
        .returning(col(SupportChat.id))
    )
    return added is not None


async def find_own(tx: ReadTx, user_id: UUID) -> SupportChat | None:
    """Return a person's chat."""
    found: SupportChat | None = await tx.scalar(
        select(SupportChat).where(col(SupportChat.user_id) == user_id)
    )
    return found


async def own_unread(tx: ReadTx, user_id: UUID) -> int:
    """Count answers that a person has not seen."""
    found = await tx.scalar(
        select(col(SupportChat.user_unread)).where(col(SupportChat.user_id) == user_id)
    )
    return int(found or 0)


async def exists(tx: ReadTx, chat_id: UUID) -> bool:
    """Tell whether there is such a chat."""
    return await tx.scalar(select(1).where(col(SupportChat.id) == chat_id)) is not None


async def round_of(tx: ReadTx, chat: SupportChat) -> SupportRound:
    """Return the present matter of a chat."""
    found: SupportRound | None = await tx.scalar(
        select(SupportRound).where(
            col(SupportRound.chat_id) == chat.id, col(SupportRound.number) == chat.rounds
        )
    )
    if found is None:
        raise LookupError(f"chat {chat.id} has no round {chat.rounds}")
    return found


async def find_said(tx: ReadTx, chat_id: UUID, key: str) -> SupportMessage | None:
    """Return the message with this key."""
    found: SupportMessage | None = await tx.scalar(
        select(SupportMessage).where(
            col(SupportMessage.chat_id) == chat_id, col(SupportMessage.key) == key
        )
    )
    return found


async def count_since(tx: ReadTx, chat_id: UUID, author_id: UUID, since: datetime) -> int:
    """Count what somebody wrote to a chat since then."""
    found = await tx.scalar(
        select(func.count()).where(
            col(SupportMessage.chat_id) == chat_id,
            col(SupportMessage.author_id) == author_id,
            col(SupportMessage.sent_at) > since,
        )
    )
    return int(found or 0)


async def add_message(tx: WriteTx, row: SupportMessage) -> int:
    """Add a message and return its number, which the database gives."""
    tx.add(row)
    await tx.flush()
    await tx.refresh(row, ["number"])
    return row.number


async def attach(
    tx: WriteTx,
    message: SupportMessage,
    file_ids: Collection[UUID],
    until: datetime,
) -> int:
    """Give its author's loose files to a message; return how many of them there were."""
    rows = await tx.scalars(
        update(SupportFile)
        .where(
            col(SupportFile.id).in_(file_ids),
            col(SupportFile.user_id) == message.author_id,
            col(SupportFile.message_id).is_(None),
            col(SupportFile.expires_at) > message.sent_at,
        )
        .values(message_id=message.id, expires_at=until)
        .returning(col(SupportFile.id))
    )
    return len(rows.all())


async def list_messages(
    tx: ReadTx,
    chat_id: UUID,
    kinds: Sequence[MessageKind],
    *,
    before: int | None,
    after: int | None,
    limit: int,
) -> Sequence[tuple[SupportMessage, str | None, str | None]]:
    """Return messages with their authors' names and addresses: the newest first, or the oldest after one."""
    number = col(SupportMessage.number)
    query = (
        select(SupportMessage, col(User.full_name), col(User.email))
        .outerjoin(User, col(User.id) == col(SupportMessage.author_id))
        .where(col(SupportMessage.chat_id) == chat_id, col(SupportMessage.kind).in_(kinds))
        .order_by(number if after is not None else number.desc())
        .limit(limit)
        .options(left_out(col(SupportMessage.words)))
    )
    if before is not None:
        query = query.where(number < before)
    if after is not None:
        query = query.where(number > after)
    return (await tx.execute(query)).tuples().all()


async def find_person(tx: ReadTx, user_id: UUID) -> User | None:
    """Return a person."""
    found: User | None = await tx.scalar(select(User).where(col(User.id) == user_id))
    return found


async def list_rounds(tx: ReadTx, chat_id: UUID, limit: int) -> Sequence[SupportRound]:
    """Return the newest matters of a chat."""
    rows = await tx.scalars(
        select(SupportRound)
        .where(col(SupportRound.chat_id) == chat_id)
        .order_by(col(SupportRound.number).desc())
        .limit(limit)
    )
    return rows.all()
