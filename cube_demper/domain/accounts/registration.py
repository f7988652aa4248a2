"""Signing up: never says whether an e-mail is known; the letter does, to its owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.errors import InvalidFields, InvalidInput
from cube_demper.core.ids import token_hash
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import limits, mailing, passwords, people, queries, rules
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import TokenKind, User


@dataclass(frozen=True, slots=True)
class Registration:
    """What a new person tells us."""

    email: str
    password: str
    full_name: str = ""
    referral_code: str = ""
    has_agreed: bool = False


async def register(
    tx: WriteTx,
    actor: Actor,
    form: Registration,
    *,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> None:
    """Create the account and its letter, or only a letter «вы уже зарегистрированы».

    The answer and the work are the same in both cases. Raises InvalidFields, TooManyAttempts.
    """
    email = _checked(form)
    await limits.spend(attempts, "register", limits.REGISTER, email=email, visitor=visitor, now=now)
    password_hash = await passwords.hash_password(form.password)
    known = await queries.find_user_by_email(tx, email)
    if known is not None:
        await mailing.enqueue(tx, "already_registered", known.id, now)
        return
    inviter = await _find_inviter(tx, form.referral_code)
    user = await people.add_user(
        tx,
        email=email,
        password_hash=password_hash,
        role=Role.USER,
        now=now,
        referred_by=inviter.id if inviter else None,
        full_name=form.full_name.strip()[:120],
    )
    await mailing.enqueue(tx, "confirm_email", user.id, now)
    await audit.record(tx, actor, "registered", "user", user.id, ip=visitor.ip)


def _checked(form: Registration) -> str:
    """Return the e-mail in its normal form. Raises InvalidFields with all that is wrong."""
    email, faults = form.email, dict[str, str]()
    try:
        email = people.checked_email(form.email)
    except InvalidInput as error:
        faults |= error.faults
    if fault := rules.password_fault(form.password, email):
        faults["password"] = fault
    if not form.has_agreed:
        faults["agree"] = "Без согласия с условиями учётную запись не создать."
    if faults:
        raise InvalidFields(faults)
    return email


async def _find_inviter(tx: WriteTx, code: str) -> User | None:
    if not code:
        return None
    return await queries.find_user_by_referral_code(tx, code.strip().lower()[:8])


async def request_confirmation(
    tx: WriteTx,
    actor: Actor,  # noqa: ARG001 - anybody may ask; the letter goes to the owner of the mailbox
    email: str,
    *,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> None:
    """Send the confirmation letter again, if there is somebody to confirm.

    Raises InvalidInput, TooManyAttempts.
    """
    email = people.checked_email(email)
    await limits.spend(attempts, "confirm", limits.LETTER, email=email, visitor=visitor, now=now)
    user = await queries.find_user_by_email(tx, email)
    if user is not None and user.email_confirmed_at is None and not user.is_blocked:
        await mailing.enqueue(tx, "confirm_email", user.id, now)


async def confirm_email(tx: WriteTx, actor: Actor, token: str, now: datetime) -> bool:
    """Confirm the e-mail that a letter's link came to; False when the link is dead, again is fine.

    Nobody is signed in by this: a link may have been sent to somebody else on purpose.
    """
    hashed = token_hash(token)
    user_id = await queries.use_token(tx, hashed, TokenKind.EMAIL, now)
    if user_id is None:
        known = await queries.find_token(tx, hashed, TokenKind.EMAIL)
        user_id = known.user_id if known and known.used_at else None
    user = await tx.get(User, user_id) if user_id else None
    if user is None:
        return False
    if user.email_confirmed_at is None:
        user.email_confirmed_at = now
        await audit.record(tx, actor, "email_confirmed", "user", user.id)
    return True
