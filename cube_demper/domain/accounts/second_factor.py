"""The second factor of staff: begun with a QR code, confirmed by its first code, asked at every sign-in.

A code works once: its step and all before are used up by one UPDATE, so of two at a time one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, NotFound, PermissionDenied
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import codes, limits, queries, rules
from cube_demper.domain.accounts.errors import LinkExpired, WrongCode
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.domain.accounts.signing_in import issue_token
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import RecoveryCode, SecondFactor, TokenKind, User


@dataclass(frozen=True, slots=True)
class Guard:
    """What checking a code takes."""

    secrets: SecretBox
    attempts: Attempts
    visitor: Visitor
    now: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is told: by a QR code of `address`, or by hand."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class FactorState:
    """Whether a person has the second factor, and how many recovery codes are left."""

    is_on: bool
    codes_left: int = 0


async def state_of(tx: ReadTx, actor: Actor) -> FactorState:
    """Say how the actor's own second factor stands."""
    left = await tx.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.user_id) == actor.person_id, col(RecoveryCode.used_at).is_(None))
    )
    return FactorState(await queries.has_second_factor(tx, actor.person_id), int(left or 0))


async def half_in(tx: ReadTx, token: str, now: datetime) -> Actor:
    """Return who has shown a password and not yet the second factor. Raises LinkExpired."""
    known = await queries.find_token(tx, token_hash(token), TokenKind.SECOND)
    user = await tx.get(User, known.user_id) if known else None
    if known is None or known.used_at or known.expires_at <= now or not user or user.is_blocked:
        raise LinkExpired("Время вышло: введите почту и пароль ещё раз.")
    return Actor(Role(user.role), user.id, user.email)


async def begin(tx: WriteTx, actor: Actor, secrets: SecretBox) -> Enrolment:
    """Return what to show to an authenticator; the same until it is confirmed. Raises Conflict after."""
    row = await _find(tx, actor.person_id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("Второй шаг входа уже включён.")
    if row is None:
        row = SecondFactor(user_id=actor.person_id, secret=secrets.encrypt(codes.new_secret()))
        tx.add(row)
        await tx.flush()
    secret = secrets.decrypt(row.secret)
    return Enrolment(secret, codes.address_of(secret, actor.email))


async def confirm(tx: WriteTx, actor: Actor, code: str, guard: Guard) -> list[str]:
    """Switch the second factor on by its first code; return the recovery codes, kept nowhere.

    Raises WrongCode, TooManyAttempts, Conflict.
    """
    row = await _find(tx, actor.person_id)
    if row is None or row.confirmed_at is not None:
        raise Conflict("Второй шаг входа уже включён: войдите ещё раз.")
    await _count_try(actor, guard)
    if not await _use(tx, row, code, guard):
        raise WrongCode(field="code")
    await _forgive(actor, guard)
    row.confirmed_at = guard.now
    made = await _new_codes(tx, actor.person_id)
    await audit.record(tx, actor, "second_factor_on", "user", actor.person_id)
    return made


async def check(tx: WriteTx, actor: Actor, code: str, guard: Guard) -> None:
    """Take a code of the authenticator, or a recovery code. Raises WrongCode, TooManyAttempts."""
    row = await _find(tx, actor.person_id)
    if row is None or row.confirmed_at is None:
        raise PermissionDenied
    await _count_try(actor, guard)
    typed = codes.tidy(code)
    if await _use(tx, row, typed, guard):
        await _forgive(actor, guard)
        return
    if not await _use_recovery(tx, actor.person_id, typed, guard.now):
        raise WrongCode(field="code")
    await _forgive(actor, guard)
    await audit.record(tx, actor, "recovery_code_used", "user", actor.person_id)


async def finish(tx: WriteTx, actor: Actor, token: str, now: datetime) -> str:
    """Exchange the half of a sign-in for the code that opens a session. Raises LinkExpired."""
    if await queries.use_token(tx, token_hash(token), TokenKind.SECOND, now) is None:
        raise LinkExpired("Время вышло: введите почту и пароль ещё раз.")
    life = rules.SECOND_TOKEN_LIFE
    return await issue_token(tx, actor.person_id, TokenKind.LOGIN, life, now)


async def new_codes(tx: WriteTx, actor: Actor) -> list[str]:
    """Replace the actor's recovery codes; return the new ones. Raises Conflict without a second factor."""
    if not await queries.has_second_factor(tx, actor.person_id):
        raise Conflict("Сначала включите второй шаг входа.")
    made = await _new_codes(tx, actor.person_id)
    await audit.record(tx, actor, "recovery_codes_renewed", "user", actor.person_id)
    return made


async def reset(tx: WriteTx, actor: Actor, user_id: UUID, now: datetime) -> None:
    """Take the second factor from somebody who lost it and end their sessions; never one's own.

    Raises PermissionDenied, NotFound.
    """
    actor.require_role(Role.ADMIN, Role.SYSTEM)
    if actor.user_id == user_id:
        raise PermissionDenied("Свой второй шаг сбросить нельзя: попросите другого администратора.")
    row = await _find(tx, user_id)
    if row is None:
        raise NotFound("Второй шаг входа у этого человека не включён.")
    await tx.delete(row)
    await tx.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    await queries.revoke_sessions(tx, user_id, now)
    await audit.record(tx, actor, "second_factor_reset", "user", user_id, owner=user_id)
    tx.emit(f"user:{user_id}", "session")


async def _find(tx: ReadTx, user_id: UUID) -> SecondFactor | None:
    found: SecondFactor | None = await tx.scalar(
        select(SecondFactor).where(col(SecondFactor.user_id) == user_id)
    )
    return found


async def _count_try(actor: Actor, guard: Guard) -> None:
    await limits.spend(
        guard.attempts,
        "second",
        limits.SECOND,
        email=actor.email,
        visitor=guard.visitor,
        now=guard.now,
    )


async def _forgive(actor: Actor, guard: Guard) -> None:
    await limits.forgive(guard.attempts, "second", email=actor.email, visitor=guard.visitor)


async def _use(tx: WriteTx, row: SecondFactor, code: str, guard: Guard) -> bool:
    step = codes.fitting_step(guard.secrets.decrypt(row.secret), code, guard.now, row.last_step)
    if step is None:
        return False
    won = await tx.scalar(
        update(SecondFactor)
        .where(col(SecondFactor.id) == row.id, col(SecondFactor.last_step) < step)
        .values(last_step=step)
        .returning(col(SecondFactor.id))
    )
    return won is not None


async def _use_recovery(tx: WriteTx, user_id: UUID, code: str, now: datetime) -> bool:
    used = await tx.scalar(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.user_id) == user_id,
            col(RecoveryCode.code_hash) == _recovery_hash(user_id, code),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
        .returning(col(RecoveryCode.id))
    )
    return used is not None


async def _new_codes(tx: WriteTx, user_id: UUID) -> list[str]:
    await tx.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    made = codes.new_recovery_codes()
    tx.add_all(
        RecoveryCode(user_id=user_id, code_hash=_recovery_hash(user_id, code)) for code in made
    )
    await tx.flush()
    return made


def _recovery_hash(user_id: UUID, code: str) -> bytes:
    return token_hash(f"{user_id} {code}")
