"""Reading what decides about a number and a message, and asking the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import filling, rules, schedule_queries, template_queries
from cube_demper.domain.messaging import turn_queries as queries
from cube_demper.domain.messaging.broadcasts import feed_queries
from cube_demper.domain.messaging.enclosures import Enclosure, enclosure_of, sameness
from cube_demper.domain.messaging.gate_schemas import (
    Language,
    MessageKind,
    Notice,
    Number,
    OrderStatus,
    PauseReason,
    Reader,
    Reason,
    TriggerEvent,
)
from cube_demper.domain.messaging.order_content import content_of
from cube_demper.domain.messaging.switches import switch_of
from cube_demper.domain.messaging.texts import default_text
from cube_demper.domain.messaging.turn_queries import Item
from cube_demper.models.messaging import WhatsAppSession


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that may leave. `phone`: digits with a plus; `chat_id` "" while it was never looked up.

    `is_cold`: to a person who never wrote to this seller.
    """

    id: UUID
    kind: MessageKind
    event: TriggerEvent | None
    contact_id: UUID
    order_id: UUID | None
    order_code: str | None
    text: str
    phone: str
    chat_id: str
    needs_check: bool
    is_cold: bool
    enclosure: Enclosure | None = None


async def number_of(
    tx: ReadTx, session: WhatsAppSession, now: datetime, *, secrets: SecretBox
) -> Number:
    """Return a number as the rules see it now."""
    settings = await queries.settings_of(tx, session.user_id)
    is_barred = await queries.is_blocked(tx, session.user_id)
    hashes = [session.phone_hash] if session.phone_hash else []
    if session.phone:
        hashes += secrets.fingerprints(secrets.decrypt(session.phone))
    sent, before = await queries.days_of(tx, hashes, rules.almaty_day(now))
    return Number(
        is_agreed=settings is not None and settings.consented_at is not None,
        is_stopped=settings is not None and settings.stopped_at is not None,
        barred_until=now + rules.BARRED_LOOK if is_barred else None,
        is_working=session.status == "WORKING",
        pause=PauseReason(session.pause_reason) if session.pause_reason else None,
        paused_until=session.paused_until,
        quiet_start=session.quiet_start,
        quiet_end=session.quiet_end,
        daily_limit=session.daily_limit,
        sent_today=sent,
        days_before=before,
        in_use_since=session.in_use_since,
        is_warm=session.is_warm,
        free_at=session.free_at,
    )


async def judge(
    tx: WriteTx, message_id: UUID, now: datetime, *, secrets: SecretBox
) -> Letter | Reason | None:
    """Return the message as it would leave now, or why it never will; None: it waits no more."""
    item = await queries.read_item(tx, message_id)
    if item is None:
        return None
    is_given = await billing.allows(tx, SYSTEM, item.message.user_id, Feature.WHATSAPP, now)
    is_broadcast = item.message.kind == MessageKind.BROADCAST
    if is_broadcast and await feed_queries.call_back_halted(tx, message_id, is_given=is_given):
        return None  # a broadcast that rests keeps whom it still has before it
    if not is_given:
        return Reason.NO_PLAN
    reader = _reader(item)
    needs_check = rules.is_check_due(reader, item.contact.checked_at, now)
    if needs_check:  # an old answer «is not there» is asked again rather than believed
        reader = Reader(reader.has_address, None, reader.has_opted_out, reader.heard_at)
    reason = rules.stale(await _notice(tx, item), reader, now)
    if reason is not None:
        return reason
    text = await _text(tx, item, secrets)
    letter = _letter(item, text, needs_check=needs_check, secrets=secrets)
    return await _not_worth_it(tx, letter, secrets) or letter


def text_hash(letter: Letter, secrets: SecretBox) -> bytes:
    """Return what finds the same message again, spaces and case aside."""
    return secrets.fingerprint(sameness(letter.text, letter.enclosure))


async def _not_worth_it(tx: ReadTx, letter: Letter, secrets: SecretBox) -> Reason | None:
    """Tell what speaks against a message itself: there is nothing in it, or it was said before."""
    if (gone := await _nothing_to_send(tx, letter)) is not None:
        return gone
    if letter.kind in rules.BY_HAND:
        return None
    hashes = secrets.fingerprints(sameness(letter.text, letter.enclosure))
    is_said = await queries.was_said(tx, letter.contact_id, hashes, letter.id)
    return Reason.SAME_TEXT if is_said else None


async def _nothing_to_send(tx: ReadTx, letter: Letter) -> Reason | None:
    if letter.enclosure is None:
        return None if letter.text else Reason.EMPTY
    file_id = letter.enclosure.file_id
    is_gone = file_id is not None and not await queries.has_file(tx, file_id)
    return Reason.FILE_GONE if is_gone else None


def _reader(item: Item) -> Reader:
    contact = item.contact
    return Reader(
        has_address=any((contact.phone, contact.chat_id, contact.lid)),
        is_on_whatsapp=contact.is_on_whatsapp,
        has_opted_out=contact.opted_out_at is not None,
        heard_at=contact.heard_at,
    )


async def _notice(tx: WriteTx, item: Item) -> Notice:
    message, order = item.message, item.order
    event = TriggerEvent(message.trigger_event) if message.trigger_event else None
    return Notice(
        kind=MessageKind(message.kind),
        event=event,
        expires_at=message.expires_at,
        order_status=OrderStatus(order.status) if order is not None else None,
        is_order_missing=order is not None and order.missing_since is not None,
        is_switched_on=event is None or await _is_wanted(tx, item, event),
    )


async def _is_wanted(tx: WriteTx, item: Item, event: TriggerEvent) -> bool:
    if item.talk is None or not item.talk.is_enabled or item.store is None:
        return False
    stored = await schedule_queries.rules_of(tx, [item.store.id])
    # Whether the operator allows a bonus was decided when it was queued; its text needs one now.
    found = switch_of(stored, bonus=item.store.ai_review_bonus).get(event)
    return found is not None and found.is_on


async def _text(tx: WriteTx, item: Item, secrets: SecretBox) -> str:
    message = item.message
    if message.body is not None:
        return secrets.decrypt(message.body).strip()
    if message.trigger_event is None or item.order is None or item.store is None:
        return ""
    event = TriggerEvent(message.trigger_event)
    language = Language(
        message.language
        or item.contact.language
        or (item.talk.language if item.talk else Language.RU)
    )
    own = await template_queries.find(tx, message.user_id, event, language)
    items = await queries.items_of(tx, item.order.id)
    store, bonus = item.store.name, item.store.ai_review_bonus
    content = content_of(item.order, items, store=store, bonus=bonus, secrets=secrets)
    return filling.fill(own or default_text(event, language), content, language)


def _letter(item: Item, text: str, *, needs_check: bool, secrets: SecretBox) -> Letter:
    message, contact = item.message, item.contact
    return Letter(
        id=message.id,
        kind=MessageKind(message.kind),
        event=TriggerEvent(message.trigger_event) if message.trigger_event else None,
        contact_id=contact.id,
        order_id=message.order_id,
        order_code=message.order_code,
        text=text,
        phone=secrets.decrypt(contact.phone) if contact.phone else "",
        chat_id=secrets.decrypt(contact.chat_id) if contact.chat_id else contact.lid or "",
        needs_check=needs_check and contact.phone is not None,
        is_cold=contact.heard_at is None,
        enclosure=enclosure_of(message.media),
    )
