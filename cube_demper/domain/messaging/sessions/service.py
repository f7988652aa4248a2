"""What a seller does with their numbers: each wish is a row and an outbox message, a worker does the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.core.ids import new_id
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging.sessions import queries, rules
from cube_demper.domain.messaging.sessions.errors import (
    ConsentMissing,
    NotWaitingForPhone,
    TooManyNumbers,
    WrongPhone,
)
from cube_demper.domain.messaging.sessions.queries import Pair
from cube_demper.domain.messaging.sessions.schemas import NumberView, SessionPhase
from cube_demper.domain.orders.people import read_phone
from cube_demper.models.linking import LinkTrouble, LinkWish, WhatsAppLink
from cube_demper.models.messaging import WhatsAppSession
from cube_demper.models.staff import Area

TOPIC: Final = "whatsapp.session"
CONSENT: Final = "2026-11"
"""The wording of the risks that the page shows now; a new one is agreed to anew."""
_LABEL_LENGTH = 40


async def has_agreed(tx: ReadTx, actor: Actor) -> bool:
    """Tell whether the seller has agreed to the risks as they are worded now."""
    found = await queries.settings_of(tx, actor.owner_id)
    return bool(found and found.consented_at and found.consent_version == CONSENT)


async def agree(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Agree to the risks. Only the seller may: it is their number and their shop."""
    await queries.save_consent(tx, actor.owner_id, CONSENT, now)
    await audit.record(
        tx, actor, "whatsapp_agreed", "whatsapp_consent", actor.owner_id, wording=CONSENT
    )
    _tell(tx, actor.owner_id)


async def list_numbers(
    tx: ReadTx, actor: Actor, secrets: SecretBox, now: datetime
) -> list[NumberView]:
    """Return the seller's numbers; what a phone can take only for who may link one."""
    # A code links a phone: nobody sees it who is signed in as the seller.
    is_open = actor.may(Area.MESSAGES) and actor.impersonated_by is None
    found = await queries.list_of(tx, actor.owner_id)
    return [_view(pair, secrets, now, is_open=is_open) for pair in found]


