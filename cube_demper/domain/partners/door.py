"""How partners sign in: as sellers do, but by their own table and into their own app alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import limits, passwords, rules
from cube_demper.domain.accounts.errors import WrongCredentials
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Role, SignedIn, Visitor
from cube_demper.domain.accounts.sessions import new_session
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import queries
from cube_demper.models.partners import Partner, PartnerToken, PartnerTokenKind

_log = get_logger()


def actor_of(partner: Partner) -> Actor:
    """Return the actor that a partner is."""
    return Actor(Role.PARTNER, email=partner.email, partner_id=partner.id)


async def find_signed_in(
    tx: ReadTx, token: str | None, app: CubeApp, now: datetime
) -> SignedIn | None:
    """Read who is behind a session cookie of the partner app; a blocked partner is nobody."""
    if not token or app is not CubeApp.PARTNER:
        return None
    found = await queries.find_live_session(tx, token_hash(token), now)
    if found is None or found[1].is_blocked:
        return None
    session, partner = found
    return SignedIn(
        session_id=session.id,
        actor=actor_of(partner),
        full_name=partner.full_name,
        locale="ru",
        is_email_confirmed=True,
        last_seen_at=partner.last_seen_at,
    )


async def sign_in(
    tx: WriteTx,
    actor: Actor,
    *,
    email: str,
    password: str,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> str:
    """Check e-mail and password; return a code that opens a session once within 30 s.

    Raises WrongCredentials, the same for an unknown e-mail and a wrong password; TooManyAttempts;
    PermissionDenied for a blocked partner, after a right password only.
    """
    email = email.strip()
    await limits.spend(
        attempts, "partner_sign_in", limits.SIGN_IN, email=email, visitor=visitor, now=now
    )
    partner = await queries.find_by_email(tx, email)
    stored = partner.password_hash if partner else None
    if not await passwords.password_matches(stored, password) or partner is None:
        _log.info("sign_in_refused", app=CubeApp.PARTNER, ip=visitor.ip, by=actor.role)
        raise WrongCredentials(field="password")
    if partner.is_blocked:
        raise PermissionDenied("Доступ закрыт. Напишите в поддержку, чтобы узнать причину.")
    await limits.forgive(attempts, "partner_sign_in", email=email, visitor=visitor)
    life = rules.LOGIN_CODE_LIFE
    return await issue_token(tx, partner.id, PartnerTokenKind.LOGIN, life, now)


async def prove(
    tx: ReadTx,
    actor: Actor,
    password: str,
    *,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
    field: str = "password",
) -> None:
    """Ask the actor's own password again. Raises WrongCredentials of `field`, TooManyAttempts."""
    partner = await tx.get(Partner, actor.own_partner_id)
    stored = partner.password_hash if partner else None
    await limits.spend(
        attempts,
        "partner_password",
        limits.PASSWORD,
        email=actor.email or "",
        visitor=visitor,
        now=now,
    )
    if not await passwords.password_matches(stored, password):
        raise WrongCredentials("Пароль не подошёл.", field=field)


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

    Raises InvalidInput when the code is unknown, used or older than 30 s.
    """
    partner_id = await queries.use_token(tx, token_hash(code), PartnerTokenKind.LOGIN, now)
    partner = await tx.get(Partner, partner_id) if partner_id else None
    if partner is None or partner.is_blocked or app is not CubeApp.PARTNER:
        raise InvalidInput("Вход не завершён: войдите ещё раз.", code="sign_in_code")
    session, token = new_session(app, visitor, now, partner_id=partner.id)
    tx.add(session)
    partner.last_seen_at = now
    await audit.record(
        tx, actor_of(partner), "signed_in", "partner", partner.id, app=app, ip=visitor.ip
    )
    return token


async def sign_out(tx: WriteTx, actor: Actor, token: str, app: CubeApp, now: datetime) -> None:
    """Revoke the session behind `token`; an unknown one is signed out already."""
    partner_id = await queries.revoke_session(tx, token_hash(token), now)
    if partner_id is not None:
        await audit.record(tx, actor, "signed_out", "partner", partner_id, app=app)


async def touch(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Note that the partner was seen now."""
    partner = await tx.get(Partner, actor.own_partner_id)
    if partner is not None:
        partner.last_seen_at = now


async def issue_token(
    tx: WriteTx, partner_id: UUID, kind: PartnerTokenKind, life: timedelta, now: datetime
) -> str:
    """Make a one-time token; only its hash is kept."""
    token = new_token()
    tx.add(
        PartnerToken(
            partner_id=partner_id, kind=kind, token_hash=token_hash(token), expires_at=now + life
        )
    )
    await tx.flush()
    return token


async def forget_dead(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Delete tokens that ended a month ago, as users' are. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    await queries.delete_dead_tokens(tx, now - rules.SESSION_LIFE)
