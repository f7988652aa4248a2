"""What the journal of the bots tells. Money in tiyn, times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Day:
    """What the bots did over 24 hours, and what waits for the seller."""

    changes: int
    suggested: int
    suspicious: int
    rival_below_floor: int
    without_floor: int
    """Goods with a bot and no min. price: it goes no lower than the price it was switched on at."""


@dataclass(frozen=True, slots=True)
class LatestChange:
    """A price that left for Kaspi, with its reason in words; `city`: a name, empty at home."""

    id: UUID
    product_id: UUID
    product_name: str
    store_name: str
    city: str
    at: datetime
    old_price: int | None
    new_price: int | None
    status: str
    words: str
