"""Signing up: never says whether an e-mail is known; the letter does, to its owner alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.errors import InvalidFields, InvalidInput
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import limits, mailing, passwords, people, queries, rules
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import service as partners
from cube_demper.domain.partners.rules import same_mailbox
from cube_demper.domain.partners.schemas import CameBy
from cube_demper.domain.switches import service as switches
from cube_demper.models.accounts import TokenKind, User
from cube_demper.models.steering import Switch


@dataclass(frozen=True, slots=True)
class Registration:
    """What a new person tells us."""

    email: str
    password: str
    full_name: str = ""
    referral_code: str = ""
    has_agreed: bool = False
    came_by: CameBy = field(default_factory=CameBy)
    """Which partner sent them; `came_by.code` may be a friend's code too."""


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

    The answer and the work are the same in both cases. Raises InvalidFields, TooManyAttempts, SwitchedOff.
    """
    await switches.require(tx, Switch.REGISTRATION, "Регистрация временно закрыта.")
    if form.came_by.code.strip():  # its answer tells which codes there are
        await limits.spend(
            attempts, "promo_code", limits.PROMO_CODE, email="", visitor=visitor, now=now
        )
    email = await _checked(tx, form)
    await limits.spend(attempts, "register", limits.REGISTER, email=email, visitor=visitor, now=now)
    password_hash = await passwords.hash_password(form.password)
    known = await queries.find_user_by_email(tx, email)
    if known is not None:
        await mailing.enqueue(tx, "already_registered", known.id, now)
        return
    user = await people.add_user(
        tx,
        email=email,
        password_hash=password_hash,
        role=Role.USER,
        now=now,
        full_name=form.full_name.strip()[:120],
    )
    await _bind(tx, user, form, visitor, now)
    await mailing.enqueue(tx, "confirm_email", user.id, now)
    await audit.record(tx, actor, "registered", "user", user.id, ip=visitor.ip)


async def _checked(tx: ReadTx, form: Registration) -> str:
    """Return the e-mail in its normal form. Raises InvalidFields with all that is wrong."""
    email, faults = form.email, dict[str, str]()
    try:
        email = people.checked_email(form.email)
    except InvalidInput as error:
        faults |= error.faults
    if fault := rules.password_fault(form.password, email):
        faults["password"] = fault
    if form.came_by.code.strip() and not await _is_known_code(tx, form.came_by.code):
        faults["promo_code"] = "Такого промокода нет: проверьте его или оставьте поле пустым."
    if not form.has_agreed:
        faults["agree"] = "Без согласия с условиями учётную запись не создать."
    if faults:
        raise InvalidFields(faults)
    return email


async def _is_known_code(tx: ReadTx, typed: str) -> bool:
    return await partners.is_partner_code(tx, typed) or await _find_inviter(tx, typed) is not None


async def _bind(
    tx: WriteTx, user: User, form: Registration, visitor: Visitor, now: datetime
) -> None:
    """Bind a new seller to whoever sent them: whom they named, else a partner, else a friend."""
    named = await _find_friend(tx, user, form.came_by.code)
    if named is None and await partners.bind(tx, user, form.came_by, visitor, now):
        return
    friend = named or await _find_friend(tx, user, form.referral_code)
    if friend is not None:
        user.referred_by = friend.id
        tx.emit(f"user:{friend.id}", "referrals")


async def _find_friend(tx: ReadTx, user: User, code: str) -> User | None:
    """Find who invited a seller; nobody invites themselves."""
    inviter = await _find_inviter(tx, code)
    is_own = inviter is not None and same_mailbox(inviter.email, user.email)
    return None if is_own else inviter


async def _find_inviter(tx: ReadTx, code: str) -> User | None:
    if not code.strip():
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
