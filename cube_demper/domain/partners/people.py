"""Partners themselves: made and shut out by the operator; what a partner may read of themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.ids import new_token
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import passwords
from cube_demper.domain.accounts.people import check_password, checked_email
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import mailing, queries, rules
from cube_demper.domain.partners.schemas import Profile
from cube_demper.models.partner_program import PartnerLink
from cube_demper.models.partners import Partner

OPERATORS = (Role.SYSTEM, Role.ADMIN)


async def create(
    tx: WriteTx,
    actor: Actor,
    *,
    email: str,
    full_name: str = "",
    password: str | None = None,
    percent: int = 20,
    now: datetime,
) -> UUID:
    """Make a partner with a code and a first link; without a password a letter invites them to set one.

    Raises InvalidInput, Conflict for an e-mail that is known, PermissionDenied.
    """
    if actor.role not in OPERATORS:
        raise PermissionDenied
    email = checked_email(email)
    if not 0 <= percent <= 100:
        raise InvalidInput("Доля: от 0 до 100 %.", field="percent")
    if password is not None:
        check_password(password, email)
    if await queries.find_by_email(tx, email) is not None:
        raise Conflict("Партнёр с такой почтой уже есть.")
    partner = Partner(
        email=email,
        password_hash=await passwords.hash_password(password or new_token()),
        full_name=" ".join(full_name.split())[:120],
        code=await free_code(tx),
        commission_percent=percent,
    )
    tx.add(partner)
    await tx.flush()
    tx.add(PartnerLink(partner_id=partner.id, code=await free_code(tx), campaign="Основная"))
    if password is None:
        await mailing.enqueue(tx, mailing.INVITE, partner.id, now)
    await audit.record(
        tx, actor, "partner_created", "partner", partner.id,
        after={"email": email, "full_name": partner.full_name, "commission_percent": percent},
    )  # fmt: skip
    return partner.id


async def set_blocked(
    tx: WriteTx, actor: Actor, email: str, *, is_blocked: bool, now: datetime
) -> None:
    """Shut a partner out at once, or let them in again. Raises NotFound, PermissionDenied."""
    if actor.role not in OPERATORS:
        raise PermissionDenied
    partner = await queries.find_by_email(tx, email)
    if partner is None:
        raise NotFound("Партнёра с такой почтой нет.")
    before, partner.is_blocked = partner.is_blocked, is_blocked
    partner.blocked_at = (partner.blocked_at or now) if is_blocked else None
    if is_blocked:
        await queries.revoke_sessions(tx, partner.id, now)
        await queries.discard_tokens(tx, partner.id, now)
    action = "partner_blocked" if is_blocked else "partner_unblocked"
    await audit.record(
        tx, actor, action, "partner", partner.id,
        before={"is_blocked": before}, after={"is_blocked": is_blocked}, email=partner.email,
    )  # fmt: skip


async def profile(tx: ReadTx, actor: Actor) -> Profile:
    """Return the actor's own card. Raises PermissionDenied."""
    partner = await tx.get(Partner, actor.own_partner_id)
    if partner is None:
        raise PermissionDenied
    return Profile(
        partner.id, partner.email, partner.full_name, partner.code, partner.commission_percent
    )


async def free_code(tx: ReadTx) -> str:
    """Draw a code that neither a partner nor a link has."""
    while True:
        code = rules.new_code()
        if not await queries.is_code_taken(tx, code):
            return code
