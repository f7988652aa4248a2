"""Whether a buyer may be written to now, from which number, and what a message would wait for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging import judging, rules
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason
from cube_demper.domain.messaging.inbox import number_queries
from cube_demper.domain.messaging.inbox.schemas import Standing
from cube_demper.domain.orders import people
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession

_SHUT: Final = frozenset({Reason.NOT_AGREED, Reason.STOPPED, Reason.PAUSED, Reason.NOT_LINKED})
"""What only a person can change: nothing is queued behind it."""


async def standing_of(
    tx: ReadTx, actor: Actor, contact: WhatsAppContact, now: datetime, *, secrets: SecretBox
) -> Standing:
    """Ask the gate's own rules what would become of a message written now."""
    kind = rules.kind_by_hand(contact.heard_at, now)
    session = await _number(tx, actor, contact, secrets)
    if session is None:
        return Standing(kind, refusal=Reason.NO_NUMBER)
    label = session.label or session.push_name
    phone = people.shown_phone(secrets.decrypt(session.phone)) if session.phone else ""
    number = " · ".join(part for part in (label, phone) if part)
    number_now = await judging.number_of(tx, session, now, secrets=secrets)
    shut = rules.closed(number_now, kind, now)
    refusal = shut.reason if shut is not None and shut.reason in _SHUT else _personal(contact, kind)
    is_put_off = shut is not None and refusal is None and shut.reason is not Reason.PACE
    return Standing(
        kind=kind,
        refusal=refusal,
        reason=shut.reason if shut is not None and is_put_off else None,
        until=shut.until if shut is not None else None,
        session_id=session.id,
        number=number,
    )


def _personal(contact: WhatsAppContact, kind: MessageKind) -> Reason | None:
    if contact.opted_out_at is not None and kind is MessageKind.LETTER:
        return Reason.OPTED_OUT
    if contact.is_on_whatsapp is False:
        return Reason.NOT_ON_WHATSAPP
    has_address = any((contact.phone, contact.chat_id, contact.lid))
    return None if has_address else Reason.NO_PHONE


async def _number(
    tx: ReadTx, actor: Actor, contact: WhatsAppContact, secrets: SecretBox
) -> WhatsAppSession | None:
    owner = actor.owner_id
    found = await number_queries.of_talk(tx, owner, contact.id)
    if found is None and contact.phone is not None:
        phones = secrets.fingerprints(secrets.decrypt(contact.phone))
        found = await number_queries.of_orders(tx, owner, phones)
    return found or await number_queries.any_of(tx, owner)
