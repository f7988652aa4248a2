"""What the send gate decides about, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from cube_demper.models.messages import MessageKind
from cube_demper.models.messaging import Language, PauseReason, TriggerEvent
from cube_demper.models.orders import OrderStatus

__all__ = [
    "Budget",
    "Closed",
    "Language",
    "Limiter",
    "MessageKind",
    "Notice",
    "Number",
    "OrderStatus",
    "PauseReason",
    "Reader",
    "Reason",
    "TriggerEvent",
]


class Reason(StrEnum):
    """Why a message waits, was dropped or failed; `words.REASONS` says it to people.

    From CANCELLED on a message ends with it; those before only put it off.
    """

    NOT_AGREED = "not_agreed"
    STOPPED = "stopped"
    PAUSED = "paused"
    NO_NUMBER = "no_number"
    NOT_LINKED = "not_linked"
    NIGHT = "night"
    BUDGET = "budget"
    PACE = "pace"
    UNREACHABLE = "unreachable"
    UNCHECKED = "unchecked"
    CANCELLED = "cancelled"
    ORDER_GONE = "order_gone"
    MOVED_ON = "moved_on"
    TOO_OLD = "too_old"
    OPTED_OUT = "opted_out"
    NO_PHONE = "no_phone"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    SAME_TEXT = "same_text"
    SWITCHED_OFF = "switched_off"
    EMPTY = "empty"
    FILE_GONE = "file_gone"
    NO_PLAN = "no_plan"
    BY_SELLER = "by_seller"
    REFUSED = "refused"
    OUTCOME_UNKNOWN = "outcome_unknown"


class Limiter(StrEnum):
    """What sets a number's budget of today."""

    SPEC = "spec"
    SELLER = "seller"
    WARM_UP = "warm_up"


@dataclass(frozen=True, slots=True)
class Budget:
    """Messages of one day of Almaty. `limit` is set by `limiter`."""

    limit: int
    sent: int
    limiter: Limiter

    @property
    def left(self) -> int:
        """Return how many more may leave today."""
        return max(0, self.limit - self.sent)


@dataclass(frozen=True, slots=True)
class Number:
    """A linked number as the gate sees it. Times of the day are Almaty's."""

    is_agreed: bool = True
    is_stopped: bool = False
    barred_until: datetime | None = None
    """Its seller is blocked: when to look again whether they still are."""
    is_working: bool = True
    pause: PauseReason | None = None
    paused_until: datetime | None = None
    quiet_start: time = time(21)
    quiet_end: time = time(9)
    daily_limit: int = 100
    sent_today: int = 0
    days_before: int = 0
    """Days before today on which it wrote to anybody."""
    in_use_since: date | None = None
    is_warm: bool = False
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing may leave now. `until` None: nobody knows, a person or WhatsApp has to do something."""

    reason: Reason
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """The person that is written to. `heard_at`: when they last wrote to us."""

    has_address: bool = True
    is_on_whatsapp: bool | None = None
    has_opted_out: bool = False
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about to leave: what it says and what has become of its reason since.

    `order_status` None: it is about no order. `is_switched_on`: the store still wants this event told.
    """

    kind: MessageKind
    event: TriggerEvent | None = None
    expires_at: datetime | None = None
    order_status: OrderStatus | None = None
    is_order_missing: bool = False
    is_switched_on: bool = True
