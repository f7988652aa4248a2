"""SQL of who of support is there, and of chats that wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.support.rules import Place
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.support import ChatStatus, SupportChat, SupportDesk, SupportRound

_WAITING = (ChatStatus.PENDING, ChatStatus.REOPENED)
_STAFF = (UserRole.SUPPORT, UserRole.ADMIN)


def _loads() -> ColumnElement[int]:
    return (
        select(func.count())
        .where(
            col(SupportChat.assigned_to) == col(User.id),
            col(SupportChat.status) != ChatStatus.CLOSED,
        )
        .correlate(User)
        .scalar_subquery()
    )


def _is_there(seen_after: datetime) -> ColumnElement[bool]:
    return (col(SupportDesk.seen_at) > seen_after) & col(SupportDesk.is_available)


async def lock_places(tx: WriteTx, seen_after: datetime) -> list[Place]:
    """Return who takes chats now; two who give out chats at once wait for each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("support_sharing"))))
    rows = await tx.execute(
        select(col(User.id), _loads(), col(SupportDesk.most_chats))
        .join(SupportDesk, col(SupportDesk.user_id) == col(User.id))
        .where(col(User.role).in_(_STAFF), ~col(User.is_blocked), _is_there(seen_after))
    )
    return [Place(*row) for row in rows.tuples()]


async def is_anybody_there(tx: ReadTx, seen_after: datetime) -> bool:
    """Tell whether somebody takes chats now."""
    found = await tx.scalar(
        select(1)
        .select_from(User)
        .join(SupportDesk, col(SupportDesk.user_id) == col(User.id))
        .where(col(User.role).in_(_STAFF), ~col(User.is_blocked), _is_there(seen_after))
        .limit(1)
    )
    return found is not None


async def lock_waiting(tx: WriteTx, gone_before: datetime, limit: int) -> Sequence[SupportChat]:
    """Lock chats that nobody began with and nobody here will: the first in line by plan and time."""
    keeps = (
        select(1)
        .select_from(SupportDesk)
        .join(User, col(User.id) == col(SupportDesk.user_id))
        .where(
            col(SupportDesk.user_id) == col(SupportChat.assigned_to),
            ~col(User.is_blocked),
            col(User.role).in_(_STAFF),
            _is_there(gone_before),
        )
        .exists()
    )
    rows = await tx.scalars(
        select(SupportChat)
        .join(
            SupportRound,
            (col(SupportRound.chat_id) == col(SupportChat.id))
            & (col(SupportRound.number) == col(SupportChat.rounds)),
        )
        .where(
            col(SupportChat.status).in_(_WAITING),
            or_(col(SupportChat.assigned_to).is_(None), ~keeps),
        )
        .order_by(col(SupportRound.priority).desc(), col(SupportRound.opened_at))
        .limit(limit)
        .with_for_update(of=SupportChat, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def touch(tx: WriteTx, user_id: UUID, now: datetime) -> datetime | None:
    """Note that a person's page is open; return when it was before."""
    before: datetime | None = await tx.scalar(
        select(col(SupportDesk.seen_at)).where(col(SupportDesk.user_id) == user_id)
    )
    await tx.execute(
        insert(SupportDesk)
        .values(id=new_id(), user_id=user_id, seen_at=now)
        .on_conflict_do_update(index_elements=["user_id"], set_={"seen_at": now})
    )
    return before


async def set_available(
    tx: WriteTx, user_id: UUID, now: datetime, *, is_available: bool, most_chats: int | None
) -> None:
    """Say whether a person takes chats."""
    values: dict[str, object] = {"is_available": is_available, "seen_at": now}
    if most_chats is not None:
        values["most_chats"] = most_chats
    await tx.execute(
        insert(SupportDesk)
        .values(id=new_id(), user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )


async def leave(tx: WriteTx, user_id: UUID, long_ago: datetime) -> None:
    """Note that a person has signed out."""
    await tx.execute(
        update(SupportDesk).where(col(SupportDesk.user_id) == user_id).values(seen_at=long_ago)
    )


async def find(tx: ReadTx, user_id: UUID) -> SupportDesk | None:
    """Return a person's desk."""
    found: SupportDesk | None = await tx.scalar(
        select(SupportDesk).where(col(SupportDesk.user_id) == user_id)
    )
    return found


Sat = tuple[UUID, str, str, datetime | None, bool | None, int, int | None]
"""A person: id, name, e-mail; their desk: seen at, available; load, and the most they take."""


async def colleagues(tx: ReadTx) -> Sequence[Sat]:
    """Return all of support with their desks and loads."""
    query = (
        select(
            col(User.id),
            col(User.full_name),
            col(User.email),
            col(SupportDesk.seen_at),
            col(SupportDesk.is_available),
            _loads(),
            col(SupportDesk.most_chats),
        )
        .outerjoin(SupportDesk, col(SupportDesk.user_id) == col(User.id))
        .where(col(User.role).in_(_STAFF), ~col(User.is_blocked))
        .order_by(col(User.full_name), col(User.email))
        .limit(200)
    )
    return (await tx.execute(query)).tuples().all()
