"""A new password: by a link to the mailbox, or by the old one. Both end the other sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import limits, mailing, passwords, people, queries
from cube_demper.domain.accounts.errors import LinkExpired, WrongCredentials
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import TokenKind, User


async def request_reset(
    tx: WriteTx,
    actor: Actor,
    email: str,
    *,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> None:
    """Send a reset link, if there is somebody to send it to. Raises InvalidInput, TooManyAttempts."""
    email = people.checked_email(email)
    await limits.spend(attempts, "reset", limits.LETTER, email=email, visitor=visitor, now=now)
    user = await queries.find_user_by_email(tx, email)
    if user is not None and not user.is_blocked:
        await mailing.enqueue(tx, "reset_password", user.id, now)
        await audit.record(tx, actor, "reset_requested", "user", user.id, ip=visitor.ip)


async def is_reset_link_alive(
    tx: ReadTx,
    actor: Actor,  # noqa: ARG001 - whoever holds the link
    token: str,
    now: datetime,
) -> bool:
    """Tell whether a reset link still works, before the form is filled in."""
    known = await queries.find_token(tx, token_hash(token), TokenKind.RESET)
    return known is not None and known.used_at is None and known.expires_at > now


async def reset_password(
    tx: WriteTx, actor: Actor, *, token: str, password: str, now: datetime
) -> None:
    """Set a new password by a link of the last 30 minutes; it works once and ends every session.

    Raises LinkExpired; InvalidInput for a weak password, which leaves the link usable.
    """
    hashed = token_hash(token)
    user_id = await queries.use_token(tx, hashed, TokenKind.RESET, now)
    user = await tx.get(User, user_id) if user_id else None
    if user is None or user.is_blocked:
        raise LinkExpired
    people.check_password(password, user.email)
    user.password_hash = await passwords.hash_password(password)
    # Whoever reads the mailbox has proved that it is theirs.
    user.email_confirmed_at = user.email_confirmed_at or now
    await queries.discard_tokens(tx, user.id, TokenKind.RESET, now)
    await queries.discard_tokens(tx, user.id, TokenKind.LOGIN, now)
    await queries.revoke_sessions(tx, user.id, now)
    await mailing.enqueue(tx, "password_changed", user.id, now)
    await audit.record(tx, actor, "password_reset", "user", user.id)


async def change_password(
    tx: WriteTx,
    actor: Actor,
    *,
    current: str,
    new: str,
    session_id: UUID,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> None:
    """Set a new password by the old one; the other browsers are signed out.

    Raises WrongCredentials, InvalidInput, TooManyAttempts; PermissionDenied for an admin's visit.
    """
    actor.require_self()
    user = await tx.get(User, actor.person_id)
    if user is None:
        raise PermissionDenied
    await limits.spend(
        attempts, "password", limits.PASSWORD, email=user.email, visitor=visitor, now=now
    )
    if not await passwords.password_matches(user.password_hash, current):
        raise WrongCredentials("Нынешний пароль не подошёл.", field="current")
    people.check_password(new, user.email, field="new")
    user.password_hash = await passwords.hash_password(new)
    await queries.revoke_other_sessions(tx, user.id, session_id, now)
    await mailing.enqueue(tx, "password_changed", user.id, now)
    await audit.record(tx, actor, "password_changed", "user", user.id)
