"""Proving who one is: e-mail and password against a one-time code that `/api/session` exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import limits, passwords, queries, rules
from cube_demper.domain.accounts.errors import WrongCredentials
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.models.accounts import TokenKind, User, UserToken

_log = get_logger()


class Step(StrEnum):
    """What follows a right password: the session, the code of the second factor, or its first set-up."""

    IN = "in"
    CODE = "code"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Proven:
    """A right password: `code` opens a session (IN), or the next step of the sign-in."""

    code: str
    step: Step = Step.IN


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
    is_strict: bool = False,
) -> Proven:
    """Check e-mail and password; return a code that opens a session once within 30 s.

    Of staff with a second factor it opens nothing yet but the question for that. `is_strict`: an admin
    without one gets one first.

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
    step = await _next_step(tx, user, is_strict=is_strict)
    if step is Step.IN:
        code = await issue_token(tx, user.id, TokenKind.LOGIN, rules.LOGIN_CODE_LIFE, now)
    else:
        code = await issue_token(tx, user.id, TokenKind.SECOND, rules.SECOND_TOKEN_LIFE, now)
    return Proven(code, step)


async def _next_step(tx: ReadTx, user: User, *, is_strict: bool) -> Step:
    if await queries.has_second_factor(tx, user.id):
        return Step.CODE
    return Step.ENROL if is_strict and Role(user.role) is Role.ADMIN else Step.IN


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
