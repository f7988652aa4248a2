"""A market as one look saw it: the offers for one card in one city. Prices in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class DeliverySpeed(IntEnum):
    """The slowest day a delivery promise allows, fastest first (Kaspi's `deliveryDuration`)."""

    TODAY = 0
    TOMORROW = 1
    TILL_2_DAYS = 2
    TILL_3_DAYS = 3
    TILL_5_DAYS = 5
    TILL_7_DAYS = 7
    OTHER = 99


@dataclass(frozen=True, slots=True)
class Offer:
    """One seller's offer. `delivery` is None when Kaspi did not say; that is not «slow»."""

    merchant_id: str
    merchant_name: str
    price: int
    merchant_sku: str | None = None
    rating: float | None = None
    reviews: int | None = None
    delivery: DeliverySpeed | None = None
    preorder_days: int = 0


@dataclass(frozen=True, slots=True)
class Market:
    """The offers of one (card, city), cheapest first as Kaspi gave them.

    `total` is how many offers Kaspi says there are; `is_complete` tells that all of them were read,
    so that an absent own offer really is absent.
    """

    card: str
    city_id: str
    offers: tuple[Offer, ...]
    total: int
    seen_at: datetime

    @property
    def is_complete(self) -> bool:
        """Tell whether every offer that Kaspi counted was read."""
        return len(self.offers) >= self.total


@dataclass(frozen=True, slots=True)
class OffersPage:
    """One page of the offers call."""

    offers: tuple[Offer, ...]
    total: int