async def wished_phases(tx: ReadTx, actor: Actor) -> list[SessionPhase]:
    """Return where everybody's switched-on numbers are. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    pairs = await queries.list_all(tx)
    return [rules.phase_of(row.status) for row, link in pairs if link.wish == LinkWish.ON]


async def add_number(tx: WriteTx, actor: Actor, label: str, now: datetime) -> UUID:
    """Begin to link one more number. Raises PlanLacks, ConsentMissing, TooManyNumbers."""
    await billing.require(tx, actor, Feature.WHATSAPP, now)
    if not await has_agreed(tx, actor):
        raise ConsentMissing
    if await queries.count_of(tx, actor.owner_id) >= rules.MOST_NUMBERS:
        raise TooManyNumbers
    session_id = new_id()
    tx.add(
        WhatsAppSession(
            id=session_id,
            user_id=actor.owner_id,
            name=f"cube_{session_id.hex[:12]}",
            label=label.strip()[:_LABEL_LENGTH],
            status="STARTING",
            status_at=now,
        )
    )
    await tx.flush()
    tx.add(WhatsAppLink(session_id=session_id))
    await audit.record(tx, actor, "whatsapp_number_added", "whatsapp", session_id)
    await _queue(tx, session_id, "open", now)
    _tell(tx, actor.owner_id)
    return session_id


async def restart(tx: WriteTx, actor: Actor, session_id: UUID, now: datetime) -> None:
    """Start a number anew: a fresh code for one that waits, a new connection for one that works.

    Raises PlanLacks.
    """
    await billing.require(tx, actor, Feature.WHATSAPP, now)
    row, link = await _own(tx, actor, session_id)
    act = "restart" if link.wish == LinkWish.ON else "open"
    link.wish, link.qr, link.code, link.qr_asked_at = LinkWish.ON, None, None, None
    await audit.record(tx, actor, "whatsapp_restarted", "whatsapp", row.id)
    await _queue(tx, row.id, act, now)
    _tell(tx, row.user_id, row.id)


async def ask_code(
    tx: WriteTx, actor: Actor, session_id: UUID, phone: str, *, secrets: SecretBox, now: datetime
) -> None:
    """Ask for the code that a phone types in instead of scanning.

    Raises PlanLacks, WrongPhone, NotWaitingForPhone.
    """
    await billing.require(tx, actor, Feature.WHATSAPP, now)
    row, _ = await _own(tx, actor, session_id)
    number = read_phone(phone)
    if number is None:
        raise WrongPhone(field="phone")
    if rules.phase_of(row.status) is not SessionPhase.SCAN:
        raise NotWaitingForPhone
    await audit.record(tx, actor, "whatsapp_code_asked", "whatsapp", row.id)
    await _queue(tx, row.id, "code", now, phone=secrets.encrypt(number.lstrip("+")))
    _tell(tx, row.user_id, row.id)


async def log_out(tx: WriteTx, actor: Actor, session_id: UUID, now: datetime) -> None:
    """Unlink the phone; the number stays in the list and can be linked again."""
    row, link = await _own(tx, actor, session_id)
    link.wish, link.qr, link.code = LinkWish.OFF, None, None
    await audit.record(tx, actor, "whatsapp_logged_out", "whatsapp", row.id)
    await _queue(tx, row.id, "log_out", now)
    _tell(tx, row.user_id, row.id)


async def remove(tx: WriteTx, actor: Actor, session_id: UUID, now: datetime) -> None:
    """Unlink the phone and forget the number; what was said over it stays."""
    row, link = await _own(tx, actor, session_id)
    link.wish, link.qr, link.code = LinkWish.GONE, None, None
    await audit.record(tx, actor, "whatsapp_number_removed", "whatsapp", row.id)
    await _queue(tx, row.id, "delete", now)
    _tell(tx, row.user_id, row.id)


async def rename(tx: WriteTx, actor: Actor, session_id: UUID, label: str) -> None:
    """Give a number the seller's own word."""
    row, _ = await _own(tx, actor, session_id)
    row.label = label.strip()[:_LABEL_LENGTH]
    await audit.record(tx, actor, "whatsapp_renamed", "whatsapp", row.id)
    _tell(tx, row.user_id, row.id)


async def _own(tx: WriteTx, actor: Actor, session_id: UUID) -> Pair:
    found = await queries.find(tx, actor.owner_id, session_id)
    if found is None:
        raise NotFound("Такого номера нет.")
    return found


async def _queue(tx: WriteTx, session_id: UUID, act: str, now: datetime, **more: str) -> None:
    payload = {"session_id": str(session_id), "act": act, "asked_at": now.isoformat(), **more}
    await outbox.enqueue(tx, TOPIC, f"{session_id}:{new_id()}", payload, now)


def _tell(tx: WriteTx, user_id: UUID, session_id: UUID | str = "") -> None:
    tx.emit(f"user:{user_id}", "whatsapp", session_id)


def _view(pair: Pair, secrets: SecretBox, now: datetime, *, is_open: bool) -> NumberView:
    row, link = pair
    phase = rules.phase_of(row.status)
    is_waiting = is_open and phase is SessionPhase.SCAN and link.wish == LinkWish.ON
    qr = link.qr if is_waiting and link.qr_until and link.qr_until > now else None
    code = link.code if is_waiting and link.code_until and link.code_until > now else None
    return NumberView(
        id=row.id,
        name=row.name,
        label=row.label,
        phase=phase,
        status=row.status,
        phone=secrets.decrypt(row.phone) if row.phone else "",
        shown_name=row.push_name,
        is_on=link.wish == LinkWish.ON,
        linked_at=row.linked_at,
        working_at=row.working_at,
        away_since=row.away_since,
        checked_at=link.checked_at,
        trouble=LinkTrouble(link.trouble) if link.trouble else None,
        qr=secrets.decrypt(qr) if qr else "",
        qr_until=link.qr_until if qr else None,
        code=secrets.decrypt(code) if code else "",
        code_until=link.code_until if code else None,
    )
