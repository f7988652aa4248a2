"""SQL of quick answers; everything is the owner's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.inbox import WhatsAppQuickReply


def _of(user_id: UUID) -> Select[WhatsAppQuickReply]:
    return (
        select(WhatsAppQuickReply)
        .where(col(WhatsAppQuickReply.user_id) == user_id)
        .order_by(func.lower(col(WhatsAppQuickReply.title)))
    )


async def list_of(tx: ReadTx, user_id: UUID) -> Sequence[WhatsAppQuickReply]:
    """Return a seller's quick answers by name."""
    return (await tx.scalars(_of(user_id))).all()


async def lock_of(tx: WriteTx, user_id: UUID) -> Sequence[WhatsAppQuickReply]:
    """Return them; two tabs that save at once wait for each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"quick:{user_id}"))))
    return await list_of(tx, user_id)


async def find(tx: ReadTx, user_id: UUID, reply_id: UUID) -> WhatsAppQuickReply | None:
    """Return one of a seller's quick answers."""
    found: WhatsAppQuickReply | None = await tx.scalar(
        _of(user_id).where(col(WhatsAppQuickReply.id) == reply_id)
    )
    return found


async def remove(tx: WriteTx, user_id: UUID, reply_id: UUID) -> bool:
    """Delete one; False when there is none."""
    found = await tx.scalar(
        delete(WhatsAppQuickReply)
        .where(col(WhatsAppQuickReply.id) == reply_id, col(WhatsAppQuickReply.user_id) == user_id)
        .returning(col(WhatsAppQuickReply.id))
    )
    return found is not None
