"""The password asked again, before what is dangerous: good for 10 minutes of one session."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import limits, passwords, rules
from cube_demper.domain.accounts.errors import WrongCredentials
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, SignedIn, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import User, UserSession


def is_proven(signed: SignedIn, now: datetime) -> bool:
    """Tell whether the password was shown in this session within the last 10 minutes."""
    return signed.proved_at is not None and now - signed.proved_at < rules.PROOF_LIFE


async def prove(
    tx: WriteTx,
    actor: Actor,
    session_id: UUID,
    password: str,
    *,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> None:
    """Check the actor's password once more. Raises WrongCredentials, TooManyAttempts, PermissionDenied."""
    user = await tx.get(User, actor.person_id)
    if user is None:
        raise PermissionDenied
    await limits.spend(
        attempts, "password", limits.PASSWORD, email=user.email, visitor=visitor, now=now
    )
    if not await passwords.password_matches(user.password_hash, password):
        raise WrongCredentials("Пароль не подошёл.", field="password")
    await tx.execute(
        update(UserSession)
        .where(col(UserSession.id) == session_id, col(UserSession.user_id) == user.id)
        .values(proved_at=now)
    )
    await audit.record(tx, actor, "password_proven", "user", user.id)
