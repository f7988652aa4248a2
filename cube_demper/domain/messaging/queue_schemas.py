"""What the page of the queue shows and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from cube_demper.domain.messaging.gate_schemas import Budget, Closed, PauseReason


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number today: what it may still say, and what it waits for."""

    id: UUID
    label: str
    phone: str
    is_working: bool
    budget: Budget
    shut: Closed | None
    pause: PauseReason | None
    paused_until: datetime | None
    waiting: int
    waiting_now: int
    """Of them those whose time has come."""
    next_at: datetime | None
    quiet_start: time
    quiet_end: time
    daily_limit: int
    is_warm: bool
    in_use_since: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All of a seller's numbers. `has_agreed`: without it nothing is ever sent."""

    has_agreed: bool
    stopped_at: datetime | None
    numbers: list[NumberView]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One message of the queue; buyers are masked for who may not see them."""

    id: UUID
    session_id: UUID | None
    kind: str
    event: str | None
    order_code: str | None
    person: str
    status: str
    reason: str | None
    scheduled_at: datetime
    done_at: datetime | None
    heard: str | None = None
    """How far WhatsApp says it got (`MessageStatus`), where that was asked for."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page; `counts` by tab."""

    rows: list[QueueRow]
    total: int
    page: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a seller sets for a number."""

    daily_limit: int
    quiet_start: time
    quiet_end: time
    is_warm: bool
    in_use_since: date | None
