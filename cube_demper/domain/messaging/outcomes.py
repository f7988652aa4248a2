"""What became of a message: written once, and an unknown end is looked for, never tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import WriteTx
from cube_demper.domain.messaging import outcome_queries, rules, watch_queries
from cube_demper.domain.messaging import turn_queries as queries
from cube_demper.domain.messaging.gate_schemas import PauseReason, Reason
from cube_demper.domain.messaging.holding import Turn, free, hold, release
from cube_demper.domain.messaging.pausing import pause
from cube_demper.domain.messaging.ports import (
    Accepted,
    NotOnWhatsApp,
    OnWhatsApp,
    RefusalReason,
    RefusedSend,
    SendOutcome,
)
from cube_demper.models.messages import MessageStatus, QueueStatus
from cube_demper.models.messaging import WhatsAppSession

AWAY_WAIT: Final = timedelta(seconds=60)
"""How long a number rests when WAHA does not answer."""
_WAITS: Final = frozenset(
    {RefusalReason.UNREACHABLE, RefusalReason.NOT_READY, RefusalReason.REJECTED_KEY}
)


async def settle(
    tx: WriteTx, turn: Turn, message_id: UUID, outcome: SendOutcome, now: datetime
) -> None:
    """Write down how a call ended and end the turn. Raises TurnLost, with which the end is looked for."""
    session = await hold(tx, turn)
    tx.emit(f"user:{session.user_id}", "whatsapp", session.id)
    if isinstance(outcome, Accepted):
        await mark_sent(tx, message_id, now)
        session.refusals, session.away_since, session.working_at = 0, None, now
        release(session, session.free_at or now)
    elif isinstance(outcome, RefusedSend):
        await _refused(tx, session, message_id, outcome.reason, now)
    else:
        await _lose(tx, message_id)
        session.away_since = session.away_since or now
        release(session, now + AWAY_WAIT)


async def abandon(tx: WriteTx, session: WhatsAppSession) -> None:
    """Take over what a dead worker left in flight: nobody knows whether its call had left."""
    for message in await queries.in_flight(tx, session.id):
        await _lose(tx, message.id)
        tx.emit(f"user:{session.user_id}", "whatsapp", session.id)


async def abandon_left(tx: WriteTx, keys: list[int], now: datetime) -> int:
    """Do the same for numbers that have no turn to come: paused, signed out or asleep."""
    left = await watch_queries.left_behind(tx, keys, now, 50)
    for message_id in left:
        await _lose(tx, message_id)
    return len(left)


async def mark_sent(tx: WriteTx, message_id: UUID, now: datetime) -> None:
    """Write that a message of the queue left; the order's `wa_*_sent_at` is set once and never again."""
    values = {"status": QueueStatus.SENT, "reason": None, "done_at": now}
    if await outcome_queries.finish(tx, message_id, values):
        await outcome_queries.set_message(tx, message_id, MessageStatus.SENT)
        await outcome_queries.note_on_order(tx, message_id, now)


async def give_up(tx: WriteTx, message_id: UUID, now: datetime) -> None:
    """Stop looking for a message: it stays unknown, is shown so, and is not sent again."""
    values = {"reason": Reason.OUTCOME_UNKNOWN, "done_at": now}
    await queries.close_message(tx, message_id, values)


async def note_number(
    tx: WriteTx,
    contact_id: UUID,
    check: OnWhatsApp | NotOnWhatsApp,
    now: datetime,
    *,
    secrets: SecretBox,
) -> None:
    """Keep whether a number is on WhatsApp, and where to write to."""
    values: dict[str, Any] = {"checked_at": now, "is_on_whatsapp": isinstance(check, OnWhatsApp)}
    if isinstance(check, OnWhatsApp):
        values["chat_id"] = secrets.encrypt(check.chat_id)
    await outcome_queries.set_contact(tx, contact_id, values)


async def _refused(
    tx: WriteTx, session: WhatsAppSession, message_id: UUID, reason: RefusalReason, now: datetime
) -> None:
    if reason is RefusalReason.WRONG_REQUEST:
        session.refusals += 1
        values = {"status": QueueStatus.FAILED, "reason": Reason.REFUSED, "done_at": now}
        await queries.close_message(tx, message_id, values)
        await outcome_queries.set_message(tx, message_id, MessageStatus.FAILED)
        release(session, session.free_at or now)
        if session.refusals >= rules.BAN_SIGN:
            await pause(tx, session, PauseReason.REFUSED, now)
        return
    begun = await outcome_queries.take_back(tx, message_id)
    if begun is not None and session.phone_hash is not None:
        await queries.count_sent(tx, session.phone_hash, rules.almaty_day(begun), -1)
    if reason in _WAITS:
        session.away_since = session.away_since or now
        release(session, now + AWAY_WAIT)
        return
    await pause(tx, session, PauseReason.TIMELOCK, now)
    free(session)


async def _lose(tx: WriteTx, message_id: UUID) -> None:
    await queries.close_message(
        tx, message_id, {"status": QueueStatus.UNKNOWN, "reason": Reason.OUTCOME_UNKNOWN}
    )
    await outcome_queries.set_message(tx, message_id, MessageStatus.UNKNOWN)
