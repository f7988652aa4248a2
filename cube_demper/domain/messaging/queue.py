"""The seller's side of the gate: today's budget, what waits and why, stop and go on."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import judging, rules, turn_queries
from cube_demper.domain.messaging import queue_queries as queries
from cube_demper.domain.messaging.gate_schemas import MessageKind, PauseReason
from cube_demper.domain.messaging.pausing import go_on
from cube_demper.domain.messaging.queue_queries import TABS
from cube_demper.domain.messaging.queue_schemas import (
    Limits,
    NumberView,
    Overview,
    QueuePage,
    QueueRow,
)
from cube_demper.domain.orders import people
from cube_demper.models.messages import ScheduledMessage
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession
from cube_demper.models.staff import Area

PAGE_SIZE: Final = 50
TAB_NAMES: Final = tuple(TABS)


async def overview(tx: ReadTx, actor: Actor, now: datetime, *, secrets: SecretBox) -> Overview:
    """Return the actor's numbers with today's budgets and what stops them."""
    settings = await turn_queries.settings_of(tx, actor.owner_id)
    waiting = await queries.count_waiting(tx, actor.owner_id, now)
    numbers = []
    for row in await queries.list_numbers(tx, actor.owner_id):
        number = await judging.number_of(tx, row, now, secrets=secrets)
        counts = waiting.get(row.id, (0, 0))
        numbers.append(
            NumberView(
                id=row.id,
                label=row.label or row.push_name or "WhatsApp",
                phone=people.shown_phone(secrets.decrypt(row.phone)) if row.phone else "",
                is_working=number.is_working,
                budget=rules.warm_budget(number, rules.almaty_day(now)),
                shut=rules.closed(number, MessageKind.ORDER, now),
                pause=number.pause,
                paused_until=row.paused_until,
                waiting=counts[0],
                waiting_now=counts[1],
                next_at=row.next_at,
                quiet_start=row.quiet_start,
                quiet_end=row.quiet_end,
                daily_limit=row.daily_limit,
                is_warm=row.is_warm,
                in_use_since=row.in_use_since,
            )
        )
    return Overview(
        has_agreed=settings is not None and settings.consented_at is not None,
        stopped_at=settings.stopped_at if settings else None,
        numbers=numbers,
    )


async def list_queue(
    tx: ReadTx, actor: Actor, tab: str, page: int, *, secrets: SecretBox
) -> QueuePage:
    """Return one page of the actor's messages; an unknown tab is the first, a page past the end the last."""
    tab = tab if tab in TABS else "waiting"
    by_status = await queries.count_by_status(tx, actor.owner_id)
    counts = {name: sum(by_status.get(it, 0) for it in held) for name, held in TABS.items()}
    total = counts[tab]
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    rows = await queries.list_page(
        tx, actor.owner_id, tab, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    shown = [row_of(actor, message, contact, secrets=secrets) for message, contact in rows]
    return QueuePage(shown, total, page, counts)


async def stop(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Let nothing leave for this seller until they say so; the queue stays."""
    await queries.set_stopped(tx, actor.owner_id, now)
    await audit.record(tx, actor, "whatsapp_stopped", "whatsapp")
    tx.emit(f"user:{actor.owner_id}", "whatsapp")


async def start(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Take the «стоп» back; what has become stale meanwhile is dropped by the gate."""
    await queries.set_stopped(tx, actor.owner_id, None)
    await queries.wake_all(tx, actor.owner_id, now)
    await audit.record(tx, actor, "whatsapp_started", "whatsapp")
    tx.emit(f"user:{actor.owner_id}", "whatsapp")


async def pause_number(tx: WriteTx, actor: Actor, session_id: UUID, now: datetime) -> None:
    """Silence one number. Raises NotFound."""
    session = await _own(tx, actor, session_id)
    session.pause_reason, session.paused_at = PauseReason.SELLER, now
    session.paused_until = session.next_at = None
    await audit.record(tx, actor, "whatsapp_number_paused", "whatsapp", session_id)
    tx.emit(f"user:{actor.owner_id}", "whatsapp", session_id)


async def resume_number(
    tx: WriteTx, actor: Actor, session_id: UUID, now: datetime, *, with_queue: bool = True
) -> int:
    """Let a number speak again; without its queue what is due is dropped, and counted. Raises NotFound.

    WhatsApp's own limits are asked about before anything leaves. Raises Conflict for a signed-out number.
    """
    session = await _own(tx, actor, session_id)
    if session.status != "WORKING":
        raise Conflict("Номер не подключён. Сначала подключите его на странице WhatsApp.")
    dropped = 0
    if not with_queue:
        dropped = await queries.drop_waiting(tx, actor.owner_id, now, session_id=session_id)
    go_on(session, now)
    await audit.record(
        tx, actor, "whatsapp_number_resumed", "whatsapp", session_id, dropped=dropped
    )
    tx.emit(f"user:{actor.owner_id}", "whatsapp", session_id)
    return dropped


async def drop_message(tx: WriteTx, actor: Actor, message_id: UUID, now: datetime) -> None:
    """Take one message out of the queue. Raises NotFound when it waits no more."""
    if not await queries.drop_waiting(tx, actor.owner_id, now, message_id=message_id):
        raise NotFound("Это сообщение уже не ждёт.")
    await audit.record(tx, actor, "whatsapp_message_dropped", "whatsapp", message_id)
    tx.emit(f"user:{actor.owner_id}", "whatsapp", message_id)


async def set_limits(
    tx: WriteTx, actor: Actor, session_id: UUID, limits: Limits, now: datetime
) -> None:
    """Set a number's quiet hours and limit. Raises NotFound, InvalidInput naming the field."""
    session = await _own(tx, actor, session_id)
    if not 1 <= limits.daily_limit <= rules.MOST_A_DAY:
        raise InvalidInput("От 1 до 100 сообщений в день.", field="daily_limit")
    if limits.quiet_start == limits.quiet_end:
        raise InvalidInput("Начало и конец тихих часов совпадают.", field="quiet_end")
    if limits.in_use_since is not None and limits.in_use_since > rules.almaty_day(now):
        raise InvalidInput("Эта дата ещё не наступила.", field="in_use_since")
    session.daily_limit, session.is_warm = limits.daily_limit, limits.is_warm
    session.quiet_start, session.quiet_end = limits.quiet_start, limits.quiet_end
    session.in_use_since = limits.in_use_since
    if session.paused_at is None:
        session.next_at = now
    await audit.record(
        tx, actor, "whatsapp_limits_set", "whatsapp", session_id,
        daily_limit=limits.daily_limit, is_warm=limits.is_warm,
        quiet=f"{limits.quiet_start:%H:%M}-{limits.quiet_end:%H:%M}",
    )  # fmt: skip
    tx.emit(f"user:{actor.owner_id}", "whatsapp", session_id)


async def _own(tx: WriteTx, actor: Actor, session_id: UUID) -> WhatsAppSession:
    session = await queries.lock_number(tx, actor.owner_id, session_id)
    if session is None:
        raise NotFound("Такого номера нет.")
    return session


def row_of(
    actor: Actor,
    message: ScheduledMessage,
    contact: WhatsAppContact,
    heard: str | None = None,
    *,
    secrets: SecretBox,
) -> QueueRow:
    """Return a message as its seller sees it. `heard`: how far WhatsApp says it got."""
    name, phone = (
        secrets.decrypt(sealed) if sealed else "" for sealed in (contact.name, contact.phone)
    )
    if actor.may(Area.ORDERS):
        person = name or people.shown_phone(phone)
    else:
        person = people.masked_name(name) or people.masked_phone(phone)
    return QueueRow(
        id=message.id,
        session_id=message.session_id,
        kind=message.kind,
        event=message.trigger_event,
        order_code=message.order_code,
        person=person,
        status=message.status,
        reason=message.reason,
        scheduled_at=message.scheduled_at,
        done_at=message.done_at,
        heard=heard,
    )
