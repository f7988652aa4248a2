"""All SQL of notifications."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.operations import Notification


def _values(tell: Tell) -> dict[str, object]:
    return {
        "id": new_id(),
        "user_id": tell.user_id,
        "owner_id": tell.owner_id,
        "store_id": tell.store_id,
        "kind": tell.kind,
        "title": tell.title,
        "body": tell.body,
        "link": tell.link,
        "dedupe_key": tell.dedupe_key,
    }


async def add_once(tx: WriteTx, tell: Tell) -> UUID | None:
    """Insert a notification unless its `dedupe_key` was told already; return the new id."""
    added: UUID | None = await tx.scalar(
        insert(Notification)
        .values(**_values(tell))
        .on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"])
        .returning(col(Notification.id))
    )
    return added


async def told_under(tx: ReadTx, dedupe_key: str) -> Sequence[UUID]:
    """Return the people who have a notification of this key."""
    told = select(col(Notification.user_id)).where(col(Notification.dedupe_key) == dedupe_key)
    return (await tx.scalars(told)).all()


async def add_or_replace(tx: WriteTx, tell: Tell, now: datetime) -> UUID:
    """Insert a notification, or give the one with its `dedupe_key` new words and make it unread."""
    statement = insert(Notification).values(**_values(tell), created_at=now)
    words = {name: statement.excluded[name] for name in ("title", "body", "link", "created_at")}
    written: UUID = (
        await tx.scalars(
            statement.on_conflict_do_update(
                index_elements=["user_id", "dedupe_key"], set_={**words, "read_at": None}
            ).returning(col(Notification.id))
        )
    ).one()
    return written


async def add_or_refresh(tx: WriteTx, tell: Tell, now: datetime) -> UUID | None:
    """Insert a notification, or give the one with its key other words, read or not; None: no change."""
    statement = insert(Notification).values(**_values(tell), created_at=now)
    words = {name: statement.excluded[name] for name in ("title", "body", "link")}
    written: UUID | None = await tx.scalar(
        statement.on_conflict_do_update(
            index_elements=["user_id", "dedupe_key"],
            set_=words,
            where=tuple_(
                col(Notification.title), col(Notification.body), col(Notification.link)
            ).is_distinct_from(tuple_(*words.values())),
        ).returning(col(Notification.id))
    )
    return written


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """The one door to notifications: a person's own, and those of the seller they work for now."""
    owner = col(Notification.owner_id)
    return and_(
        col(Notification.user_id) == actor.person_id,
        or_(owner.is_(None), owner == actor.acts_for),
    )


async def counts_of_user(tx: ReadTx, actor: Actor) -> dict[str, tuple[int, int]]:
    """Count a person's notifications by kind: all, and those not read."""
    rows = await tx.execute(
        select(
            col(Notification.kind),
            func.count(),
            func.count().filter(col(Notification.read_at).is_(None)),
        )
        .where(readable_by(actor))
        .group_by(col(Notification.kind))
    )
    return {kind: (total, unread) for kind, total, unread in rows.tuples()}


async def page_of_user(
    tx: ReadTx,
    actor: Actor,
    *,
    kinds: Collection[str] | None,
    only_unread: bool,
    limit: int,
    offset: int,
) -> Sequence[Notification]:
    """Return a page of a person's notifications, newest first; `kinds` None: of all kinds."""
    statement = select(Notification).where(readable_by(actor))
    if kinds is not None:
        statement = statement.where(col(Notification.kind).in_(kinds))
    if only_unread:
        statement = statement.where(col(Notification.read_at).is_(None))
    rows = await tx.scalars(
        statement.order_by(col(Notification.created_at).desc(), col(Notification.id))
        .limit(limit)
        .offset(offset)
    )
    return rows.all()


async def delete_before(tx: WriteTx, before: datetime) -> int:
    """Forget notifications older than `before`; return how many."""
    result = await tx.execute(delete(Notification).where(col(Notification.created_at) < before))
    assert isinstance(result, CursorResult)  # noqa: S101 - what DML always returns
    return int(result.rowcount)


async def list_of_user(
    tx: ReadTx, actor: Actor, limit: int, kinds: Collection[str] | None = None
) -> Sequence[Notification]:
    """List a person's latest notifications, of some kinds or of all."""
    query = select(Notification).where(readable_by(actor))
    if kinds is not None:
        query = query.where(col(Notification.kind).in_(kinds))
    return (
        await tx.scalars(query.order_by(col(Notification.created_at).desc()).limit(limit))
    ).all()


async def count_unread(tx: ReadTx, actor: Actor) -> int:
    """Count what a person has not read."""
    found = await tx.scalar(
        select(func.count())
        .select_from(Notification)
        .where(readable_by(actor), col(Notification.read_at).is_(None))
    )
    return int(found or 0)


async def mark_read(
    tx: WriteTx, actor: Actor, now: datetime, *, notification_id: UUID | None = None
) -> None:
    """Mark a person's notifications as read, all or one."""
    statement = update(Notification).where(readable_by(actor), col(Notification.read_at).is_(None))
    if notification_id is not None:
        statement = statement.where(col(Notification.id) == notification_id)
    await tx.execute(statement.values(read_at=now))
