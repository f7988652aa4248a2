"""One product's check as the worker carries it: what is due, what was decided, what is to be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cube_demper.domain.catalog.schemas import Availability
from cube_demper.domain.economics.sale_terms import Good
from cube_demper.domain.market.chase import CardState
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing.schemas import (
    Decision,
    DeliveryFilter,
    Memory,
    ProductTerms,
    RivalFilters,
    Strategy,
)


@dataclass(frozen=True, slots=True)
class CityBounds:
    """A city whose price the bot keeps: the home city by the product's bounds, others by their own."""

    city_id: str
    is_home: bool
    price: int | None
    min_price: int | None
    max_price: int | None
    base_price: int | None


@dataclass(frozen=True, slots=True)
class PricedProduct:
    """A product with everything that decides its price in every city the bot keeps."""

    id: UUID
    store_id: UUID
    sku: str
    card: str
    name: str
    model: str | None
    brand: str | None
    step: int | None
    strategy: Strategy
    top_n: int | None
    delivery_filter: DeliveryFilter | None
    rival_filters: RivalFilters
    good: Good
    is_priority: bool
    check_failures: int
    availabilities: tuple[Availability, ...] | None
    supply_read_at: datetime | None
    cities: tuple[CityBounds, ...]
    passive_prices: dict[str, int | None] = field(default_factory=dict)
    """Last known prices of the cities that the bot does not keep."""

    @property
    def known_prices(self) -> dict[str, int | None]:
        """Return the last known price of every city."""
        return self.passive_prices | {city.city_id: city.price for city in self.cities}


@dataclass(frozen=True, slots=True)
class OpenSend:
    """A row that is queued, on its way, or sent and not yet seen."""

    id: UUID
    product_id: UUID
    city_id: str
    target: int
    status: str
    sent_at: datetime | None
    queued_at: datetime | None = None
    worth: int = 0
    approved_at: datetime | None = None
    created_at: datetime | None = None
    is_return: bool = False
    """It takes the price back to where the seller wants it."""


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the look before left in the product's row."""

    at: datetime | None = None
    rival_price: int | None = None
    looked_for: str | None = None
    """The rival whose move elsewhere made this look due."""
    place: int | None = None
    first_lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueProduct:
    """A claimed product: its terms and its memory by city."""

    product: PricedProduct
    due_at: datetime
    """When it was due as it was claimed; somebody who moves it meanwhile wants a newer look."""
    memories: dict[str, Memory]
    claimed_until: datetime | None = None
    """The end of the lease that this check was begun under: it tells one claim from the next."""
    before: LastLook = field(default_factory=LastLook)


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A product that we have claimed: when it is due now, and the end of the newest lease."""

    due_at: datetime
    claimed_until: datetime | None


@dataclass(frozen=True, slots=True)
class DueCard:
    """Claimed products that one look at a card in their home city serves."""

    card: str
    city_id: str
    state: CardState
    products: tuple[DueProduct, ...]


@dataclass(frozen=True, slots=True)
class CityOutcome:
    """What one look at one city led to."""

    bounds: CityBounds
    market: Market
    terms: ProductTerms
    decision: Decision


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one check. `error`: why there is no decision, in words for the seller."""

    due: DueProduct
    cities: tuple[CityOutcome, ...]
    next_check_at: datetime
    error: str | None = None
    pace: int | None = None
    look_share: float = 1.0
