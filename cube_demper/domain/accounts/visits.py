"""An admin signed in as a seller: with a reason, marked, 30 minutes long, audited from begin to end.

The session's actor has `impersonated_by`: a manager's rights, nothing personal, no money.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.core.ids import new_token, token_hash
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import rules
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import TokenKind, User, UserRole, UserSession, UserToken

END_TOPIC = "visit.end"


async def begin(tx: WriteTx, actor: Actor, user_id: UUID, reason: str, now: datetime) -> str:
    """Return a code that opens a visit to a seller once within 30 s.

    Raises PermissionDenied, NotFound, InvalidInput without a reason, Conflict for who is no live seller.
    """
    actor.require_role(Role.ADMIN)
    if len(reason := reason.strip()) < 3:
        raise InvalidInput("Напишите, зачем: это останется в журнале.", field="reason")
    user = await tx.get(User, user_id)
    if user is None:
        raise NotFound("Такого пользователя нет.")
    if user.role != UserRole.USER or user.is_blocked or user.deleted_at:
        raise Conflict("Войти можно только под продавцом с открытым доступом.")
    code = new_token()
    tx.add(
        UserToken(
            user_id=user_id,
            kind=TokenKind.VISIT,
            token_hash=token_hash(code),
            expires_at=now + rules.LOGIN_CODE_LIFE,
            issued_by=actor.person_id,
        )
    )
    await tx.flush()
    await audit.record(
        tx, actor, "visit_begun", "user", user_id, owner=user_id, reason=reason[:300]
    )
    return rules.VISIT_SIGN + code


async def begun(tx: WriteTx, session: UserSession) -> None:
    """See to it that a visit's end is noted when nobody ends it."""
    ends_at = session.expires_at + timedelta(seconds=1)
    await outbox.enqueue(tx, END_TOPIC, session.id, {"session_id": str(session.id)}, ends_at)


async def record_end(tx: WriteTx, actor: Actor, session: UserSession) -> None:
    """Note that a visit was ended and let its pages go."""
    await outbox.call_off(tx, END_TOPIC, session.id, session.revoked_at or session.expires_at)
    person = replace(
        actor, role=Role.USER, user_id=session.user_id, impersonated_by=session.impersonated_by
    )
    if actor.role is Role.SYSTEM:
        person = replace(SYSTEM, impersonated_by=session.impersonated_by)
    await audit.record(
        tx,
        person,
        "visit_ended",
        "user",
        session.user_id or "",
        owner=session.user_id,
        begun_at=session.created_at.isoformat(),
    )
    tx.emit(f"user:{session.user_id}", "session")


async def expire(tx: WriteTx, actor: Actor, payload: dict[str, str], now: datetime) -> None:
    """End a visit whose time is over. Raises PermissionDenied."""
    actor.require_role(Role.SYSTEM)
    session = await tx.get(UserSession, UUID(payload["session_id"]), with_for_update=True)
    if session is not None:
        session.revoked_at = session.revoked_at or now
        await record_end(tx, actor, session)
