"""Figures as they travel. Sums in tiyn; days are those of Almaty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from cube_demper.domain.operations.schemas import Heartbeat

SPANS: Final = (7, 30, 90, 365)


class ErrorKind(StrEnum):
    """What goes wrong: looks at cards, sends of prices, sign-ins, payments, messages, syncs, work."""

    LOOK = "look"
    SEND = "send"
    SIGN_IN = "sign_in"
    SYNC = "sync"
    MESSAGE = "message"
    PAYMENT = "payment"
    WORK = "work"


ERROR_WORDS: Final[Mapping[ErrorKind, str]] = {
    ErrorKind.LOOK: "Проверка товара",
    ErrorKind.SEND: "Отправка цены",
    ErrorKind.SIGN_IN: "Вход в Kaspi",
    ErrorKind.SYNC: "Обновление каталога",
    ErrorKind.MESSAGE: "Сообщение WhatsApp",
    ErrorKind.PAYMENT: "Оплата",
    ErrorKind.WORK: "Очередь заданий",
}
DAILY: Final = (
    ErrorKind.SEND, ErrorKind.SIGN_IN, ErrorKind.SYNC, ErrorKind.MESSAGE, ErrorKind.PAYMENT,
)  # fmt: skip
"""Those that happen at a moment; the others last, and are counted as they are now."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day's figures; those of its end are None for a day that nobody collected."""

    day: date
    changed: int = 0
    refused: int = 0
    suggested: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    stores: int | None = None
    bots: int | None = None
    goods: int | None = None
    paying: int | None = None
    trials: int | None = None
    mrr: int | None = None
    collected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanMoney:
    """A paid plan now: who has it, and what they pay for 30 days."""

    plan: str
    title: str
    people: int
    mrr: int


@dataclass(frozen=True, slots=True)
class Churn:
    """Of those who paid when the span began, how many no longer do; and who came meanwhile."""

    before: int = 0
    lost: int = 0
    won: int = 0

    @property
    def percent(self) -> float | None:
        """Return the share lost; None when nobody paid before."""
        return 100 * self.lost / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of one span. `revenue`: money by day and plan, refunds taken off their own day."""

    days: Sequence[DayRow]
    plans: Sequence[PlanMoney]
    trials: int
    churn: Churn
    revenue: Mapping[date, Mapping[str, int]]
    revenue_before: int
    """Of the span before, of equal length."""
    sign_ups: int

    @property
    def mrr(self) -> int:
        """Return what all paid plans bring in 30 days."""
        return sum(it.mrr for it in self.plans)

    @property
    def revenue_total(self) -> int:
        """Return the money of the span."""
        return sum(sum(it.values()) for it in self.revenue.values())


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be done; `stuck`: of it, what has failed already."""

    code: str
    waiting: int
    stuck: int = 0
    oldest: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class StoreBudget:
    """Changes of a store that left in the last 30 minutes, and until when Kaspi takes none."""

    store_id: UUID
    name: str
    email: str
    changes: int
    blocked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works, or one that is silent and whose part nobody has taken over."""

    beat: Heartbeat
    is_alive: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """How the machine is now."""

    online: int
    workers: Sequence[Worker]
    queues: Sequence[Queue]
    budgets: Sequence[StoreBudget]
    changes_limit: int
    failing: int
    """Goods whose last look failed."""

    @property
    def silent(self) -> int:
        """Count the parts that nobody works on."""
        return sum(not it.is_alive for it in self.workers)

    @property
    def banned(self) -> int:
        """Count the stores of which Kaspi takes no changes now."""
        return sum(it.blocked_until is not None for it in self.budgets)

    @property
    def near_limit(self) -> int:
        """Count the stores that have used four fifths of their budget."""
        return sum(it.changes * 5 >= self.changes_limit * 4 for it in self.budgets)

    @property
    def changes(self) -> int:
        """Return how many changes left in the last 30 minutes."""
        return sum(it.changes for it in self.budgets)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One failure: when, of whom, of what, in words; `store_id` or `link` leads to it."""

    id: str
    at: datetime | None
    owner: str
    subject: str
    words: str
    store_id: UUID | None = None
    link: str = ""
