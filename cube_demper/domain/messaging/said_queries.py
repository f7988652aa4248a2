"""SQL of the hashes of what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, null, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import ScheduledMessage, WhatsAppMessage


@dataclass(frozen=True, slots=True)
class SaidText:
    """A message that was said; `body` is sealed."""

    id: UUID
    contact_id: UUID
    text_hash: bytes
    body: str
    media: dict[str, Any] | None


async def rows_after(tx: ReadTx, after: UUID | None, limit: int) -> Sequence[SaidText]:
    """Return messages with a hash in the order of their ids."""
    query = (
        select(
            col(ScheduledMessage.id),
            col(ScheduledMessage.contact_id),
            col(ScheduledMessage.text_hash),
            col(WhatsAppMessage.body),
            col(WhatsAppMessage.media),
        )
        .join(WhatsAppMessage, col(WhatsAppMessage.id) == col(ScheduledMessage.message_id))
        .where(col(ScheduledMessage.text_hash).is_not(None))
        .order_by(col(ScheduledMessage.id))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(ScheduledMessage.id) > after)
    return [SaidText(*row) for row in (await tx.execute(query)).tuples()]


async def put(tx: WriteTx, row: SaidText, fresh: bytes) -> bool:
    """Write a hash under the new key, unless it changed since; another row that has it is enough."""
    other = aliased(ScheduledMessage)
    is_there = exists().where(
        col(other.contact_id) == row.contact_id, col(other.text_hash) == fresh
    )
    found = await tx.scalar(
        update(ScheduledMessage)
        .where(col(ScheduledMessage.id) == row.id, col(ScheduledMessage.text_hash) == row.text_hash)
        .values(text_hash=case((is_there, null()), else_=fresh))
        .returning(col(ScheduledMessage.id))
    )
    return found is not None
