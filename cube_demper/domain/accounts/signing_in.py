"""Proving who one is: e-mail and password against a one-time code that `/api/session` exchanges."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import limits, passwords, queries, rules
from cube_demper.domain.accounts.errors import WrongCredentials
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.models.accounts import TokenKind, User, UserToken

_log = get_logger()


async def sign_in(
    tx: WriteTx,
    actor: Actor,
    *,
    email: str,
    password: str,
    app: CubeApp,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> str:
    """Check e-mail and password; return a code that opens a session once within 30 s.

    Raises WrongCredentials, the same for an unknown e-mail and a wrong password; TooManyAttempts;
    PermissionDenied for a blocked person or one of another app, after a right password only.
    """
    email = email.strip()
    await limits.spend(attempts, "sign_in", limits.SIGN_IN, email=email, visitor=visitor, now=now)
    user = await queries.find_user_by_email(tx, email)
    fits = await passwords.password_matches(user.password_hash if user else None, password)
    if user is None or not fits:
        _log.info("sign_in_refused", app=app, ip=visitor.ip, by=actor.role)
        raise WrongCredentials(field="password")
    _check_allowed(user, app)
    if passwords.needs_new_hash(user.password_hash):
        user.password_hash = await passwords.hash_password(password)
    await limits.forgive(attempts, "sign_in", email=email, visitor=visitor)
    return await issue_token(tx, user.id, TokenKind.LOGIN, rules.LOGIN_CODE_LIFE, now)


def _check_allowed(user: User, app: CubeApp) -> None:
    if user.is_blocked:
        raise PermissionDenied("Доступ закрыт. Напишите в поддержку, чтобы узнать причину.")
    if Role(user.role) not in rules.APP_ROLES[app]:
        raise PermissionDenied("Эта учётная запись для другого приложения: войдите там.")


async def issue_token(
    tx: WriteTx, user_id: UUID, kind: TokenKind, life: timedelta, now: datetime
) -> str:
    """Make a one-time token; only its hash is kept."""
    token = new_token()
    tx.add(
        UserToken(user_id=user_id, kind=kind, token_hash=token_hash(token), expires_at=now + life)
    )
    await tx.flush()
    return token
