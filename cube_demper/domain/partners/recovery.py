"""A partner's new password: by a link to the mailbox, as an invitation begins, or by the old one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import limits, passwords
from cube_demper.domain.accounts.errors import LinkExpired
from cube_demper.domain.accounts.people import check_password, checked_email
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import mailing, queries
from cube_demper.domain.partners.door import actor_of, prove
from cube_demper.models.partners import Partner, PartnerTokenKind


async def request_reset(
    tx: WriteTx,
    actor: Actor,  # noqa: ARG001 - anybody may ask; the letter goes to the owner of the mailbox
    email: str,
    *,
    visitor: Visitor,
    attempts: Attempts,
    now: datetime,
) -> None:
    """Send a reset link, if there is somebody to send it to. Raises InvalidInput, TooManyAttempts."""
    email = checked_email(email)
    await limits.spend(
        attempts, "partner_reset", limits.LETTER, email=email, visitor=visitor, now=now
    )
    partner = await queries.find_by_email(tx, email)
    if partner is not None and not partner.is_blocked:
        await mailing.enqueue(tx, mailing.RESET, partner.id, now)


async def is_link_alive(
    tx: ReadTx,
    actor: Actor,  # noqa: ARG001 - whoever holds the link
    token: str,
    now: datetime,
) -> bool:
    """Tell whether a link still works, before the form is filled in."""
    return await queries.is_token_alive(tx, token_hash(token), PartnerTokenKind.RESET, now)


async def reset_password(
    tx: WriteTx,
    actor: Actor,  # noqa: ARG001 - the link says who it is
    *,
    token: str,
    password: str,
    now: datetime,
) -> None:
    """Set a password by a link; it works once and ends every session.

    Raises LinkExpired; InvalidInput for a weak password, which leaves the link usable.
    """
    partner_id = await queries.use_token(tx, token_hash(token), PartnerTokenKind.RESET, now)
    partner = await tx.get(Partner, partner_id) if partner_id else None
    if partner is None or partner.is_blocked:
        raise LinkExpired
    check_password(password, partner.email)
    partner.password_hash = await passwords.hash_password(password)
    await queries.discard_tokens(tx, partner.id, now)
    await queries.revoke_sessions(tx, partner.id, now)
    await mailing.enqueue(tx, mailing.PASSWORD, partner.id, now)
    await audit.record(tx, actor_of(partner), "password_reset", "partner", partner.id)


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
    """Set a new password by the old one; the other browsers are signed out, links to set one are dead.

    Raises WrongCredentials, InvalidInput, TooManyAttempts, PermissionDenied.
    """
    partner = await queries.lock(tx, actor.own_partner_id)
    if partner is None or partner.is_blocked:
        raise PermissionDenied
    await prove(tx, actor, current, visitor=visitor, attempts=attempts, now=now, field="current")
    check_password(new, partner.email, field="new")
    partner.password_hash = await passwords.hash_password(new)
    await queries.discard_tokens(tx, partner.id, now)
    await queries.revoke_sessions(tx, partner.id, now, kept=session_id)
    await mailing.enqueue(tx, mailing.PASSWORD, partner.id, now)
    await audit.record(tx, actor, "password_changed", "partner", partner.id)
