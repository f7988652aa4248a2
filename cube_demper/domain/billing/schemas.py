"""What a plan gives, and the shapes in which money travels. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from cube_demper.models.billing import PaymentMethod, PaymentPurpose, Plan

CURRENCY = "KZT"


class Feature(StrEnum):
    """What a plan may give (SPEC §8.1)."""

    MONITORING = "monitoring"
    REPRICING = "repricing"
    WHATSAPP = "whatsapp"
    PRIORITY_SUPPORT = "priority_support"
    ANALYTICS = "analytics"
    AI = "ai"
    INTEGRATIONS = "integrations"
    """Tokens of our API and webhooks to other systems."""


COMING: Final = frozenset({Feature.AI, Feature.INTEGRATIONS})
"""Plans have them, the product has not got them yet: whoever pays must read that beforehand."""


@dataclass(frozen=True, slots=True)
class Entitlements:
    """The plan in force and what it allows. `bot_limit`: goods with the bot on."""

    plan: Plan
    bot_limit: int
    features: frozenset[Feature] = frozenset()
    ends_at: datetime | None = None
    is_trial: bool = False
    in_grace: bool = False
    """The period is over, payment is awaited and the plan still works."""
    landed: bool = False
    """The plan has ended and the bot has stopped at the prices that the seller chose."""
    priority: int = 0
    ai_tokens: int = 0
    """What the AI staff may spend in a calendar month."""

    def has(self, feature: Feature) -> bool:
        """Tell whether the plan gives this."""
        return feature in self.features

    @property
    def can_reprice(self) -> bool:
        """Tell whether the bot may send prices; FREE watches and never sends any (DESIGN §5)."""
        return Feature.REPRICING in self.features


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """A plan as data: what it costs for 30 days and what it gives."""

    plan: Plan
    title: str
    price: int
    bot_limit: int
    features: frozenset[Feature]
    priority: int
    is_sold: bool
    trial_days: int
    ai_tokens: int = 0

    @property
    def can_reprice(self) -> bool:
        """Tell whether the bot sends prices, and does not only advise."""
        return Feature.REPRICING in self.features


@dataclass(frozen=True, slots=True)
class Quote:
    """What a change of plan costs now, as it is shown before paying."""

    plan: Plan
    purpose: PaymentPurpose
    amount: int
    from_balance: int
    """Of `amount`, what the person's balance pays."""
    service_from: datetime
    service_to: datetime
    base_id: UUID | None
    """The subscription that it changes."""
    words: str
    """How the sum came about, with its figures."""

    @property
    def to_pay(self) -> int:
        """Return what is asked of the card or the bank."""
        return self.amount - self.from_balance


@dataclass(frozen=True, slots=True)
class Settlement:
    """Money that came, as whoever took it says. `transaction_id`: theirs, unique."""

    amount: int
    currency: str
    transaction_id: str
    method: PaymentMethod
    at: datetime
    is_test: bool = False
