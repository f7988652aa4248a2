"""What the seller's list of goods is asked and answers. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

PAGE_SIZE = 50


class ProductTab(StrEnum):
    """The questions a seller asks of the list; a product can be under several."""

    ALL = "all"
    BOT_ON = "bot_on"
    FIRST = "first"
    LOST = "lost"
    AT_FLOOR = "at_floor"
    WAR = "war"
    HELD = "held"
    ERROR = "error"
    NO_MIN_PRICE = "no_min_price"
    BOT_OFF = "bot_off"


class ProductSort(StrEnum):
    """What the list can be sorted by; blanks always come last and the id breaks ties."""

    NAME = "name"
    PLACE = "place"
    PRICE = "price"
    RIVAL = "rival"
    MIN_PRICE = "min"
    MAX_PRICE = "max"
    CHECKED = "checked"


class ProductStatus(StrEnum):
    """What is going on with a product's bot, the most pressing first (`rules.status_of`)."""

    STORE_OFF = "store_off"
    NEEDS_REAUTH = "needs_reauth"
    NO_CARD = "no_card"
    NO_MIN_PRICE = "no_min_price"
    OFF = "off"
    ERROR = "error"
    NOT_ON_SALE = "not_on_sale"
    STOPPED = "stopped"
    BOUNDS_WRONG = "bounds_wrong"
    NEEDS_YOU = "needs_you"
    SENDING = "sending"
    QUEUED = "queued"
    SUGGESTED = "suggested"
    AT_FLOOR = "at_floor"
    RIVAL_BELOW_FLOOR = "rival_below_floor"
    AT_WAR = "at_war"
    WAITING = "waiting"
    HOLDING = "holding"


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """One view of the list; all of it lives in the page's address.

    `lost_before`: only goods that were first and are not since then or longer, as the alert counts them.
    """

    tab: ProductTab = ProductTab.ALL
    search: str = ""
    store_id: UUID | None = None
    lost_before: datetime | None = None
    sort: ProductSort = ProductSort.NAME
    is_descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One row of the list: everything the table shows, nothing more."""

    id: UUID
    store_id: UUID
    store_name: str
    name: str
    sku: str
    image_url: str | None
    stock: int | None
    """Pieces over all points; None where Kaspi was told no number."""
    is_available: bool
    place: int | None
    offers_count: int | None
    price: int | None
    price_seen_at: datetime | None
    rival_price: int | None
    rival_name: str | None
    min_price: int | None
    max_price: int | None
    step: int
    is_step_own: bool
    strategy: str
    top_n: int
    bot_active: bool
    status: ProductStatus
    error: str | None
    suggestion_id: UUID | None
    suggested_price: int | None
    sending_price: int | None
    is_suggest_mode: bool

    @property
    def rival_difference(self) -> int | None:
        """How much dearer the best rival is than we are (negative: cheaper)."""
        if self.rival_price is None or self.price is None:
            return None
        return self.rival_price - self.price


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One page of rows, its place among all, and how many goods each tab holds."""

    rows: tuple[ProductRow, ...]
    total: int
    page: int
    counts: Mapping[ProductTab, int]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class StoreChoice:
    """A store as the list's filter offers it, and what of it concerns the whole list."""

    id: UUID
    name: str
    is_active: bool
    needs_reauth: bool
    is_bot_enabled: bool
    is_suggest_mode: bool
    bots_on: int
    goods: int
    is_read: bool
    """Whether its catalogue was read to the end at least once."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Goods that an action is for: the ones ticked, or everything under a filter."""

    ids: tuple[UUID, ...] = ()
    everything: ProductFilter | None = None
