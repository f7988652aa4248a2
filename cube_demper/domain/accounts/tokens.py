"""Tokens of programs that act for an admin: shown once, kept as a hash, each with its scopes and its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.core.errors import InvalidFields, NotFound, PermissionDenied
from cube_demper.core.ids import new_token, token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import AdminToken, User, UserRole

MOST_DAYS: Final = 365
PREFIX: Final = "cube_admin_"
"""So that a token that leaked is recognised."""
_SEEN_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token opens."""

    BLOCK = "users:block"
    ROLE = "users:role"
    DELETE = "users:delete"
    EXTEND = "subscriptions:extend"


WORDS: Final = {
    Scope.BLOCK: "блокировать и разблокировать",
    Scope.ROLE: "менять роли",
    Scope.DELETE: "удалять пользователей",
    Scope.EXTEND: "продлевать подписки",
}


class TokenRefused(PermissionDenied):
    """Токен не подходит: он неверный, отозван, истёк или не имеет этого права."""

    code = "admin_token"


async def create(
    tx: WriteTx, actor: Actor, title: str, scopes: Collection[str], days: int, *, now: datetime
) -> str:
    """Make a token; it is returned this once. Raises PermissionDenied, InvalidFields."""
    actor.require_role(Role.ADMIN)
    title = " ".join(title.split())
    faults = {}
    if not 1 <= len(title) <= 80:
        faults["title"] = "Назовите токен, до 80 знаков."
    if not scopes or not set(scopes) <= set(Scope):
        faults["scopes"] = "Выберите, что токену можно."
    if not 1 <= days <= MOST_DAYS:
        faults["days"] = f"От 1 до {MOST_DAYS} дней."
    if faults:
        raise InvalidFields(faults)
    token = PREFIX + new_token()
    row = AdminToken(
        title=title,
        token_hash=token_hash(token),
        scopes=sorted(set(scopes)),
        user_id=actor.person_id,
        expires_at=now + timedelta(days=days),
    )
    tx.add(row)
    await tx.flush()
    await audit.record(
        tx, actor, "admin_token_created", "admin_token", row.id, title=title, scopes=row.scopes
    )
    return token


async def listing(tx: ReadTx, actor: Actor) -> Sequence[tuple[AdminToken, str]]:
    """List tokens that are not revoked, newest first, with whose each is. Raises PermissionDenied."""
    actor.require_role(Role.ADMIN)
    rows = await tx.execute(
        select(AdminToken, col(User.email))
        .join(User, col(User.id) == col(AdminToken.user_id))
        .where(col(AdminToken.revoked_at).is_(None))
        .order_by(col(AdminToken.created_at).desc(), col(AdminToken.id))
        .limit(100)
    )
    return [(row[0], row[1]) for row in rows]


async def revoke(tx: WriteTx, actor: Actor, token_id: UUID, now: datetime) -> None:
    """End a token at once. Raises PermissionDenied, NotFound."""
    actor.require_role(Role.ADMIN)
    title = await tx.scalar(
        update(AdminToken)
        .where(col(AdminToken.id) == token_id, col(AdminToken.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(AdminToken.title))
    )
    if title is None:
        raise NotFound("Этот токен уже отозван.")
    await audit.record(tx, actor, "admin_token_revoked", "admin_token", token_id, title=title)


async def admit(tx: WriteTx, token: str, scope: Scope, visitor: Visitor, now: datetime) -> Actor:
    """Return the admin for whom a token acts. Raises TokenRefused, always in the same words."""
    found = (
        await tx.execute(
            select(AdminToken, User)
            .join(User, col(User.id) == col(AdminToken.user_id))
            .where(
                col(AdminToken.token_hash) == token_hash(token),
                col(AdminToken.revoked_at).is_(None),
                col(AdminToken.expires_at) > now,
                col(User.is_blocked).is_(False),
                col(User.role) == UserRole.ADMIN,
            )
        )
    ).one_or_none()
    if found is None or scope not in found[0].scopes:
        raise TokenRefused
    row, user = found
    if row.last_used_at is None or now - row.last_used_at > _SEEN_EVERY:
        row.last_used_at, row.last_ip = now, visitor.ip
        await tx.flush()
    return Actor(Role.ADMIN, user.id, user.email, ip=visitor.ip, token_id=row.id)
