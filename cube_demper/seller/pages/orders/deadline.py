"""Kaspi's deadlines in words: what is awaited, until when, and how sure that is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.orders.deadlines import (
    ACCEPT_WITHIN,
    DAY_BEGINS,
    DAY_ENDS,
    Deadline,
    DeadlineKind,
    Waiting,
    deadline_of,
)
from cube_demper.models.orders import Order, OrderStatus
from cube_demper.ui.format import iso, moment

_VERBS = {
    DeadlineKind.ACCEPT: "принять до",
    DeadlineKind.HAND_OVER: "передать до",
    DeadlineKind.PICKUP: "хранится до",
}
_ABOUT = (
    f"Считаем рабочими часы с {DAY_BEGINS:%H:%M} до {DAY_ENDS:%H:%M} каждый день: график вашего"
    " магазина Kaspi нам не показывает. Точное время смотрите в кабинете."
)


@dataclass
class DeadlineView:
    """One deadline. `tone`: amber when it is near, red when it is over; `hint` says how sure it is.

    `until`: what the browser counts down to; "" while there is time, and when it is over.
    """

    words: str = ""
    hint: str = ""
    tone: str = ""
    until: str = ""


def deadline_view(row: Order, now: datetime) -> DeadlineView:
    """Say until when an order waits for its seller; empty when it does not."""
    found = deadline_of(
        Waiting(
            status=OrderStatus(row.status),
            state=row.kaspi_state,
            approved_at=row.approved_at or row.ordered_at,
            is_express=row.is_express,
            is_packed=row.is_assembled,
            is_handed_over=row.handed_over_at is not None,
            courier_planned_at=row.courier_planned_at,
            reserved_until=row.reserved_until,
        )
    )
    if found is None or not row.is_clear or row.missing_since is not None:
        return DeadlineView()
    about = "" if found.is_exact else "≈ "
    words = f"{_VERBS[found.kind]} {about}{moment(found.at, now=now)}"
    is_counted = found.kind is not DeadlineKind.PICKUP and now < found.at <= now + ACCEPT_WITHIN
    until = iso(found.at) if is_counted else ""
    return DeadlineView(words, _hint(found, is_express=row.is_express), _tone(found, now), until)


def _hint(found: Deadline, *, is_express: bool) -> str:
    if found.is_exact:
        return "Это время назвал Kaspi."
    if is_express:
        return "На заказ Express Kaspi даёт 60 минут. Точное время смотрите в кабинете."
    return f"Kaspi даёт 3 рабочих часа, потом отменяет заказ. {_ABOUT}"


def _tone(found: Deadline, now: datetime) -> str:
    if found.kind is DeadlineKind.PICKUP:
        return ""
    if found.at <= now:
        return "red"
    return "amber" if found.is_soon(now) else ""
