"""Numbers and messages of the queue in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.messaging.gate_schemas import (
    Closed,
    MessageKind,
    PauseReason,
    Reason,
    TriggerEvent,
)
from cube_demper.domain.messaging.queue_schemas import NumberView, Overview, QueueRow
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.domain.messaging.words import KINDS, LIMITERS, PAUSES, REASONS
from cube_demper.ui import format as fmt

_MESSAGES = ("сообщение", "сообщения", "сообщений")
_KEPT_BACK = frozenset({Reason.PACE})


@dataclass
class NumberRow:
    """One number today."""

    id: str = ""
    label: str = ""
    phone: str = ""
    sent: str = ""
    percent: int = 0
    limiter: str = ""
    state: str = ""
    tone: str = "green"
    icon: str = "check"
    detail: str = ""
    waiting: str = ""
    due: int = 0
    is_paused: bool = False
    is_outage: bool = False
    is_working: bool = True


@dataclass
class Standing:
    """Whether anything may leave at all."""

    has_agreed: bool = True
    is_stopped: bool = False
    stopped: str = ""
    summary: str = ""
    waiting: int = 0


@dataclass
class MessageRow:
    """One message of the list."""

    id: str = ""
    what: str = ""
    order: str = ""
    link: str = ""
    person: str = ""
    status: str = ""
    reason: str = ""
    when: str = ""
    is_waiting: bool = False


def number_row(view: NumberView, now: datetime) -> NumberRow:
    """Turn a number into its card."""
    row = NumberRow(
        id=str(view.id),
        label=view.label,
        phone=view.phone,
        sent=f"{view.budget.sent} из {view.budget.limit}",
        percent=min(100, view.budget.sent * 100 // view.budget.limit),
        limiter=LIMITERS[view.budget.limiter],
        waiting=_waiting(view),
        due=view.waiting_now,
        is_paused=view.pause is not None,
        is_outage=view.pause is PauseReason.OUTAGE,
        is_working=view.is_working,
    )
    if view.pause is not None:
        row.state, row.detail = PAUSES[view.pause]
        row.tone, row.icon = "red", "octagon-alert"
        if view.pause is PauseReason.SELLER:
            row.tone, row.icon = "gray", "circle-pause"
    elif view.shut is None or view.shut.reason in _KEPT_BACK:
        row.state = "Пишет" if view.waiting_now else "Готов писать"
    else:
        row.state, row.detail = REASONS[view.shut.reason], _until(view.shut, now)
        is_calm = view.shut.reason in {Reason.NIGHT, Reason.BUDGET}
        row.tone, row.icon = ("blue", "clock") if is_calm else ("amber", "triangle-alert")
    return row


def standing_of(seen: Overview) -> Standing:
    """Say in one line how the queue stands."""
    waiting = sum(number.waiting for number in seen.numbers)
    summary = f"В очереди {fmt.counted(waiting, *_MESSAGES)}" if waiting else "Очередь пуста"
    return Standing(
        has_agreed=seen.has_agreed,
        is_stopped=seen.stopped_at is not None,
        stopped=fmt.moment(seen.stopped_at) if seen.stopped_at else "",
        summary=summary,
        waiting=waiting,
    )


def message_row(row: QueueRow, seen: Overview, now: datetime) -> MessageRow:
    """Turn a message into its line; what waits says what it waits for."""
    event = EVENTS[TriggerEvent(row.event)].words if row.event else ""
    moment = row.scheduled_at if row.status == "waiting" else row.done_at or row.scheduled_at
    return MessageRow(
        id=str(row.id),
        what=event or KINDS[MessageKind(row.kind)],
        order=f"Заказ {row.order_code}" if row.order_code else "",
        link=f"/orders?q={row.order_code}" if row.order_code else "",
        person=row.person,
        status=row.status,
        reason=_why(row, seen, now),
        when=_when(moment, row.status, now),
        is_waiting=row.status == "waiting",
    )


def _waiting(view: NumberView) -> str:
    if not view.waiting:
        return "Ничего не ждёт"
    words = f"В очереди {fmt.counted(view.waiting, *_MESSAGES)}"
    later = view.waiting - view.waiting_now
    return f"{words}, из них на потом {fmt.number(later)}" if later else words


def _until(shut: Closed, now: datetime) -> str:
    return f"Продолжим {fmt.moment(shut.until, now=now)}" if shut.until else ""


def _why(row: QueueRow, seen: Overview, now: datetime) -> str:
    if row.status != "waiting":
        return REASONS[Reason(row.reason)] if row.reason else ""
    number = next((it for it in seen.numbers if it.id == row.session_id), None)
    if number is None:
        return REASONS[Reason.NO_NUMBER]
    if row.scheduled_at > now:
        return "Отложено на это время"
    if number.shut is not None:
        return REASONS[number.shut.reason]
    return REASONS[Reason(row.reason)] if row.reason else "Уйдёт в свою очередь"


def _when(moment: datetime, status: str, now: datetime) -> str:
    if status == "waiting" and moment <= now:
        return "Как только можно"
    return fmt.moment(moment, now=now)
