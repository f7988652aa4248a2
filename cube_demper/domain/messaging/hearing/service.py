"""Taking in what was heard: each thing once, in whatever order it comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Unreachable
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.messaging import contacts
from cube_demper.domain.messaging.hearing import queries
from cube_demper.domain.messaging.hearing.schemas import AckHeard, MessageHeard
from cube_demper.models.messages import MessageStatus
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession

MOST_TEXT: Final = 4096
"""WhatsApp's own limit is 65,536; what is longer than this is no question about an order."""
ANSWERED_TOPIC: Final = "whatsapp.answered"
"""A buyer wrote: whoever talks with them hears of it."""
_WAIT_FOR_MESSAGE = timedelta(minutes=2)
_OF_ACKS: Final = {
    -1: MessageStatus.FAILED,
    1: MessageStatus.SENT,
    2: MessageStatus.DELIVERED,
    3: MessageStatus.READ,
    4: MessageStatus.READ,
}
_ORDER: Final = (
    MessageStatus.SENDING,
    MessageStatus.UNKNOWN,
    MessageStatus.FAILED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.READ,
)
_STARTS: Final = (MessageStatus.SENDING, MessageStatus.UNKNOWN)


class MessageNotYetKnown(Unreachable):
    """Отметка пришла раньше сообщения. Повторим."""

    code = "messaging.message_not_yet_known"


async def take_message(
    tx: WriteTx, session: WhatsAppSession, heard: MessageHeard, secrets: SecretBox, now: datetime
) -> bool:
    """Store a message with its person; False when it is known already."""
    if heard.is_ours and await queries.has_message(tx, session.id, heard.short_id):
        # Our own send, told back: it has left, whatever its own call answered.
        await _move(tx, session, heard.short_id, MessageStatus.SENT, heard.at)
        return False
    contact_id = await _person(tx, session, heard, secrets)
    status = MessageStatus.SENT if heard.is_ours else MessageStatus.RECEIVED
    added = await queries.add_message(
        tx,
        {
            "user_id": session.user_id,
            "session_id": session.id,
            "contact_id": contact_id,
            "is_outgoing": heard.is_ours,
            "body": secrets.encrypt(heard.text[:MOST_TEXT]),
            "media": heard.enclosure.as_json() if heard.enclosure else None,
            "short_id": heard.short_id,
            "status": status,
            "happened_at": heard.at,
        },
    )
    if added is None:
        return False
    await contacts.talk(tx, contact_id, heard.at)
    if not heard.is_ours:
        await contacts.hear(tx, contact_id, heard.text, now)
        await outbox.enqueue(tx, ANSWERED_TOPIC, added, {"message_id": str(added)}, now)
    elif heard.is_typed:  # who answers on the phone has read there what came before
        await queries.mark_read(tx, contact_id, heard.at)
    tx.emit(f"user:{session.user_id}", "message", added)
    return True


async def take_ack(tx: WriteTx, session: WhatsAppSession, heard: AckHeard, now: datetime) -> bool:
    """Move a message's mark forward. Raises MessageNotYetKnown for a while when there is no such message."""
    status = _OF_ACKS.get(heard.ack)
    if status is None:
        return False
    if await _move(tx, session, heard.short_id, status, heard.at):
        return True
    is_known = await queries.has_message(tx, session.id, heard.short_id)
    if not is_known and now - heard.at < _WAIT_FOR_MESSAGE:
        raise MessageNotYetKnown
    return False


async def _move(
    tx: WriteTx, session: WhatsAppSession, short_id: str, status: MessageStatus, at: datetime
) -> bool:
    # A refusal counts only while nothing says that the message arrived.
    earlier = _STARTS if status is MessageStatus.FAILED else _ORDER[: _ORDER.index(status)]
    moved = await queries.advance(tx, session.id, short_id, status, earlier=earlier, at=at)
    if moved:
        tx.emit(f"user:{session.user_id}", "message", short_id)
    return moved


async def _person(
    tx: WriteTx, session: WhatsAppSession, heard: MessageHeard, secrets: SecretBox
) -> UUID:
    """Return whom a message is with: by number, by hidden id, or both become one."""
    name = heard.name or None
    is_lid = heard.chat_id.endswith("@lid")
    hidden = await queries.find_lid(tx, session.user_id, heard.chat_id) if is_lid else None
    if not heard.phone:
        if hidden is not None:
            return hidden.id
        values = {
            "name": secrets.encrypt(name) if name else None,
            "name_hashes": contacts.name_hashes(name, secrets),
        }
        return await queries.add_lid(tx, session.user_id, heard.chat_id, values)
    phone = f"+{heard.phone}"
    contact_id = await contacts.find(tx, session.user_id, phone, secrets)
    if contact_id is None:  # an order's name says more than a nickname
        sealed = await queries.buyer_name(tx, session.user_id, secrets.fingerprints(phone))
        known = secrets.decrypt(sealed) if sealed else name
        contact_id = await contacts.contact_of(tx, session.user_id, phone, known, secrets=secrets)
    if is_lid and hidden is None:
        (await tx.get_one(WhatsAppContact, contact_id)).lid = heard.chat_id
        await tx.flush()
    elif hidden is not None and hidden.id != contact_id:
        await queries.join(tx, hidden, contact_id)
    return contact_id
