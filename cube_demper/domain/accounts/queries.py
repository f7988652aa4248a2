"""All SQL about people, their sessions and one-time tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, Update, delete, func, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import SecondFactor, TokenKind, User, UserSession, UserToken


async def find_user_by_email(tx: ReadTx, email: str) -> User | None:
    """Find a person by e-mail, whatever the case of its letters."""
    found: User | None = await tx.scalar(
        select(User).where(func.lower(col(User.email)) == email.lower())
    )
    return found


async def referral_code_exists(tx: ReadTx, code: str) -> bool:
    """Tell whether somebody has this referral code already."""
    return await tx.scalar(select(col(User.id)).where(col(User.referral_code) == code)) is not None


async def find_user_by_referral_code(tx: ReadTx, code: str) -> User | None:
    """Find the person whose friends come with `code`."""
    found: User | None = await tx.scalar(select(User).where(col(User.referral_code) == code))
    return found


async def find_live_session(
    tx: ReadTx, token_hash: bytes, app: str, now: datetime
) -> tuple[UserSession, User] | None:
    """Find a session of `app` that is neither expired nor revoked, with its person."""
    found = (
        await tx.execute(
            select(UserSession, User)
            .join(User, col(User.id) == col(UserSession.user_id))
            .where(
                col(UserSession.token_hash) == token_hash,
                col(UserSession.app) == app,
                col(UserSession.revoked_at).is_(None),
                col(UserSession.expires_at) > now,
            )
        )
    ).one_or_none()
    return found.tuple() if found else None


async def list_live_sessions(
    tx: ReadTx, user_id: UUID, app: str, now: datetime
) -> Sequence[UserSession]:
    """List the browsers signed in to `app`, newest first."""
    return (
        await tx.scalars(
            select(UserSession)
            .where(
                col(UserSession.user_id) == user_id,
                col(UserSession.app) == app,
                col(UserSession.revoked_at).is_(None),
                col(UserSession.expires_at) > now,
            )
            .order_by(col(UserSession.created_at).desc())
        )
    ).all()


async def revoke_session(
    tx: WriteTx, token_hash: bytes, app: str, now: datetime
) -> UserSession | None:
    """Revoke one session by its token; return it, if it was live."""
    session: UserSession | None = await tx.scalar(
        update(UserSession)
        .where(
            col(UserSession.token_hash) == token_hash,
            col(UserSession.app) == app,
            col(UserSession.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .returning(UserSession)
    )
    return session


async def revoke_sessions(
    tx: WriteTx, user_id: UUID, now: datetime, *, session_id: UUID | None = None
) -> int:
    """Revoke all live sessions of a person, or the one named; return how many."""
    statement = _live_of(user_id)
    if session_id is not None:
        statement = statement.where(col(UserSession.id) == session_id)
    return await _count(tx, statement.values(revoked_at=now))


async def revoke_other_sessions(tx: WriteTx, user_id: UUID, kept: UUID, now: datetime) -> int:
    """Revoke all live sessions of a person but one; return how many."""
    statement = _live_of(user_id).where(col(UserSession.id) != kept)
    return await _count(tx, statement.values(revoked_at=now))


def _live_of(user_id: UUID) -> Update:
    return update(UserSession).where(
        col(UserSession.user_id) == user_id, col(UserSession.revoked_at).is_(None)
    )


async def use_token(tx: WriteTx, token_hash: bytes, kind: TokenKind, now: datetime) -> UUID | None:
    """Use up a live token; return whose it was. Of two at the same time one wins."""
    user_id: UUID | None = await tx.scalar(
        update(UserToken)
        .where(
            col(UserToken.token_hash) == token_hash,
            col(UserToken.kind) == kind,
            col(UserToken.used_at).is_(None),
            col(UserToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(UserToken.user_id))
    )
    return user_id


async def find_token(tx: ReadTx, token_hash: bytes, kind: TokenKind) -> UserToken | None:
    """Find a token, used and expired ones too."""
    found: UserToken | None = await tx.scalar(
        select(UserToken).where(
            col(UserToken.token_hash) == token_hash, col(UserToken.kind) == kind
        )
    )
    return found


async def discard_tokens(tx: WriteTx, user_id: UUID, kind: TokenKind, now: datetime) -> None:
    """Make every unused token of this kind useless."""
    await tx.execute(
        update(UserToken)
        .where(
            col(UserToken.user_id) == user_id,
            col(UserToken.kind) == kind,
            col(UserToken.used_at).is_(None),
        )
        .values(used_at=now)
    )


async def has_second_factor(tx: ReadTx, user_id: UUID) -> bool:
    """Tell whether a person has confirmed an authenticator."""
    found = await tx.scalar(
        select(col(SecondFactor.id)).where(
            col(SecondFactor.user_id) == user_id, col(SecondFactor.confirmed_at).is_not(None)
        )
    )
    return found is not None


async def delete_dead(tx: WriteTx, before: datetime) -> int:
    """Delete tokens and sessions that ended before `before`; return how many."""
    tokens = await _count(tx, delete(UserToken).where(col(UserToken.expires_at) < before))
    return tokens + await _count(
        tx, delete(UserSession).where(col(UserSession.expires_at) < before)
    )


async def _count(tx: WriteTx, statement: object) -> int:
    result = await tx.execute(statement)  # type: ignore[call-overload]
    assert isinstance(result, CursorResult)  # noqa: S101 - what DML always returns
    return int(result.rowcount)
