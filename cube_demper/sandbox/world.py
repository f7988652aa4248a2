"""What exists in the sandbox: merchants, cards, the stores' goods and the accounts. No behaviour in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict

from cube_demper.sandbox.cities import City


class Pace(StrEnum):
    """How soon a rival answers a change."""

    LIVELY = "lively"
    MEDIUM = "medium"
    SLOW = "slow"


class Temper(StrEnum):
    """What a rival does with its price."""

    UNDERCUTS = "undercuts"
    WANDERS = "wanders"
    VISITS = "visits"
    """Undercuts, but also leaves the card and comes back."""
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class Point:
    """A pick-up point; Kaspi calls it `{uid}_{code}`."""

    code: str
    city: City
    street: str = "улица Примерная"
    number: str = "1"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Merchant:
    """A shop. `rating` and `reviews` are None for a shop without reviews."""

    uid: str
    name: str
    points: tuple[Point, ...]
    rating: float | None = None
    reviews: int | None = None
    kaspi_delivery: bool = True

    def point_id(self, point: Point) -> str:
        """Return the id that the wire uses."""
        return f"{self.uid}_{point.code}"


@dataclass(frozen=True, slots=True)
class Category:
    """A category: `code` without the «Master - » of the wire."""

    name: str
    code: str
    vertical: str


class Stock(TypedDict):
    """A store's stock at one point, as the price feed left it."""

    available: bool
    stockCount: int | None
    stockSpecified: bool
    preOrder: int | None


@dataclass(slots=True)
class Listing:
    """One merchant's offer on a card. Prices are whole tenge by city id."""

    merchant: Merchant
    card_id: str
    sku: str
    title: str
    prices: dict[str, int]
    speed: str | None = "TOMORROW"

    def price_in(self, city_id: str) -> int | None:
        """Return the price that the shop shows in this city; None where it does not sell."""
        raise NotImplementedError

    def preorder_in(self, city_id: str) -> int:
        """Return the days of pre-order, 0 for «in stock»."""
        raise NotImplementedError

    def point_in(self, city_id: str) -> Point | None:
        """Return the point that serves this city."""
        return next((p for p in self.merchant.points if p.city.id == city_id and p.enabled), None)


@dataclass(slots=True)
class RivalListing(Listing):
    """A rival's offer and its character."""

    floor: int = 0
    ceiling: int = 0
    step: int = 1
    temper: Temper = Temper.UNDERCUTS
    pace: Pace = Pace.MEDIUM
    preorder: int = 0
    is_present: bool = True
    is_frozen: bool = False
    wakes_at: float = 0.0
    wakes: int = 0
    beaten: int = 0

    def price_in(self, city_id: str) -> int | None:
        """Return the price while the rival is on the card."""
        return self.prices.get(city_id) if self.is_present else None

    def preorder_in(self, city_id: str) -> int:  # noqa: ARG002 - the same everywhere for a rival
        """Return the days of pre-order."""
        return self.preorder


@dataclass(slots=True)
class StoreListing(Listing):
    """An offer of a store that has a cabinet."""

    offer_id: str = ""
    model: str = ""
    brand: str | None = None
    category: Category = field(default_factory=lambda: Category("", "", ""))
    stocks: dict[str, Stock] = field(default_factory=dict)
    """Stock by point code; a point that is not here has no availability."""
    by_city: bool = False
    """Priced by city: the row's own `price` is then 0."""
    removed_at: float | None = None
    updated_at: float = 0.0
    updates: list[tuple[str, float]] = field(default_factory=list)
    first_price: int = 0
    """Whole tenge at the beginning of the world: what orders of any day are priced by."""

    @property
    def is_on_sale(self) -> bool:
        """Tell whether it may be bought anywhere."""
        return self.removed_at is None

    def price_in(self, city_id: str) -> int | None:
        """Return the price where an enabled point of the city has the product."""
        if self.removed_at is not None or self.point_in(city_id) is None:
            return None
        return self.prices.get(city_id)

    def preorder_in(self, city_id: str) -> int:
        """Return the pre-order days of the city's point."""
        point = self.point_in(city_id)
        return (self.stocks[point.code]["preOrder"] or 0) if point else 0

    def point_in(self, city_id: str) -> Point | None:
        """Return the first enabled point of the city that has the product."""
        for point in self.merchant.points:
            stock = self.stocks.get(point.code)
            if point.city.id == city_id and point.enabled and stock and stock["available"]:
                return point
        return None


@dataclass(slots=True)
class Card:
    """A product card that many merchants share."""

    id: str
    title: str
    brand: str
    category: Category
    slug: str
    listings: list[Listing] = field(default_factory=list)
    due_at: float = 0.0
    """When something next happens on this card; kept by the market."""

    @property
    def link(self) -> str:
        """Return the path under kaspi.kz/shop."""
        return f"/p/{self.slug}-{self.id}/"


@dataclass(slots=True)
class Account:
    """A person who signs in to the cabinet and may manage several merchants."""

    email: str
    password: str
    merchant_uids: list[str]
    phone: str = ""
    asks_code: bool = False
    """A password alone does not let in: a code is mailed."""
    is_head: bool = True
    """The head of the company: staff see no token of the orders API."""
    sees_orders: bool = True
    """Staff may have no right to orders at all."""


@dataclass(slots=True)
class World:
    """Everything that exists."""

    seed: int
    fingerprint: str
    cities: dict[str, City]
    merchants: dict[str, Merchant] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    stores: dict[str, dict[str, StoreListing]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """Tokens of the orders API by merchant, as far as their cabinets have made them."""
    orders_since: dict[str, date] = field(default_factory=dict)
    """The first day with orders of stores that are not old."""
    order_days: dict[tuple[str, int], Any] = field(default_factory=dict)
    """Orders by store and day, as far as somebody asked for them."""
    order_deeds: dict[str, Any] = field(default_factory=dict)
    """What sellers did to orders, by code: `order_deeds.Deed`."""
    order_changes: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    """Attributes that tests put over an order's own, by code; None: it has disappeared."""

    def add(self, listing: Listing) -> None:
        """Put an offer on its card, and into its store when it has a cabinet."""
        self.cards[listing.card_id].listings.append(listing)
        if isinstance(listing, StoreListing):
            self.stores.setdefault(listing.merchant.uid, {})[listing.sku] = listing
