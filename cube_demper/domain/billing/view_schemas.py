"""What the pages of billing show, as read at one moment. Sums are tiyn, times UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as it is sold. `price`: for 30 days; `features`: codes of `schemas.Feature`."""

    code: str
    title: str
    price: int
    bot_limit: int
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class CardView:
    """A saved card. `expires_on`: its last day."""

    id: UUID
    brand: str
    last_four: str
    expires_on: date | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a seller has now and what comes next.

    Attributes:
        plan: the plan in force; after a landing the one that was not paid.
        ends_at: when it is renewed or ends; None for a plan without a period (FREE).
        is_trial: nothing was paid for it.
        renewal: what the next period costs; `from_balance` of it the balance pays.
        card: what renews it, told to the owner alone; `is_card_hidden`: there is one.
        is_ending: cancelled at the end of the period.
        next_plan: what the seller goes down to at the end of the period.
        paid_plan: what is paid for and begins at `paid_from`, when what was had is used up.
        grace_until: unpaid, and works until then.
        retry_at: when the card is tried again.
        trouble: the bank's words of the last failure.
        landing: where prices freeze when it is not paid: "stay", "floor" or "base".
        landed_at: when they froze, or since when the plan is over and they are being frozen (`is_landing`).
        charge_at: when what renews it is charged next; None where nothing will be.
    """

    plan: PlanView
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_trial: bool = False
    renewal: int = 0
    from_balance: int = 0
    card: CardView | None = None
    is_card_hidden: bool = False
    is_ending: bool = False
    next_plan: PlanView | None = None
    paid_plan: PlanView | None = None
    paid_from: datetime | None = None
    grace_until: datetime | None = None
    retry_at: datetime | None = None
    trouble: str = ""
    landing: str = "stay"
    landed_at: datetime | None = None
    is_landing: bool = False
    charge_at: datetime | None = None

    @property
    def renews_itself(self) -> bool:
        """Tell whether the next period is paid without the seller doing anything."""
        is_covered = 0 < self.renewal == self.from_balance
        return self.card is not None or self.is_card_hidden or is_covered

    @property
    def is_unpaid(self) -> bool:
        """Tell whether the period is over and money is awaited."""
        return self.grace_until is not None or self.landed_at is not None


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the plan is used.

    `bots`: goods whose bot is on; `proxies` of `proxies_due`: the pool may have been short.
    """

    bots: int
    bot_limit: int
    proxies: int = 0
    proxies_due: int = 0

    @property
    def over(self) -> int:
        """Return how many goods have their bot switched on and not working."""
        return max(0, self.bots - self.bot_limit)


@dataclass(frozen=True, slots=True)
class PaperView:
    """An invoice or an act of a payment. `kind`: "invoice" or "act"."""

    id: UUID
    kind: str
    number: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment.

    `amount`: what the card or the bank is asked for, besides `from_balance`. `service_from`: when the days
    that it has bought begin. `is_credited`: it came when there was nothing left to buy with it, and lies on
    the balance.
    """

    id: UUID
    invoice_id: str
    plan_code: str
    plan: str
    purpose: str
    method: str
    status: str
    amount: int
    from_balance: int
    refunded: int
    created_at: datetime
    paid_at: datetime | None = None
    service_from: datetime | None = None
    expires_at: datetime | None = None
    pay_url: str = ""
    failure_code: str = ""
    failure_words: str = ""
    is_test: bool = False
    is_credited: bool = False
    is_saved_card: bool = False
    papers: tuple[PaperView, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """One page of payments, newest first."""

    rows: tuple[PaymentView, ...]
    page: int
    total: int


@dataclass(frozen=True, slots=True)
class GoodsView:
    """A product of the bot in a list of goods that lose it or are at risk."""

    id: UUID
    name: str
    store: str
    price: int | None
    floor: int | None
    base_price: int | None
    competitor_price: int | None
    position: int | None
    switched_on_at: datetime | None


@dataclass(frozen=True, slots=True)
class GoodsPage:
    """One page of such goods."""

    rows: tuple[GoodsView, ...]
    page: int
    total: int


@dataclass(frozen=True, slots=True)
class LandingEffect:
    """What freezing prices in one way does to the goods of the bot.

    Attributes:
        choice: "stay", "floor" or "base".
        lower: how many prices fall, by `fall` in all; `higher`: how many rise, by `rise`.
        same: how many stay.
        at_risk: how many have a rival at their price or below it, once frozen.
    """

    choice: str
    lower: int
    fall: int
    higher: int
    rise: int
    same: int
    at_risk: int
