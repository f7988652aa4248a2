"""A running broadcast is let into the gate's queue a portion at a time, and ended when all is over.

A person is marked in the transaction that queues their message, whose key is theirs for ever: a worker
killed anywhere leaves both or neither.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from structlog import get_logger

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ConfigurationError, PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import judging
from cube_demper.domain.messaging.broadcasts import checking, feed_queries, queries, rules, wording
from cube_demper.domain.messaging.broadcasts.queries import Told
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason
from cube_demper.domain.messaging.rules import PRIORITIES, almaty_day
from cube_demper.domain.messaging.scheduling import Draft, schedule
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.broadcasts import Broadcast, BroadcastPerson, BroadcastStatus
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession

_log = get_logger()

PORTION: Final = 20
"""Messages of a number's broadcast that wait in the queue at most: some 15 minutes of sending."""
_REFILL: Final = 10
_PERIOD: Final = timedelta(seconds=5)
"""A broadcast is looked after no more often."""
_ORPHANED_AFTER: Final = timedelta(seconds=60)
"""Then its shard has no worker: whoever is there feeds it."""


async def feed_next(
    tx: WriteTx, actor: Actor, keys: Collection[int], now: datetime, *, secrets: SecretBox
) -> bool:
    """Look after one broadcast, the one that waits longest; False: none does.

    One a transaction: it holds its number, whose turn has to wait. Raises PermissionDenied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    row = await feed_queries.take_running(tx, keys, now - _PERIOD, now - _ORPHANED_AFTER)
    if row is None:
        return False
    row.fed_at = now
    if await billing.allows(tx, actor, row.user_id, Feature.WHATSAPP, now):
        await _top_up(tx, row, now, secrets=secrets)
    else:
        await _rest(tx, row, now)
    return True


async def _rest(tx: WriteTx, row: Broadcast, now: datetime) -> None:
    """Pause what the plan no longer gives: the gate would drop its people for good, one by one."""
    row.status = BroadcastStatus.PAUSED
    await feed_queries.call_back(tx, row.id)
    await notifications.notify(
        tx,
        SYSTEM,
        Tell(
            user_id=row.user_id,
            kind="whatsapp_paused",
            title=f"Рассылка «{row.name}» на паузе",
            body="Тариф больше не включает WhatsApp. Выберите тариф и нажмите «Продолжить»:"
            " напишем тем, кому ещё не написали.",
            link=f"/messages/broadcasts/{row.id}",
            dedupe_key=f"broadcast_rests:{row.id}:{almaty_day(now)}",
        ),
    )
    tx.emit(f"user:{row.user_id}", "broadcast", row.id)


async def _top_up(tx: WriteTx, row: Broadcast, now: datetime, *, secrets: SecretBox) -> None:
    if row.session_id is None:
        return
    waiting = await feed_queries.waiting_of(tx, row.session_id, PRIORITIES[MessageKind.BROADCAST])
    if waiting > _REFILL:
        return
    room = min(PORTION, await _left_today(tx, row.session_id, now, secrets=secrets)) - waiting
    portion = await feed_queries.next_people(tx, row.id, max(room, 1))
    if not portion:
        await _end(tx, row, now)
    elif room > 0:
        await _queue(tx, row, portion, now, secrets=secrets)


async def _left_today(tx: WriteTx, session_id: UUID, now: datetime, *, secrets: SecretBox) -> int:
    """Return what today leaves to broadcasts: they never eat what notices of orders will need."""
    session = await tx.get_one(WhatsAppSession, session_id)
    number = await judging.number_of(tx, session, now, secrets=secrets)
    load = await checking.load_of(tx, session_id, now)
    return rules.share(number, load, almaty_day(now)) - load.said_today


async def _queue(
    tx: WriteTx,
    row: Broadcast,
    portion: Sequence[BroadcastPerson],
    now: datetime,
    *,
    secrets: SecretBox,
) -> None:
    orders = await queries.orders_of(
        tx, row.user_id, [it.order_id for it in portion if it.order_id]
    )
    contacts = await queries.contacts_of(tx, row.user_id, [it.contact_id for it in portion])
    for person in portion:
        told = orders.get(person.order_id) if person.order_id else None
        try:
            draft = await _draft(tx, row, contacts[person.contact_id], told, now, secrets=secrets)
        except ConfigurationError:  # sealed under a key that is gone: the others go on
            _log.warning("contact_unreadable", contact_id=str(person.contact_id))
            draft = Reason.NO_PHONE
        if isinstance(draft, Reason):
            person.reason = draft
        elif not await schedule(tx, draft, secrets=secrets):
            person.reason = Reason.SAME_TEXT
        else:
            person.queued_at = now
            person.message_id = await feed_queries.message_of(tx, row.user_id, draft.key)
    await tx.flush()
    tx.emit(f"user:{row.user_id}", "broadcast", row.id)


async def _draft(
    tx: WriteTx,
    row: Broadcast,
    contact: WhatsAppContact,
    told: Told | None,
    now: datetime,
    *,
    secrets: SecretBox,
) -> Draft | Reason:
    """Return one person's message, or why there will be none."""
    if contact.phone is None or row.session_id is None:
        return Reason.NO_PHONE
    phone = secrets.decrypt(contact.phone)
    if await feed_queries.is_silenced(tx, row.user_id, secrets.fingerprints(phone)):
        return Reason.OPTED_OUT
    words = await wording.words_for(tx, row, contact, told, secrets=secrets)
    if not words.text:
        return Reason.EMPTY
    return Draft(
        user_id=row.user_id,
        session_id=row.session_id,
        contact_id=contact.id,
        kind=MessageKind.BROADCAST,
        # By the phone, not the contact: after a change of keys one person may have two of these.
        key=f"broadcast:{row.id}:{secrets.fingerprint(phone).hex()}",
        body=words.text,
        language=words.language,
        scheduled_at=now,
    )


async def _end(tx: WriteTx, row: Broadcast, now: datetime) -> None:
    if await feed_queries.has_open(tx, row.id):
        return
    row.status, row.ended_at = BroadcastStatus.DONE, now
    await tx.flush()
    tx.emit(f"user:{row.user_id}", "broadcast", row.id)
