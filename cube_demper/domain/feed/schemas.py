"""A price list in our words. Money in tiyn, whole tenge; times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from cube_demper.models.feed import CatalogSource, ImportStatus, PullOutcome
from cube_demper.models.stores import Channel

MOST_BYTES = 64 * 2**20
"""A list of 60,000 goods with prices in three cities has 33 MB (tests/benchmarks/long_price_list.py)."""


@dataclass(frozen=True, slots=True)
class FeedPoint:
    """Stock at one point: `code` is bare («PP1»), unlike the cabinet's."""

    code: str
    is_available: bool
    stock: int | None = None
    pre_order: int | None = None


@dataclass(frozen=True, slots=True)
class FeedOffer:
    """One product of the file. Exactly one of `price` (all cities) and `city_prices` is given."""

    sku: str
    model: str
    brand: str | None
    points: tuple[FeedPoint, ...]
    price: int | None = None
    city_prices: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        points = [[it.code, it.is_available, it.stock, it.pre_order] for it in self.points]
        return {
            "sku": self.sku,
            "model": self.model,
            "brand": self.brand,
            "points": points,
            "price": self.price,
            "cities": dict(self.city_prices),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FeedOffer:
        """Read what `to_json` wrote."""
        return cls(
            sku=value["sku"],
            model=value["model"],
            brand=value["brand"],
            points=tuple(FeedPoint(*point) for point in value["points"]),
            price=value["price"],
            city_prices=value["cities"],
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one product or one line, in words. `line` is 0 where there is none."""

    sku: str
    text: str
    line: int = 0
    is_left_out: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "sku": self.sku,
            "text": self.text,
            "line": self.line,
            "is_left_out": self.is_left_out,
        }


@dataclass(frozen=True, slots=True)
class PriceList:
    """An uploaded price list as it was read. Of doubled SKUs only the first is in `offers`."""

    offers: tuple[FeedOffer, ...]
    problems: tuple[Problem, ...] = ()
    merchant_id: str = ""
    merchant_name: str = ""


class RefusalCode(StrEnum):
    """Why the file is not given."""

    OWNER_BLOCKED = "owner_blocked"
    STORE_OFF = "store_off"
    OTHER_CHANNEL = "other_channel"
    NO_POINTS = "no_points"
    NEVER_READ = "never_read"
    TOO_OLD = "too_old"
    EMPTY = "empty"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether the file may be given."""

    is_owner_blocked: bool
    is_active: bool
    is_feed: bool
    points: int
    is_from_cabinet: bool
    """The catalogue is read from the cabinet and grows old; an uploaded list does not."""
    synced_at: datetime | None
    offers: int
    published: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the file is not given, in a sentence for the seller and for whoever asks."""

    code: RefusalCode
    text: str


@dataclass(frozen=True, slots=True)
class PullRow:
    """One request for the file."""

    at: datetime
    outcome: PullOutcome
    offers: int
    changes: int
    note: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """An uploaded list before and after it is taken in. `removed`: goods on sale that it lacks."""

    id: UUID
    store_id: UUID | None
    file_name: str
    status: ImportStatus
    merchant_id: str
    merchant_name: str
    points: tuple[Mapping[str, Any], ...]
    total: int
    added: int
    removed: int
    problems: tuple[Mapping[str, Any], ...]
    problem_count: int
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FeedView:
    """Everything about a store's file that its seller sees, but the address itself."""

    store_id: UUID
    store_name: str
    merchant_id: str
    channel: Channel
    has_session: bool
    source: CatalogSource | None
    rotated_at: datetime | None
    published_at: datetime | None
    changed_at: datetime | None
    published_count: int
    on_sale: int
    without_card: int
    waiting: int
    """Changed prices that no file has carried yet."""
    synced_at: datetime | None
    refusal: Refusal | None
    problems: tuple[Mapping[str, Any], ...]
    problem_count: int
    pulls: tuple[PullRow, ...]


@dataclass(frozen=True, slots=True)
class FeedBrief:
    """A store's file in brief, for its card. `offers`: goods in the file that was given last."""

    source: CatalogSource
    is_used: bool
    """Prices go this way, not through the cabinet."""
    published_at: datetime | None
    offers: int
    waiting: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class SoughtGoods:
    """A product whose card is looked for, and how our offer on it would be known."""

    id: UUID
    sku: str
    name: str
    merchant_id: str
    city_id: str


@dataclass(frozen=True, slots=True)
class CardlessGoods:
    """A product whose card nobody knows, so that the bot cannot look at it."""

    id: UUID
    sku: str
    name: str
