"""Signed-in browsers: opened by a one-time code, read anew on every event, revoked at will."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import queries, rules, staff_queries, visits
from cube_demper.domain.accounts.rights import VISITORS
from cube_demper.domain.accounts.schemas import Actor, Role, SessionRow, SignedIn, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import TokenKind, User, UserSession, UserToken
from cube_demper.models.staff import Area


async def find_signed_in(
    tx: ReadTx, token: str | None, app: CubeApp, now: datetime
) -> SignedIn | None:
    """Read who is behind a session cookie of `app`; a blocked person is nobody."""
    if not token:
        return None
    found = await queries.find_live_session(tx, token_hash(token), app, now)
    if found is None or found[1].is_blocked:
        return None
    session, user = found
    if Role(user.role) not in rules.APP_ROLES[app]:
        return None
    actor, owner_name = Actor(Role(user.role), user.id, user.email), ""
    membership = None
    if session.impersonated_by is not None:
        actor = replace(
            actor,
            acts_for=user.id,
            rights=VISITORS,
            impersonated_by=session.impersonated_by,
        )
    elif user.acts_for is not None and actor.role is Role.USER:
        membership = await staff_queries.find_membership(tx, user.acts_for, user.id)
    if membership is not None:
        member, owner = membership
        rights = frozenset(Area(it) for it in member.rights)
        actor = replace(actor, acts_for=owner.id, rights=rights)
        owner_name = owner.full_name or owner.email
    return SignedIn(
        session_id=session.id,
        actor=actor,
        full_name=user.full_name,
        locale=user.locale,
        is_email_confirmed=user.email_confirmed_at is not None,
        last_seen_at=user.last_seen_at,
        owner_name=owner_name,
        expires_at=session.expires_at,
        proved_at=session.proved_at,
    )


async def open_session(
    tx: WriteTx,
    actor: Actor,  # noqa: ARG001 - nobody yet: the code says who it is
    code: str,
    *,
    app: CubeApp,
    visitor: Visitor,
    now: datetime,
) -> str:
    """Exchange a one-time sign-in code for a session; return its token, which is kept nowhere.

    A code of an admin's visit begins with `rules.VISIT_SIGN`. Raises InvalidInput when the code is
    unknown, used or older than 30 s.
    """
    used = await _use_code(tx, code, now)
    user = await tx.get(User, used.user_id) if used else None
    if (
        used is None
        or user is None
        or user.is_blocked
        or Role(user.role) not in rules.APP_ROLES[app]
    ):
        raise InvalidInput("Вход не завершён: войдите ещё раз.", code="sign_in_code")
    admin_id = used.issued_by
    session, token = new_session(app, visitor, now, user_id=user.id)
    if admin_id is not None:
        session.impersonated_by, session.expires_at = admin_id, now + rules.VISIT_LIFE
    tx.add(session)
    await tx.flush()
    person = Actor(Role(user.role), user.id, user.email, impersonated_by=admin_id, ip=visitor.ip)
    await audit.record(tx, person, "signed_in", "user", user.id, app=app, ip=visitor.ip)
    if admin_id is None:
        user.last_seen_at = now
    else:
        await visits.begun(tx, session)
    return token


async def _use_code(tx: WriteTx, code: str, now: datetime) -> UserToken | None:
    is_visit = code.startswith(rules.VISIT_SIGN)
    kind = TokenKind.VISIT if is_visit else TokenKind.LOGIN
    hashed = token_hash(code.removeprefix(rules.VISIT_SIGN))
    if await queries.use_token(tx, hashed, kind, now) is None:
        return None
    return await queries.find_token(tx, hashed, kind)


def new_session(
    app: CubeApp,
    visitor: Visitor,
    now: datetime,
    *,
    user_id: UUID | None = None,
    partner_id: UUID | None = None,
) -> tuple[UserSession, str]:
    """Make a signed-in browser of a user or a partner, and the token that its cookie holds."""
    token = new_token()
    session = UserSession(
        token_hash=token_hash(token),
        app=app,
        ip=visitor.ip,
        user_agent=visitor.user_agent[:300],
        expires_at=now + rules.SESSION_LIFE,
        created_at=now,
        user_id=user_id,
        partner_id=partner_id,
    )
    return session, token


async def sign_out(tx: WriteTx, actor: Actor, token: str, app: CubeApp, now: datetime) -> None:
    """Revoke the session behind `token`; an unknown one is signed out already."""
    session = await queries.revoke_session(tx, token_hash(token), app, now)
    if session is None or session.user_id is None:
        return
    if session.impersonated_by is not None:
        await visits.record_end(tx, actor, session)
        return
    person = actor if actor.user_id == session.user_id else Actor(Role.USER, session.user_id)
    person = replace(person, ip=actor.ip)
    await audit.record(tx, person, "signed_out", "user", session.user_id, app=app)


async def sign_out_everywhere(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Revoke every session of the actor, in all apps; return how many."""
    count = await queries.revoke_sessions(tx, actor.person_id, now)
    await audit.record(tx, actor, "signed_out_everywhere", "user", actor.person_id)
    return count


async def revoke_session(tx: WriteTx, actor: Actor, session_id: UUID, now: datetime) -> None:
    """Sign one of the actor's own browsers out. Raises NotFound for anybody else's."""
    if not await queries.revoke_sessions(tx, actor.person_id, now, session_id=session_id):
        raise NotFound("Этот сеанс уже завершён.")
    await audit.record(tx, actor, "session_revoked", "user_session", session_id)


async def list_sessions(
    tx: ReadTx, actor: Actor, app: CubeApp, now: datetime, *, current: UUID | None = None
) -> list[SessionRow]:
    """List the actor's own signed-in browsers, newest first."""
    return [
        SessionRow(
            id=row.id,
            ip=row.ip,
            user_agent=row.user_agent,
            created_at=row.created_at,
            expires_at=row.expires_at,
            is_current=row.id == current,
        )
        for row in await queries.list_live_sessions(tx, actor.person_id, app, now)
    ]


async def touch(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Note that the actor was seen now."""
    user = await tx.get(User, actor.person_id)
    if user is not None and actor.impersonated_by is None:
        user.last_seen_at = now


async def delete_dead(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Delete tokens and sessions that ended a month ago; return how many. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return await queries.delete_dead(tx, now - rules.SESSION_LIFE)
