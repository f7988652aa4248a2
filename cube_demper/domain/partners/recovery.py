"""A partner's new password by a link to the mailbox; an invitation begins the same way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import DomainError
from cube_demper.core.ids import new_id, token_hash
from cube_demper.db import outbox
from cube_demper.db.session import Database, ReadTx, WriteTx
from cube_demper.domain.accounts import limits, passwords
from cube_demper.domain.accounts.errors import LinkExpired
from cube_demper.domain.accounts.people import check_password, checked_email
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.notifications.schemas import Letter, Mailer
from cube_demper.domain.partners import letters, queries
from cube_demper.domain.partners.door import actor_of, issue_token
from cube_demper.models.partners import Partner, PartnerTokenKind

RESET_TOPIC = "mail.partner_reset"
INVITE_TOPIC = "mail.partner_invite"
_LIFE = {RESET_TOPIC: timedelta(minutes=30), INVITE_TOPIC: timedelta(days=7)}
_STALE_AFTER = timedelta(hours=1)
_log = get_logger()


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
        await enqueue(tx, RESET_TOPIC, partner.id, now)


async def enqueue(tx: WriteTx, topic: str, partner_id: UUID, now: datetime) -> None:
    """Queue a letter in the transaction of what it tells about."""
    payload = {"partner_id": str(partner_id), "asked_at": now.isoformat()}
    await outbox.enqueue(tx, topic, new_id(), payload, now)


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
    await audit.record(tx, actor_of(partner), "password_reset", "partner", partner.id)


async def deliver(
    db: Database,
    mailer: Mailer,
    site: str,
    topic: str,
    payload: dict[str, Any],
    *,
    now: datetime,
) -> None:
    """Write and send a queued letter with a fresh link; one that nobody needs is dropped.

    `site`: the partner app's address. Raises what the mailer raises.
    """
    asked_at = datetime.fromisoformat(payload["asked_at"])
    async with db.write() as tx:
        partner = await tx.get(Partner, UUID(payload["partner_id"]))
        is_stale = topic == RESET_TOPIC and now - asked_at > _STALE_AFTER
        if partner is None or partner.is_blocked or is_stale:
            _log.info("letter_dropped", topic=topic)
            return
        token = await issue_token(tx, partner.id, PartnerTokenKind.RESET, _LIFE[topic], now)
        letter = _letter(topic, f"{site}/reset?token={token}", partner)
        address = partner.email
    await mailer.send(address, letter)


def _letter(topic: str, link: str, partner: Partner) -> Letter:
    if topic == RESET_TOPIC:
        return letters.reset(link)
    if topic == INVITE_TOPIC:
        return letters.invite(link, partner.commission_percent)
    raise DomainError(f"нет письма {topic}")
