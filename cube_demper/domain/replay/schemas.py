"""What a replay is told and what it answers. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from cube_demper.domain.catalog.view_schemas import Step
from cube_demper.domain.economics.profit_floors import ProfitFloor
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing.schemas import ProductTerms, StoreTerms

VOUCHED_FOR = timedelta(hours=3)
"""A market that was looked at both sooner than this before and after counts as recorded between."""
SHOWN_AFTER = timedelta(seconds=90)
"""From a send to the shop window: the first confirming look of the bot comes then (DESIGN §5.6)."""
LOOK_AGAIN_AFTER = timedelta(minutes=15)
"""How often a replay looks where it waits for nothing known: the default interval of the bot."""
MOST_LOOKS = 60_000
"""Decisions of one product: a card that changes twice a minute for 20 days. More is cut off and said."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One kept look. `looked_before`: when the look before it was, where that is known.

    Looks that saw nothing new are not kept, so the market stood unchanged until `looked_before`.
    """

    market: Market
    looked_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """The rule that is tried: what `decide` is told of the product and its store."""

    product: ProductTerms
    store: StoreTerms
    profit_floor: ProfitFloor = None
    is_open: Callable[[datetime], bool] = field(default=lambda _now: True)
    """Whether the bot may work at a moment (the store's hours)."""


@dataclass(slots=True)
class Figures:
    """How one of the two prices did while the market was recorded and our goods were on sale."""

    on_sale: timedelta = timedelta()
    first: timedelta = timedelta()
    at_floor: timedelta = timedelta()
    price_seconds: float = 0.0
    changes: int = 0

    @property
    def first_share(self) -> float | None:
        """Return the part of the time at the first place; None when nothing was recorded."""
        return self.first / self.on_sale if self.on_sale else None

    @property
    def floor_share(self) -> float | None:
        """Return the part of the time at the floor."""
        return self.at_floor / self.on_sale if self.on_sale else None

    @property
    def mean_price(self) -> int | None:
        """Return the mean price over the time."""
        seconds = self.on_sale.total_seconds()
        return round(self.price_seconds / seconds) if seconds else None


@dataclass(frozen=True, slots=True)
class Lines:
    """The prices over time; None is a stretch that nobody recorded or without our offer."""

    real: tuple[Step, ...] = ()
    tried: tuple[Step, ...] = ()
    rival: tuple[Step, ...] = ()
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rule. `recorded`: how much of the asked span anybody looked at the market.

    `is_cut`: the market changed too often, only the first part was replayed.
    """

    since: datetime
    until: datetime
    recorded: timedelta
    real: Figures
    tried: Figures
    lines: Lines
    held_falls: int = 0
    """Falls that the rule would have held for the seller's consent."""
    wars: int = 0
    looks: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class RunView:
    """A replay over many goods as its page shows it."""

    id: UUID
    store_id: UUID
    store_name: str
    status: str
    total: int
    done: int
    since: datetime
    until: datetime
    created_at: datetime
    rule: dict[str, object]
    product_ids: tuple[UUID, ...] | None = None
    """The chosen goods; None: all of the store whose bot is on."""


@dataclass(frozen=True, slots=True)
class Row:
    """One product of a run."""

    product_id: UUID
    name: str
    recorded: timedelta
    real: Figures
    tried: Figures


@dataclass(frozen=True, slots=True)
class Sums:
    """All goods of a run together: time at the first place, each product counted by its recorded time.

    `price_change`: the mean of the goods' own mean differences, so that dear goods do not drown cheap ones.
    """

    goods: int
    recorded: timedelta
    real_first: float | None
    tried_first: float | None
    real_floor: float | None
    tried_floor: float | None
    price_change: float | None
    """In per cent of the real mean price."""
    real_changes: int
    tried_changes: int

    @property
    def first_gain(self) -> float | None:
        """Return how much more of the time the rule would have been first."""
        if self.real_first is None or self.tried_first is None:
            return None
        return self.tried_first - self.real_first


@dataclass(frozen=True, slots=True)
class Spread:
    """Goods of a run by the part of the time at the first place, a number for each tenth."""

    PARTS: ClassVar[int] = 10

    real: tuple[int, ...]
    tried: tuple[int, ...]
