"""All SQL of notifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models import Notification


async def add_once(tx: WriteTx, tell: Tell) -> UUID | None:
    """Insert a notification unless its `dedupe_key` was told already; return the new id."""
    added: UUID | None = await tx.scalar(
        insert(Notification)
        .values(
            id=new_id(),
            user_id=tell.user_id,
            store_id=tell.store_id,
            kind=tell.kind,
            title=tell.title,
            body=tell.body,
            link=tell.link,
            dedupe_key=tell.dedupe_key,
        )
        .on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"])
        .returning(col(Notification.id))
    )
    return added


async def add_or_replace(tx: WriteTx, tell: Tell, now: datetime) -> UUID:
    """Insert a notification, or give the one with its `dedupe_key` new words and make it unread."""
    statement = insert(Notification).values(
        id=new_id(),
        user_id=tell.user_id,
        store_id=tell.store_id,
        kind=tell.kind,
        title=tell.title,
        body=tell.body,
        link=tell.link,
        dedupe_key=tell.dedupe_key,
        created_at=now,
    )
    words = {name: statement.excluded[name] for name in ("title", "body", "link", "created_at")}
    written: UUID = (
        await tx.scalars(
            statement.on_conflict_do_update(
                index_elements=["user_id", "dedupe_key"], set_={**words, "read_at": None}
            ).returning(col(Notification.id))
        )
    ).one()
    return written


async def list_of_user(tx: ReadTx, user_id: UUID, limit: int) -> Sequence[Notification]:
    """List a person's latest notifications."""
    rows = await tx.scalars(
        select(Notification)
        .where(col(Notification.user_id) == user_id)
        .order_by(col(Notification.created_at).desc())
        .limit(limit)
    )
    return rows.all()


async def count_unread(tx: ReadTx, user_id: UUID) -> int:
    """Count what a person has not read."""
    found = await tx.scalar(
        select(func.count())
        .select_from(Notification)
        .where(col(Notification.user_id) == user_id, col(Notification.read_at).is_(None))
    )
    return int(found or 0)


async def mark_read(
    tx: WriteTx, user_id: UUID, now: datetime, *, notification_id: UUID | None = None
) -> None:
    """Mark a person's notifications as read, all or one."""
    statement = update(Notification).where(
        col(Notification.user_id) == user_id, col(Notification.read_at).is_(None)
    )
    if notification_id is not None:
        statement = statement.where(col(Notification.id) == notification_id)
    await tx.execute(statement.values(read_at=now))
