"""A price war as one can see it. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.models.rivalry import WarEnd


@dataclass(frozen=True, slots=True)
class WarStep:
    """What a look or a decision saw from `at` on, until the next step; None: not seen then."""

    at: datetime
    own: int | None = None
    rival: int | None = None
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class WarFigures:
    """What a war cost. Sales are not known yet, so the measure is one sale.

    `per_sale`: how much lower our price was than at the beginning, each price weighing as long as it
    stood. `total`: the same for the units sold meanwhile, None while nobody counts them.
    `spared`: how far under the price of the rest the rival went on to go: what the guard kept us from.
    """

    per_sale: int
    lowest: int
    lasted: timedelta
    spared: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class War:
    """One price war with its figures as they are now."""

    id: UUID
    product_id: UUID
    product_name: str
    store_id: UUID
    city_id: str
    rival_id: str
    rival_name: str
    falls: int
    began_at: datetime
    called_at: datetime
    ends_at: datetime
    end_reason: WarEnd | None
    start_price: int
    rest_price: int
    steps: tuple[WarStep, ...]
    figures: WarFigures

    def is_on(self, now: datetime) -> bool:
        """Tell whether the rest still lasts."""
        return self.ends_at > now


@dataclass(frozen=True, slots=True)
class WarSum:
    """What of a war goes into a sum over many; `cost`: per sale, as the last look left it."""

    product_id: UUID
    began_at: datetime
    ends_at: datetime
    cost: int


@dataclass(frozen=True, slots=True)
class WarWeek:
    """The wars of the last days together; `per_sale`: weighted by how long each lasted."""

    wars: int = 0
    goods: int = 0
    on_now: int = 0
    per_sale: int = 0


@dataclass(frozen=True, slots=True)
class RestForecast:
    """What ending the rest now leads to, as far as the last look tells.

    `target` None: the rival stands where the bot does not follow (under the floor, or is gone).
    """

    price: int | None
    rival_price: int | None
    target: int | None
    floor: int | None
