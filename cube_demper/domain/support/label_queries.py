"""SQL of labels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.support import SupportChatLabel, SupportLabel


async def list_all(tx: ReadTx) -> Sequence[SupportLabel]:
    """Return all labels by name."""
    rows = await tx.scalars(
        select(SupportLabel).order_by(func.lower(col(SupportLabel.title))).limit(200)
    )
    return rows.all()


async def title_of(tx: ReadTx, label_id: UUID) -> str | None:
    """Return what a label is called; None: there is no such label."""
    found: str | None = await tx.scalar(
        select(col(SupportLabel.title)).where(col(SupportLabel.id) == label_id)
    )
    return found


async def put(tx: WriteTx, chat_id: UUID, label_id: UUID, *, is_on: bool) -> bool:
    """Put a label on a chat or take it off; False when it is so already."""
    if is_on:
        changed = await tx.scalar(
            insert(SupportChatLabel)
            .values(id=new_id(), chat_id=chat_id, label_id=label_id)
            .on_conflict_do_nothing(index_elements=["chat_id", "label_id"])
            .returning(col(SupportChatLabel.id))
        )
    else:
        changed = await tx.scalar(
            delete(SupportChatLabel)
            .where(
                col(SupportChatLabel.chat_id) == chat_id,
                col(SupportChatLabel.label_id) == label_id,
            )
            .returning(col(SupportChatLabel.id))
        )
    return changed is not None


async def of_chats(tx: ReadTx, chat_ids: Collection[UUID]) -> Sequence[tuple[UUID, SupportLabel]]:
    """Return the labels of these chats."""
    rows = await tx.execute(
        select(col(SupportChatLabel.chat_id), SupportLabel)
        .join(SupportLabel, col(SupportLabel.id) == col(SupportChatLabel.label_id))
        .where(col(SupportChatLabel.chat_id).in_(chat_ids))
        .order_by(func.lower(col(SupportLabel.title)))
    )
    return rows.tuples().all()


async def lock_all(tx: WriteTx) -> Sequence[SupportLabel]:
    """Return all labels; two who save at once wait for each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("support_labels"))))
    return await list_all(tx)


async def remove(tx: WriteTx, label_id: UUID) -> str | None:
    """Delete one; return its title, None when there is none."""
    title: str | None = await tx.scalar(
        delete(SupportLabel)
        .where(col(SupportLabel.id) == label_id)
        .returning(col(SupportLabel.title))
    )
    return title
