"""What the page of one product shows. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.catalog.list_schemas import ProductRow
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.models.stores import Channel


@dataclass(frozen=True, slots=True)
class CityRow:
    """A product in one city; the home city first."""

    city_id: str
    name: str
    is_home: bool
    price: int | None
    min_price: int | None
    max_price: int | None
    bot_active: bool
    place: int | None
    rival_price: int | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProductView:
    """One product with its terms, its store's terms and its cities."""

    row: ProductRow
    card: str | None
    city_id: str
    city_name: str
    base_price: int | None
    cost_price: int | None
    delivery_filter: str | None
    rival_filters: RivalFilters
    store_delivery_filter: str | None
    store_rival_filters: RivalFilters
    home_city_only: bool
    is_store_home_only: bool
    big_fall_allowed_until: datetime | None
    last_reason: str | None
    checked_at: datetime | None
    next_check_at: datetime
    store_step: int
    check_interval_minutes: int
    work_hours: tuple[time, time] | None
    cities: tuple[CityRow, ...]
    terms_mark: str = ""
    """What an edit of all terms at once must say that it has seen."""

    @property
    def floor(self) -> int | None:
        """The bound below which the bot does not go, as far as the seller has set it."""
        return self.base_price if self.row.min_price is None else self.row.min_price


@dataclass(frozen=True, slots=True)
class Step:
    """A value from `at` on, until the next step; None: not known."""

    at: datetime
    price: int | None


@dataclass(frozen=True, slots=True)
class PriceSeries:
    """What was seen and allowed over time: our window price, the cheapest rival, the floor."""

    own: tuple[Step, ...]
    rival: tuple[Step, ...]
    floor: tuple[Step, ...]
    since: datetime
    until: datetime

    @property
    def is_empty(self) -> bool:
        """Tell that there is nothing to draw."""
        return not self.own and not self.rival


class Side(StrEnum):
    """Whose offer it is. IGNORED: the seller's filters or exclusions drop it."""

    OWN = "own"
    SISTER = "sister"
    RIVAL = "rival"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class SellerNow:
    """One line of «Продавцы сейчас»."""

    merchant_id: str
    name: str
    side: Side
    price: int
    difference: int | None
    rating: float | None
    reviews: int | None
    delivery: str | None
    """A name of `DeliverySpeed`; None where Kaspi did not say."""
    preorder_days: int


@dataclass(frozen=True, slots=True)
class SellersNow:
    """The market as it was last seen."""

    sellers: tuple[SellerNow, ...]
    total: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One decision in words."""

    id: UUID
    at: datetime
    city_id: str
    headline: str
    text: str
    status: str
    reason: str
    old_price: int | None
    new_price: int | None
    note: str | None
    sent_at: datetime | None
    confirmed_at: datetime | None
    unseen_at: datetime | None
    """The last look since the send that did not show the price."""
    look_at: datetime | None
    attempt: int
    needs_consent: bool
    channel: Channel = Channel.CABINET
    first_sent_at: datetime | None = None
    """When it left first, where it was tried twice."""
