"""SQL of files that go with messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.inbox import WhatsAppFile
from cube_demper.models.messages import WhatsAppMessage


@dataclass(frozen=True, slots=True)
class FileHead:
    """A file without its content."""

    id: UUID
    name: str
    mimetype: str
    size: int


async def count_since(tx: WriteTx, user_id: UUID, since: datetime) -> int:
    """Count what a seller has added since then; two uploads at once wait for each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"whatsapp_files:{user_id}"))))
    found = await tx.scalar(
        select(func.count()).where(
            col(WhatsAppFile.user_id) == user_id, col(WhatsAppFile.added_at) >= since
        )
    )
    return int(found or 0)


async def find(tx: ReadTx, user_id: UUID, file_id: UUID, now: datetime) -> FileHead | None:
    """Return a seller's file that is still kept."""
    row = await tx.execute(
        select(
            col(WhatsAppFile.id),
            col(WhatsAppFile.name),
            col(WhatsAppFile.mimetype),
            col(WhatsAppFile.size),
        ).where(
            col(WhatsAppFile.id) == file_id,
            col(WhatsAppFile.user_id) == user_id,
            col(WhatsAppFile.expires_at) > now,
        )
    )
    found = row.tuples().one_or_none()
    return FileHead(*found) if found else None


async def content_of(tx: ReadTx, file_id: UUID) -> bytes | None:
    """Return a file's sealed content."""
    found: bytes | None = await tx.scalar(
        select(col(WhatsAppFile.content)).where(col(WhatsAppFile.id) == file_id)
    )
    return found


async def media_of(tx: ReadTx, user_id: UUID, message_id: UUID) -> dict[str, Any] | None:
    """Return what goes with a message of a seller's talks."""
    found: dict[str, Any] | None = await tx.scalar(
        select(col(WhatsAppMessage.media)).where(
            col(WhatsAppMessage.id) == message_id, col(WhatsAppMessage.user_id) == user_id
        )
    )
    return found


async def forget_expired(tx: WriteTx, now: datetime) -> None:
    """Delete files that are kept no more."""
    await tx.execute(delete(WhatsAppFile).where(col(WhatsAppFile.expires_at) <= now))
