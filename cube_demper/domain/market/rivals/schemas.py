"""A rival as a store meets it. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.market.moves import Move

DELAY_BUCKETS = (60, 180, 300, 900, 1800, 3600, 7200)
"""Upper ends of the delay histogram, in seconds."""


class Behaviour(StrEnum):
    """What a rival is most like."""

    BOT = "bot"
    HUMAN = "human"
    CLEARANCE = "clearance"
    STANDS = "stands"
    GONE = "gone"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Ground:
    """One product of a store and what happened on its card: all that a profile is read from.

    `prices`: at the last look. `moves`: oldest first, all of them from `since` on. `floor`: the
    seller's own bound.
    """

    product_id: UUID
    name: str
    floor: int | None
    since: datetime
    seen_at: datetime
    prices: Mapping[str, int]
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True)
class Answer:
    """A rival that went under our new price. The delay is known only between two looks.

    `is_settled`: its two hours were over at the last look. Only such count towards the share: of the
    younger ones those that will never be answered are not known yet.
    """

    shortest: int
    longest: int
    """Seconds."""
    ours: int
    theirs: int
    is_settled: bool = True


@dataclass(slots=True)
class Meeting:
    """One rival on one card of ours over the days looked at."""

    product_id: UUID
    product_name: str
    floor: int | None
    name: str = ""
    price: int | None = None
    our_price: int | None = None
    lowest: int | None = None
    highest: int | None = None
    last_seen_at: datetime | None = None
    together: float = 0
    ahead: float = 0
    """Seconds that both were there, and of them those that the rival was cheaper."""
    falls: int = 0
    rises: int = 0
    returns: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    answers: list[Answer] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    """Our prices that it left standing under its own for two hours."""

    @property
    def moves(self) -> int:
        """Count new prices; coming and going are none."""
        return self.falls + self.rises

    @property
    def answered(self) -> int:
        """Count the answers that are comparable with `unanswered`."""
        return sum(answer.is_settled for answer in self.answers)

    @property
    def weight(self) -> tuple[int, int, float]:
        """Order meetings by how much they tell."""
        return len(self.answers) + len(self.unanswered), self.moves, self.together


@dataclass(frozen=True, slots=True)
class Place:
    """One product of ours in a rival's profile. `stops_at`: where it likely ends answering."""

    product_id: UUID
    name: str
    price: int | None
    our_price: int | None
    lowest: int | None
    floor: int | None
    stops_at: int | None
    moves: int
    answers: int
    chances: int


@dataclass(frozen=True, slots=True)
class Delay:
    """How fast it answers: each figure between two looks, in seconds."""

    median_from: int
    median_to: int
    quick: int
    """A quarter of the answers came sooner, at the soonest."""
    slow: int
    """A quarter of the answers came later, at the latest."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one rival is like for one store over 30 days."""

    merchant_id: str
    name: str
    goods: int
    goods_now: int
    ahead_now: int
    under_floor: int
    ahead_percent: int | None
    moves: int
    chances: int
    answers: int
    answer_percent: int | None
    delay: Delay | None
    step: int | None
    step_percent: int | None
    """The usual step under our price, and the share of answers that made just that step."""
    deepest_percent: int | None
    """Its lowest price against our floor on the same product: −5 is five percent under it."""
    delays: tuple[int, ...]
    hours: tuple[int, ...]
    behaviour: Behaviour
    reasons: tuple[str, ...]
    places: tuple[Place, ...]
    last_seen_at: datetime | None = None
