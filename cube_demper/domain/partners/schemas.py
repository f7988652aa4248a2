"""Shapes in which the partner programme travels. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.models.partner_program import Doubt, Touch

__all__ = [
    "Balance", "CameBy", "DayFigures", "Doubt", "Entry", "LeadFacts", "LinkRow", "Marks",
    "OperatorPayout", "Payment", "PayoutRow", "Profile", "Queue", "Report", "Step", "Touch", "Waiting",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells visitors apart: keyed hashes, of which no address can be read."""

    address: bytes = b""
    visitor: bytes = b""
    """Of address and browser together."""


@dataclass(frozen=True, slots=True)
class CameBy:
    """What a seller at sign-up shows of who sent them."""

    cookie: str = ""
    code: str = ""
    """What they typed."""
    marks: Marks = Marks()


@dataclass(frozen=True, slots=True)
class Profile:
    """A partner as their own pages show them."""

    id: UUID
    email: str
    full_name: str
    code: str
    commission_percent: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A partner's money: what waits, what a person must look at, what can be asked for."""

    held: int = 0
    doubted: int = 0
    payable: int = 0
    """Below zero after a refund of what was paid out: the next commissions cover it."""
    asked: int = 0
    paid: int = 0
    earned: int = 0
    """Everything that was ever accrued less what was taken back or denied."""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with what came by it."""

    id: UUID
    code: str
    campaign: str
    clicks: int
    leads: int
    paying: int
    earned: int
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """A seller's payment as money knows it: `money` is what they paid beside their balance."""

    id: UUID
    user_id: UUID
    money: int
    refunded: int
    paid_at: datetime


class Step(StrEnum):
    """The way from a click to money."""

    CLICK = "click"
    SIGN_UP = "sign_up"
    EMAIL = "email"
    STORE = "store"
    PAYMENT = "payment"
    HOLD = "hold"
    READY = "ready"
    PAID_OUT = "paid_out"


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """Everything that happened to a seller, as far as the partner may know it. Sums in tiyn."""

    id: UUID
    email: str
    name: str
    campaign: str
    way: str
    clicked_at: datetime | None
    signed_up_at: datetime
    confirmed_at: datetime | None
    store_at: datetime | None
    doubts: tuple[str, ...]
    is_blocked: bool
    trial_ends_at: datetime | None
    payments: int
    paid_first_at: datetime | None
    paid: int
    """By money, refunds not taken off."""
    accrued: int
    taken_back: int
    held: int
    hold_until: datetime | None
    doubted: int
    money_doubts: tuple[str, ...]
    released: int
    denied: int
    denied_why: str
    """Of the last commission that was denied."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the account."""

    id: UUID
    at: datetime
    kind: str
    status: str
    amount: int
    base: int | None
    percent: int | None
    hold_until: datetime | None
    doubts: tuple[str, ...]
    email: str
    """Of the seller, to be masked; empty for a payout."""
    campaign: str
    note: str


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout in its owner's list."""

    id: UUID
    amount: int
    status: str
    account_end: str
    requested_at: datetime
    approved_at: datetime | None
    closed_at: datetime | None
    reason: str
    bank_note: str
    not_before: datetime | None
    """Set where the account is new: the money waits until then."""


@dataclass(frozen=True, slots=True)
class OperatorPayout:
    """A payout as the operator sees it."""

    row: PayoutRow
    partner: str
    payee: str
    """Name, tax number and account, decrypted."""
    is_blocked: bool
    """The partner is shut out."""


@dataclass(frozen=True, slots=True)
class DoubtedRow:
    """A commission that waits for a person, with the e-mails of both sides."""

    id: UUID
    amount: int
    doubts: tuple[str, ...]
    partner: str
    seller: str


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait for a person, and since when the first of them does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the operator has to do: payouts to decide, to send, and commissions to look at."""

    requested: Queue
    approved: Queue
    doubted: Queue

    @property
    def total(self) -> int:
        """Return how many things wait."""
        return self.requested.count + self.approved.count + self.doubted.count


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What one day (Almaty) brought."""

    day: datetime
    clicks: int = 0
    sign_ups: int = 0
    payments: int = 0
    earned: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of a span, day by day, and those of the span before it."""

    days: tuple[DayFigures, ...]
    before: DayFigures
    left_out: dict[str, int]
    """Clicks that do not count, by verdict."""

    @property
    def total(self) -> DayFigures:
        """Return the sums of all days."""
        return DayFigures(
            self.days[0].day,
            sum(it.clicks for it in self.days),
            sum(it.sign_ups for it in self.days),
            sum(it.payments for it in self.days),
            sum(it.earned for it in self.days),
        )
