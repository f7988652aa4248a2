"""What admins do to people besides blocking: roles, sessions, the archive of their data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlmodel import col

from cube_demper.core.errors import Conflict, NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import people, queries
from cube_demper.domain.accounts.schemas import Actor, Role, StaffPerson
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import SecondFactor, User, UserRole
from cube_demper.models.stores import KaspiStore

_STAFF = (UserRole.ADMIN, UserRole.SUPPORT)
_LAST = "Это последний администратор: сначала назначьте другого."


async def set_role(tx: WriteTx, actor: Actor, user_id: UUID, role: Role, now: datetime) -> None:
    """Make a person a seller, support or admin; their sessions end, whatever app they are of.

    Raises PermissionDenied, NotFound, Conflict: for the last admin, and for a seller with stores.
    """
    actor.require_role(Role.ADMIN, Role.SYSTEM)
    await _hold_admins(tx)
    user = await tx.get(User, user_id, with_for_update=True)
    if user is None or user.deleted_at is not None:
        raise NotFound("Такого пользователя нет.")
    new, old = UserRole(role), UserRole(user.role)
    if new is old:
        return
    if old is UserRole.ADMIN and await _count_admins(tx) <= 1:
        raise Conflict(_LAST)
    if old is UserRole.USER and await _has_stores(tx, user_id):
        raise Conflict(
            "У этого продавца подключены магазины: сотруднику нужна отдельная учётная запись."
        )
    user.role = new
    await queries.revoke_sessions(tx, user_id, now)
    await audit.record(
        tx,
        actor,
        "role_changed",
        "user",
        user_id,
        owner=user_id,
        before={"role": old},
        after={"role": new},
    )
    tx.emit(f"user:{user_id}", "session")
    tx.emit("staff", "users", user_id)


async def end_sessions(tx: WriteTx, actor: Actor, user_id: UUID, now: datetime) -> int:
    """Sign a person out everywhere; return of how many browsers. Raises PermissionDenied."""
    actor.require_role(Role.ADMIN)
    count = await queries.revoke_sessions(tx, user_id, now)
    await audit.record(tx, actor, "sessions_ended", "user", user_id, owner=user_id, count=count)
    tx.emit(f"user:{user_id}", "session")
    return count


async def list_staff(tx: ReadTx, actor: Actor) -> list[StaffPerson]:
    """List admins and support people, admins first. Raises PermissionDenied."""
    actor.require_role(Role.ADMIN)
    has_second = exists().where(
        col(SecondFactor.user_id) == col(User.id), col(SecondFactor.confirmed_at).is_not(None)
    )
    rows = await tx.execute(
        select(User, has_second)
        .where(col(User.role).in_(_STAFF), col(User.deleted_at).is_(None))
        .order_by(col(User.role), col(User.created_at), col(User.id))
    )
    return [
        StaffPerson(
            id=user.id,
            email=user.email,
            name=user.full_name,
            role=Role(user.role),
            is_blocked=user.is_blocked,
            has_second_factor=bool(second),
            last_seen_at=user.last_seen_at,
        )
        for user, second in rows.tuples()
    ]


async def invite(
    tx: WriteTx, actor: Actor, email: str, *, name: str, role: Role, now: datetime
) -> UUID:
    """Make a member of staff who sets the password by a letter's link. Returns the id.

    Raises PermissionDenied, InvalidInput.
    """
    actor.require_role(Role.ADMIN)
    if UserRole(role) not in _STAFF:
        raise PermissionDenied
    return await people.invite_staff(tx, actor, email=email, name=name, role=role, now=now)


async def set_blocked(
    tx: WriteTx, actor: Actor, user_id: UUID, *, is_blocked: bool, now: datetime, reason: str = ""
) -> None:
    """Shut anybody out at once, or let them in again. Raises Conflict for the last admin."""
    actor.require_role(Role.ADMIN, Role.SYSTEM)
    await _hold_admins(tx)
    user = await tx.get(User, user_id)
    is_live_admin = user is not None and user.role == UserRole.ADMIN and not user.is_blocked
    if is_blocked and is_live_admin and await _count_admins(tx) <= 1:
        raise Conflict(_LAST)
    await people.set_blocked(tx, actor, user_id, is_blocked=is_blocked, now=now, reason=reason)


async def _hold_admins(tx: WriteTx) -> None:
    """Let one change of who is an admin happen at a time: two must not lower each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("admins"))))


async def _count_admins(tx: ReadTx) -> int:
    found = await tx.scalar(
        select(func.count())
        .select_from(User)
        .where(col(User.role) == UserRole.ADMIN, col(User.is_blocked).is_(False))
    )
    return int(found or 0)


async def _has_stores(tx: ReadTx, user_id: UUID) -> bool:
    return bool(await tx.scalar(select(exists().where(col(KaspiStore.user_id) == user_id))))
