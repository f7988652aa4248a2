"""SQL of files that go with messages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.support.queries import SHOWN
from cube_demper.domain.support.schemas import FileHead
from cube_demper.models.support import SupportChat, SupportFile, SupportMessage

_HEAD: tuple[Any, ...] = (
    col(SupportFile.id),
    col(SupportFile.name),
    col(SupportFile.mimetype),
    col(SupportFile.size),
    col(SupportFile.width),
    col(SupportFile.height),
)


async def count_since(tx: WriteTx, user_id: UUID, since: datetime) -> tuple[int, int]:
    """Return how many files a person has added since then, and their bytes; uploads wait in line."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"support_files:{user_id}"))))
    row = await tx.execute(
        select(func.count(), func.coalesce(func.sum(SupportFile.size), 0)).where(
            col(SupportFile.user_id) == user_id, col(SupportFile.added_at) >= since
        )
    )
    count, size = row.tuples().one()
    return int(count), int(size)


async def of_messages(tx: ReadTx, message_ids: Collection[UUID]) -> list[tuple[UUID, FileHead]]:
    """Return the files of these messages, without their content."""
    rows = await tx.execute(
        select(col(SupportFile.message_id), *_HEAD)
        .where(col(SupportFile.message_id).in_(message_ids))
        .order_by(col(SupportFile.added_at), col(SupportFile.id))
    )
    return [(row[0], FileHead(*row[1:])) for row in rows]


async def find_for_staff(tx: ReadTx, file_id: UUID, user_id: UUID) -> SupportFile | None:
    """Return a file of a message, or one that this person has just uploaded."""
    found: SupportFile | None = await tx.scalar(
        select(SupportFile).where(
            col(SupportFile.id) == file_id,
            or_(col(SupportFile.message_id).is_not(None), col(SupportFile.user_id) == user_id),
        )
    )
    return found


async def find_for_person(tx: ReadTx, file_id: UUID, user_id: UUID) -> SupportFile | None:
    """Return a file of this person's chat that is no note's, or one that they have just uploaded."""
    shown = (
        select(col(SupportMessage.id))
        .join(SupportChat, col(SupportChat.id) == col(SupportMessage.chat_id))
        .where(col(SupportChat.user_id) == user_id, col(SupportMessage.kind).in_(SHOWN))
    )
    found: SupportFile | None = await tx.scalar(
        select(SupportFile).where(
            col(SupportFile.id) == file_id,
            or_(
                col(SupportFile.message_id).in_(shown),
                col(SupportFile.message_id).is_(None) & (col(SupportFile.user_id) == user_id),
            ),
        )
    )
    return found


async def forget_expired(tx: WriteTx, now: datetime) -> None:
    """Delete files that are kept no more."""
    await tx.execute(delete(SupportFile).where(col(SupportFile.expires_at) <= now))
