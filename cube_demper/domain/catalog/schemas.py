"""A store's goods as the cabinet shows them, in our words. Prices in tiyn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict


class Availability(TypedDict):
    """Stock at one point exactly as the price feed speaks it; kept and sent unchanged (DESIGN §4)."""

    storeId: str
    available: str
    stockCount: int | None
    stockSpecified: bool
    preOrder: int | None


class Point(TypedDict):
    """A pick-up point of a store: `id` is `{uid}_{name}`."""

    id: str
    name: str
    cityId: str
    cityName: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class CabinetProduct:
    """One row of the cabinet: list and details calls give the same shape here."""

    sku: str
    offer_id: str | None
    card: str | None
    title: str
    model: str | None
    brand: str | None
    category: str | None
    image_url: str | None
    is_on_sale: bool
    price: int | None
    """The price without cities; Kaspi's 0 («priced by city») is None."""
    city_prices: dict[str, int] = field(default_factory=dict)
    availabilities: tuple[Availability, ...] | None = None
    """None when the answer carried no availability at all: unknown, never «nowhere»."""
    updated_at: datetime | None = None
    error_codes: tuple[str, ...] = ()

    @property
    def product_key(self) -> str:
        """Return `kaspi_product_id`: the offer's id, else the SKU (SPEC §13.2)."""
        return self.offer_id or self.sku


@dataclass(frozen=True, slots=True)
class CabinetPage:
    """One page of the cabinet's product list."""

    products: tuple[CabinetProduct, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PriceChange:
    """One SKU's change as it goes to the price feed: every city of the enabled points, every availability."""

    sku: str
    model: str
    brand: str | None
    city_prices: dict[str, int]
    availabilities: tuple[Availability, ...]
