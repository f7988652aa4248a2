"""A turn of one number: it is taken, one message is chosen, and just before the call all is asked again.

The order is what makes it safe: the message is `sending` with its id in the database before the call
leaves, so a worker killed anywhere leaves either nothing or a message that can be looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.russian import counted
from cube_demper.db.session import WriteTx
from cube_demper.domain.messaging import contacts, judging, outcomes, rules
from cube_demper.domain.messaging import turn_queries as queries
from cube_demper.domain.messaging.gate_schemas import MessageKind, Number, PauseReason, Reason
from cube_demper.domain.messaging.holding import LEASE, Turn, free, hold, release
from cube_demper.domain.messaging.judging import Letter
from cube_demper.domain.messaging.pausing import pause
from cube_demper.domain.messaging.ports import NewChatQuota, make_message_id
from cube_demper.models.messages import MessageStatus, QueueStatus, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppSession

_MOST_DROPPED: Final = 50
"""Stale messages that one turn clears away; the next one goes on."""
_AUTOMATIC: Final = tuple(kind for kind in rules.PRIORITIES if kind not in rules.BY_HAND)
_CLASSES: Final = (tuple(rules.BY_HAND), _AUTOMATIC)


async def pick(tx: WriteTx, turn: Turn, now: datetime, *, secrets: SecretBox) -> Letter | None:
    """Choose the message to send; None: nothing may leave now, and the number rests until it may.

    What is stale is dropped on the way, with its reason. Raises TurnLost.
    """
    session = await hold(tx, turn)
    if session.paused_until is not None and session.paused_until <= now:
        session.pause_reason = session.paused_at = session.paused_until = None
    await outcomes.abandon(tx, session)
    number = await judging.number_of(tx, session, now, secrets=secrets)
    kinds = _open_kinds(number, now)
    for _ in range(_MOST_DROPPED):
        found = await queries.next_message(tx, session.id, kinds, now) if kinds else None
        if found is None:
            await _rest(tx, session, number, now)
            return None
        verdict = await judging.judge(tx, found, now, secrets=secrets)
        if isinstance(verdict, Letter):
            return verdict
        if verdict is not None:
            await _drop(tx, session, found, verdict, now)
    release(session, now)
    return None


async def begin(
    tx: WriteTx, turn: Turn, letter: Letter, now: datetime, *, secrets: SecretBox, chance: float
) -> str | None:
    """Ask everything once more and write the message down as leaving; return its id.

    None: it may not leave any more (an order cancelled since, a «стоп» pressed). Raises TurnLost.
    """
    session = await hold(tx, turn)
    number = await judging.number_of(tx, session, now, secrets=secrets)
    if letter.kind not in _open_kinds(number, now):
        await _rest(tx, session, number, now)
        return None
    verdict = await judging.judge(tx, letter.id, now, secrets=secrets)
    if not isinstance(verdict, Letter) or verdict.text != letter.text:
        if isinstance(verdict, Reason):
            await _drop(tx, session, letter.id, verdict, now)
        release(session, now)  # the new text is chosen, and typed, in the next turn
        return None
    short_id = make_message_id()
    message = _message(session, verdict, short_id, now, secrets)
    tx.add(message)
    await tx.flush()
    values = {
        "status": QueueStatus.SENDING,
        "reason": None,
        "message_id": message.id,
        "begun_at": now,
        "text_hash": None if verdict.kind in rules.BY_HAND else judging.text_hash(verdict, secrets),
    }
    await queries.close_message(tx, verdict.id, values)
    await contacts.talk(tx, verdict.contact_id, now)
    session.free_at = rules.next_free(now, chance)
    session.claimed_until = now + LEASE
    if session.phone_hash is not None:
        await queries.count_sent(
            tx, session.phone_hash, rules.almaty_day(now), 1, new_chats=int(verdict.is_cold)
        )
    return short_id


async def put_off(tx: WriteTx, turn: Turn, reason: Reason, now: datetime, wait: timedelta) -> None:
    """End a turn in which nothing left: WAHA could not be asked. Raises TurnLost."""
    session = await hold(tx, turn)
    if reason is Reason.UNREACHABLE and session.away_since is None:
        session.away_since = now
    release(session, now + wait)


async def come_back(tx: WriteTx, turn: Turn, now: datetime) -> bool:
    """Note that a number that was away answers again; False: its owner is asked first. Raises TurnLost."""
    session = await hold(tx, turn)
    since = session.away_since
    if since is not None and rules.is_outage(since, now):
        waiting = await queries.old_queue(tx, session.id, now)
        if waiting:
            words = counted(waiting, "сообщение", "сообщения", "сообщений")
            await pause(tx, session, PauseReason.OUTAGE, now, told=f"В очереди {words}.")
            free(session)
            return False
    session.away_since, session.working_at = None, now
    return True


async def note_quota(tx: WriteTx, turn: Turn, quota: NewChatQuota | None, now: datetime) -> bool:
    """Write down what WhatsApp allows; False: it forbids new chats, the number falls silent."""
    session = await hold(tx, turn)
    session.capping_at = now
    if quota is None:
        return True  # an older WAHA cannot tell; its refusals will
    session.capping = "CAPPED" if quota.is_capped else "WARNING" if quota.is_warned else "NONE"
    if quota.allows_new_chats:
        return True
    reason = PauseReason.TIMELOCK if quota.is_locked else PauseReason.CAPPED
    await pause(tx, session, reason, now)
    free(session)
    return False


async def give_back(tx: WriteTx, turn: Turn, now: datetime) -> None:
    """Let another process take a number at once. Raises TurnLost."""
    release(await hold(tx, turn), now)


def _open_kinds(number: Number, now: datetime) -> list[MessageKind]:
    return [
        kind for kinds in _CLASSES if rules.closed(number, kinds[0], now) is None for kind in kinds
    ]


async def _rest(tx: WriteTx, session: WhatsAppSession, number: Number, now: datetime) -> None:
    """Plan the next look: when something is due and may leave; NULL: only a person can change it."""
    moments = [await _next_of(tx, session.id, kinds, number, now) for kinds in _CLASSES]
    release(session, min((it for it in moments if it is not None), default=None))


async def _next_of(
    tx: WriteTx,
    session_id: UUID,
    kinds: Sequence[MessageKind],
    number: Number,
    now: datetime,
) -> datetime | None:
    due = await queries.next_due(tx, session_id, kinds)
    if due is None:
        return None
    shut = rules.closed(number, kinds[0], max(due, now))
    if shut is None:
        return max(due, now)
    return max(due, shut.until) if shut.until is not None else None


async def _drop(
    tx: WriteTx, session: WhatsAppSession, message_id: UUID, reason: Reason, now: datetime
) -> None:
    values = {"status": QueueStatus.DROPPED, "reason": reason, "done_at": now}
    await queries.close_message(tx, message_id, values)
    tx.emit(f"user:{session.user_id}", "whatsapp", session.id)


def _message(
    session: WhatsAppSession, letter: Letter, short_id: str, now: datetime, secrets: SecretBox
) -> WhatsAppMessage:
    return WhatsAppMessage(
        user_id=session.user_id,
        session_id=session.id,
        contact_id=letter.contact_id,
        order_id=letter.order_id,
        order_code=letter.order_code,
        kind=letter.kind,
        trigger_event=letter.event,
        is_outgoing=True,
        body=secrets.encrypt(letter.text),
        media=letter.enclosure.as_json() if letter.enclosure else None,
        short_id=short_id,
        status=MessageStatus.SENDING,
        happened_at=now,
    )
