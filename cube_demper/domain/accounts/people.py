"""New people, made by themselves or by the operator, and people shut out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.ids import new_id, new_token
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import mailing, passwords, queries, rules
from cube_demper.domain.accounts.errors import EmailTaken
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.models.accounts import User, UserRole

_OPERATORS = (Role.SYSTEM, Role.ADMIN)


async def create_user(
    tx: WriteTx,
    actor: Actor,
    *,
    email: str,
    password: str,
    role: Role,
    now: datetime,
    full_name: str = "",
) -> UUID:
    """Create a person with a confirmed e-mail, as the operator may. Returns the id.

    Raises InvalidInput, EmailTaken, PermissionDenied.
    """
    if actor.role not in _OPERATORS:
        raise PermissionDenied
    email = checked_email(email)
    check_password(password, email)
    if await queries.find_user_by_email(tx, email) is not None:
        raise EmailTaken
    user = await add_user(
        tx,
        email=email,
        password_hash=await passwords.hash_password(password),
        role=role,
        now=now,
        full_name=full_name,
    )
    user.email_confirmed_at = now
    await audit.record(tx, actor, "user_created", "user", user.id, role=role)
    return user.id


async def invite_staff(
    tx: WriteTx, actor: Actor, *, email: str, name: str, role: Role, now: datetime
) -> UUID:
    """Create a member of staff without a password: a letter's link sets it. Returns the id.

    Raises InvalidInput, PermissionDenied.
    """
    if actor.role not in _OPERATORS:
        raise PermissionDenied
    email = checked_email(email)
    if await queries.find_user_by_email(tx, email) is not None:
        raise InvalidInput("Человек с такой почтой уже есть: смените ему роль.", field="email")
    locked = await passwords.hash_password(new_token())
    user = await add_user(
        tx, email=email, password_hash=locked, role=role, now=now, full_name=name.strip()[:120]
    )
    await mailing.enqueue(tx, "staff_welcome", user.id, now)
    await audit.record(tx, actor, "user_created", "user", user.id, owner=user.id, role=role)
    return user.id


async def id_of(tx: ReadTx, actor: Actor, email: str) -> UUID:
    """Return the id of the person with this e-mail. Raises NotFound, PermissionDenied."""
    if actor.role not in _OPERATORS:
        raise PermissionDenied
    user = await queries.find_user_by_email(tx, email)
    if user is None:
        raise NotFound("Пользователя с такой почтой нет.")
    return user.id


async def confirm_user(tx: WriteTx, actor: Actor, email: str, now: datetime) -> None:
    """Confirm an e-mail without a letter, as the operator may. Raises NotFound, PermissionDenied."""
    if actor.role not in _OPERATORS:
        raise PermissionDenied
    user = await queries.find_user_by_email(tx, email)
    if user is None:
        raise NotFound("Пользователя с такой почтой нет.")
    user.email_confirmed_at = user.email_confirmed_at or now
    await audit.record(tx, actor, "email_confirmed", "user", user.id)


async def set_blocked(
    tx: WriteTx, actor: Actor, user_id: UUID, *, is_blocked: bool, now: datetime, reason: str = ""
) -> None:
    """Shut a person out at once, or let them in again; never oneself.

    Raises NotFound, PermissionDenied, Conflict for a deleted one.
    """
    if actor.role not in _OPERATORS or actor.user_id == user_id:
        raise PermissionDenied
    user = await tx.get(User, user_id)
    if user is None:
        raise NotFound
    if user.deleted_at is not None:
        raise Conflict("Этот пользователь удалён.")
    was, user.is_blocked = user.is_blocked, is_blocked
    if is_blocked:
        await queries.revoke_sessions(tx, user_id, now)
        tx.emit(f"user:{user_id}", "session")
    await audit.record(
        tx,
        actor,
        "user_blocked" if is_blocked else "user_unblocked",
        "user",
        user_id,
        owner=user_id,
        before={"is_blocked": was},
        after={"is_blocked": is_blocked},
        **({"reason": reason.strip()[:300]} if reason.strip() else {}),
    )
    tx.emit("staff", "users", user_id)


async def add_user(
    tx: WriteTx,
    *,
    email: str,
    password_hash: str,
    role: Role,
    now: datetime,
    full_name: str = "",
) -> User:
    """Add a person with a free referral code; a seller gets the trial."""
    user_id = await _free_id(tx)
    user = User(
        id=user_id,
        email=email,
        password_hash=password_hash,
        role=UserRole(role),
        referral_code=str(user_id)[:8],
        full_name=full_name,
    )
    tx.add(user)
    await tx.flush()
    if role is Role.USER:
        await billing.start_trial(tx, SYSTEM, user.id, now)
    return user


async def _free_id(tx: ReadTx) -> UUID:
    """Draw an id whose first 8 characters are nobody's referral code yet."""
    while True:
        user_id = new_id()
        if not await queries.referral_code_exists(tx, str(user_id)[:8]):
            return user_id


def checked_email(email: str) -> str:
    """Return `email` in its normal form. Raises InvalidInput."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise InvalidInput("Проверьте почту: похоже, в адресе опечатка.", field="email") from None


def check_password(password: str, email: str, *, field: str = "password") -> None:
    """Refuse a password that is easy to guess. Raises InvalidInput."""
    if fault := rules.password_fault(password, email):
        raise InvalidInput(fault, field=field)


async def has_confirmed_email(tx: ReadTx, actor: Actor, user_id: UUID) -> bool:
    """Tell whether this person's e-mail is confirmed. Raises PermissionDenied for anybody else's."""
    if actor.role is not Role.SYSTEM and user_id != actor.owner_id:
        raise PermissionDenied
    user = await tx.get(User, user_id)
    return user is not None and user.email_confirmed_at is not None
