"""What a seller writes by hand: queued for the gate, taken back while it waits, tried again later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import contacts, schedule_queries
from cube_demper.domain.messaging.gate_schemas import Reason
from cube_demper.domain.messaging.inbox import files, standings, threads, writing_queries
from cube_demper.domain.messaging.inbox.errors import CannotWrite, ThreadNotFound
from cube_demper.domain.messaging.inbox.schemas import Answer
from cube_demper.domain.messaging.scheduling import Draft, schedule
from cube_demper.domain.messaging.words import REASONS
from cube_demper.models.messages import QueueStatus, ScheduledMessage

LONGEST: Final = 4096
"""Letters of one message; what came in is kept as far, too."""
LONGEST_CAPTION: Final = 1024
"""WhatsApp shows no more under a picture."""
LASTS: Final = timedelta(hours=24)
"""An answer that could not leave for so long answers nothing any more."""


async def answer(
    tx: WriteTx,
    actor: Actor,
    contact_id: UUID,
    given: Answer,
    now: datetime,
    *,
    secrets: SecretBox,
) -> bool:
    """Queue what a seller wrote; False: this very message (`key`) is there already.

    The gate decides when it leaves. Raises ThreadNotFound, InvalidInput, CannotWrite saying why,
    FileNotKept, PlanLacks, PermissionDenied.
    """
    await billing.require(tx, actor, Feature.WHATSAPP, now)
    contact = await threads.own_contact(tx, actor, contact_id)
    enclosure = given.enclosure
    if given.file_id is not None:
        enclosure = await files.enclose(tx, actor, given.file_id, now)
    text = _read(given.text, is_caption=enclosure is not None)
    standing = await standings.standing_of(tx, actor, contact, now, secrets=secrets)
    if standing.refusal is not None or standing.session_id is None:
        raise CannotWrite(f"{REASONS[standing.refusal or Reason.NO_NUMBER]}.")
    draft = Draft(
        user_id=actor.owner_id,
        session_id=standing.session_id,
        contact_id=contact.id,
        kind=standing.kind,
        key=f"hand:{contact.id}:{given.key}"[:200],
        body=text or None,
        enclosure=enclosure,
        scheduled_at=now,
        expires_at=now + LASTS,
    )
    is_new = await schedule(tx, draft, secrets=secrets)
    if is_new:
        await contacts.talk(tx, contact.id, now)
        await audit.record(
            tx, actor, "whatsapp_answered", "whatsapp", contact.id, kind=standing.kind
        )
        tx.emit(f"user:{actor.owner_id}", "message", contact.id)
    return is_new


async def cancel(tx: WriteTx, actor: Actor, queue_id: UUID, now: datetime) -> str | None:
    """Take a message back that waits; return its sealed text. Raises Conflict when it left already."""
    row = await _own(tx, actor, queue_id)
    if row.status != QueueStatus.WAITING:
        raise Conflict("Сообщение уже ушло, вернуть его нельзя.")
    row.status, row.reason, row.done_at = QueueStatus.DROPPED, Reason.BY_SELLER, now
    await audit.record(tx, actor, "whatsapp_message_dropped", "whatsapp", row.id)
    tx.emit(f"user:{actor.owner_id}", "message", row.contact_id)
    return row.body


async def try_again(
    tx: WriteTx, actor: Actor, queue_id: UUID, now: datetime, *, secrets: SecretBox
) -> None:
    """Queue once more what surely did not leave. Raises Conflict for what waits, left or may have left.

    Raises CannotWrite saying why, ThreadNotFound, PlanLacks, PermissionDenied.
    """
    await billing.require(tx, actor, Feature.WHATSAPP, now)
    row = await _own(tx, actor, queue_id)
    if row.status not in (QueueStatus.FAILED, QueueStatus.DROPPED):
        raise Conflict("Повторить можно только то, что точно не ушло.")
    contact = await threads.own_contact(tx, actor, row.contact_id)
    standing = await standings.standing_of(tx, actor, contact, now, secrets=secrets)
    if standing.refusal is not None or standing.session_id is None:
        raise CannotWrite(f"{REASONS[standing.refusal or Reason.NO_NUMBER]}.")
    await writing_queries.put_back(
        tx,
        row,
        session_id=standing.session_id,
        kind=standing.kind,
        now=now,
        expires_at=now + LASTS,
    )
    await schedule_queries.wake(tx, standing.session_id, now)
    await contacts.talk(tx, contact.id, now)
    await audit.record(tx, actor, "whatsapp_message_retried", "whatsapp", row.id)
    tx.emit(f"user:{actor.owner_id}", "message", row.contact_id)


async def _own(tx: WriteTx, actor: Actor, queue_id: UUID) -> ScheduledMessage:
    row = await writing_queries.lock_by_hand(tx, actor.owner_id, queue_id)
    if row is None:
        raise ThreadNotFound("Такого сообщения нет.")
    return row


def _read(text: str, *, is_caption: bool) -> str:
    clean = text.replace("\r\n", "\n").strip()
    most = LONGEST_CAPTION if is_caption else LONGEST
    if not clean and not is_caption:
        raise InvalidInput("Напишите текст: пустое сообщение не уйдёт.")
    if len(clean) > most:
        raise InvalidInput(f"Сейчас {len(clean)} знаков, а нужно не больше {most}.")
    return clean
