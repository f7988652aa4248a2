"""Statuses of chats and clocks of SLA in words. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cube_demper.domain.support.schemas import ChatStatus, Sla
from cube_demper.ui import format as fmt

STATUSES: Final[dict[str, tuple[str, str, str]]] = {
    ChatStatus.PENDING: ("Новый", "amber", "inbox"),
    ChatStatus.OPEN: ("В работе", "blue", "messages-square"),
    ChatStatus.REOPENED: ("Открыт снова", "amber", "rotate-ccw"),
    ChatStatus.CLOSED: ("Закрыт", "gray", "circle-check"),
}
"""Word, tone and icon."""
TABS: Final = {
    ChatStatus.PENDING: "Новые",
    ChatStatus.OPEN: "В работе",
    ChatStatus.REOPENED: "Снова",
    ChatStatus.CLOSED: "Закрыты",
}
PLAN_TONES: Final = {"PRO": "green", "BASIC": "blue", "FREE": "gray"}


def due_of(sla: Sla) -> tuple[str, str]:
    """Return what is promised next and until when, as `live_value.due` takes them."""
    if sla.closed_at is not None:
        return "", ""
    if sla.answered_at is None:
        return "Ответить до", fmt.iso(sla.answer_due_at)
    return "Решить до", fmt.iso(sla.resolve_due_at)


def breaches_of(sla: Sla) -> list[str]:
    """Say which promises were broken."""
    broken = []
    if sla.is_answer_late:
        broken.append(_late("Первый ответ", sla.answer_due_at, sla.answered_at))
    if sla.is_resolve_late:
        broken.append(_late("Решение", sla.resolve_due_at, sla.closed_at))
    return broken


def _late(what: str, due_at: datetime, done_at: datetime | None) -> str:
    if done_at is None:
        return f"{what}: обещали до {fmt.moment(due_at)}"
    return f"{what}: обещали до {fmt.moment(due_at)}, вышло {fmt.moment(done_at)}"
