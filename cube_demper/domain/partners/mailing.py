"""Letters to partners: queued with what caused them, written when sent, with a fresh link where one is due.

The queue holds who and what for: no link, no token, no address.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import DomainError
from cube_demper.core.ids import new_id
from cube_demper.db import outbox
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.notifications.schemas import Letter, Mailer
from cube_demper.domain.partners import letters
from cube_demper.domain.partners.door import issue_token
from cube_demper.models.partner_program import PartnerPayout, PayoutStatus
from cube_demper.models.partners import Partner, PartnerTokenKind

RESET, INVITE = "mail.partner_reset", "mail.partner_invite"
PASSWORD, ACCOUNT, PAYOUT = "mail.partner_password", "mail.partner_account", "mail.partner_payout"
TOPICS: Final = (RESET, INVITE, PASSWORD, ACCOUNT, PAYOUT)
_LIFE: Final = {RESET: timedelta(minutes=30), INVITE: timedelta(days=7)}
_STALE_AFTER = timedelta(hours=1)
_log = get_logger()


async def enqueue(
    tx: WriteTx, topic: str, partner_id: UUID, now: datetime, **facts: object
) -> None:
    """Queue a letter in the transaction of what it tells about; `facts` are kept as text."""
    told = {name: str(it) for name, it in facts.items()}
    payload = {"partner_id": str(partner_id), "asked_at": now.isoformat(), **told}
    await outbox.enqueue(tx, topic, new_id(), payload, now)


async def deliver(
    db: Database,
    mailer: Mailer,
    site: str,
    topic: str,
    payload: dict[str, Any],
    *,
    support: str,
    now: datetime,
) -> None:
    """Write and send a queued letter; one that nobody needs is dropped.

    `site`: the partner app's address, `support`: our mailbox. Raises what the mailer raises.
    """
    async with db.write() as tx:
        partner = await tx.get(Partner, UUID(payload["partner_id"]))
        if partner is None or not _is_wanted(partner, topic, payload, now):
            _log.info("letter_dropped", topic=topic)
            return
        house = letters.House(site, support)
        letter = await _compose(tx, partner, house, topic, payload, now=now)
        address = partner.email
    await mailer.send(address, letter)


def _is_wanted(partner: Partner, topic: str, payload: dict[str, Any], now: datetime) -> bool:
    """Somebody who is shut out still reads about their money, and gets no way in."""
    if topic in _LIFE and partner.is_blocked:
        return False
    return topic != RESET or now - datetime.fromisoformat(payload["asked_at"]) <= _STALE_AFTER


async def _compose(
    tx: WriteTx,
    partner: Partner,
    house: letters.House,
    topic: str,
    payload: dict[str, Any],
    *,
    now: datetime,
) -> Letter:
    if topic in _LIFE:
        token = await issue_token(tx, partner.id, PartnerTokenKind.RESET, _LIFE[topic], now)
        link = f"{house.site}/reset?token={token}"
        is_new = topic == INVITE
        return letters.invite(link, partner.commission_percent) if is_new else letters.reset(link)
    if topic == PASSWORD:
        return letters.password_changed(house)
    if topic == ACCOUNT:
        return letters.account_changed(house, payload["account_end"])
    if topic == PAYOUT:
        payout = await tx.get_one(PartnerPayout, UUID(payload["payout_id"]))
        status = PayoutStatus(payload["status"])
        return letters.payout(house, payout, status)
    raise DomainError(f"нет письма {topic}")
