"""What the trial chooses, suggests and sums up. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LOOK_TOPIC = "trial.look"
"""The outbox topic of a store whose shortlist is to be looked at."""
GOODS = 10
"""How many goods a new store begins with (issue 4, item 9)."""
SHORTLIST = 40
"""How many goods are looked at before ten are chosen: five seconds of one egress IP's budget."""
LOOKS_FRESH = timedelta(days=1)
UNSURE_FLOOR_PERCENT = 90
"""Without a cost, the floor that is proposed: 10 % below today's price, a fall that a seller survives."""


def look_message(store_id: UUID, now: datetime) -> tuple[str, dict[str, str]]:
    """Return key and payload of the message that asks for looks: one a store and hour."""
    return f"{store_id}:{now:%Y-%m-%dT%H}", {"store_id": str(store_id)}


class FloorSource(StrEnum):
    """Where a proposed floor comes from."""

    OWN = "own"
    """The seller has set it."""
    COST = "cost"
    """Cost and wanted profit."""
    PRICE = "price"
    """Today's price less a tenth: nothing else is known."""


@dataclass(frozen=True, slots=True)
class Good:
    """What is known of one product without a bot."""

    id: UUID
    name: str
    sku: str
    card: str
    image_url: str | None
    price: int
    min_price: int | None
    cost_price: int | None
    stock: int | None
    is_priority: bool = False
    floor_by_cost: int | None = None
    """The price that leaves the wanted profit after all that a sale is charged with."""


@dataclass(frozen=True, slots=True)
class Around:
    """What was seen around one product: sellers of its card, rivals after the store's filters."""

    offers: int
    rivals: int
    cheapest: int | None
    next_above: int | None
    """The cheapest rival that is dearer than we are."""
    own_price: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that suits the trial, with the floor that is proposed."""

    good: Good
    around: Around
    floor: int
    floor_source: FloorSource
    score: int

    @property
    def place(self) -> str:
        """Say whether we are the cheapest now: "first", "behind" or "unknown"."""
        cheapest, price = self.around.cheapest, self.around.own_price or self.good.price
        if cheapest is None:
            return "unknown"
        return "behind" if cheapest < price else "first"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a store's trial begins with. `looked`: how many goods of the shortlist were looked at."""

    candidates: tuple[Candidate, ...]
    shortlist: int
    looked: int
    bots: int
    """Goods whose bot is on already."""
    is_looking: bool = False
    """A worker is looking at the shortlist, or about to."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A price that the bot would set, and why."""

    id: UUID
    product_id: UUID
    name: str
    image_url: str | None
    sku: str
    city_id: str
    old_price: int
    new_price: int
    why: str
    at: datetime
    floor: int | None
    place: int | None
    target_place: int | None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of applying suggestions: queued, and those that the market has overtaken."""

    queued: int
    outdated: int


class Step(StrEnum):
    """The first steps, in their order."""

    EMAIL = "email"
    STORE = "store"
    CATALOGUE = "catalogue"
    BOUNDS = "bounds"
    APPLIED = "applied"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which of the first steps are done; `is_closed`: the seller has put the list away."""

    done: Mapping[Step, bool]
    is_closed: bool = False

    @property
    def is_complete(self) -> bool:
        """Tell whether the first safe price change is behind."""
        return all(self.done.values())

    @property
    def next(self) -> Step | None:
        """Return the first step that is not done."""
        return next((step for step, is_done in self.done.items() if not is_done), None)
