"""SQL of texts at hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.stores import KaspiStore
from cube_demper.models.support import SupportChat, SupportReply


def _all() -> Select[SupportReply]:
    return select(SupportReply).order_by(func.lower(col(SupportReply.shortcut))).limit(500)


async def list_all(tx: ReadTx) -> Sequence[SupportReply]:
    """Return all texts by shortcut."""
    return (await tx.scalars(_all())).all()


async def lock_all(tx: WriteTx) -> Sequence[SupportReply]:
    """Return them; two who save at once wait for each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("support_replies"))))
    return await list_all(tx)


async def remove(tx: WriteTx, reply_id: UUID) -> str | None:
    """Delete one; return its title, None when there is none."""
    title: str | None = await tx.scalar(
        delete(SupportReply)
        .where(col(SupportReply.id) == reply_id)
        .returning(col(SupportReply.title))
    )
    return title


async def use(tx: WriteTx, reply_id: UUID) -> str | None:
    """Count a use and return the text; None when there is none."""
    message: str | None = await tx.scalar(
        update(SupportReply)
        .where(col(SupportReply.id) == reply_id)
        .values(used=col(SupportReply.used) + 1)
        .returning(col(SupportReply.message))
    )
    return message


async def who_is_told(tx: ReadTx, chat_id: UUID) -> tuple[str, str | None] | None:
    """Return the name of a chat's person and that of the first store of whose business it is."""
    store = (
        select(col(KaspiStore.name))
        .where(col(KaspiStore.user_id) == func.coalesce(SupportChat.owner_id, SupportChat.user_id))
        .order_by(col(KaspiStore.created_at))
        .limit(1)
        .correlate(SupportChat)
        .scalar_subquery()
    )
    row = await tx.execute(
        select(col(User.full_name), store)
        .select_from(SupportChat)
        .join(User, col(User.id) == col(SupportChat.user_id))
        .where(col(SupportChat.id) == chat_id)
    )
    return row.tuples().one_or_none()
