"""From our rows to lines of the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cube_demper.domain.feed.rules import bare_point
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint, Problem
from cube_demper.domain.pricing.publishing import StandingPrices

LONGEST_SKU = 20
"""The guide's limit; Kaspi's own SKUs go over it, so it is a warning (KASPI.md §6)."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """What the file needs of a product: of 60,000 whole rows most would be read for nothing."""

    id: UUID
    kaspi_sku: str
    name: str
    model: str | None
    brand: str | None
    availabilities: Sequence[Mapping[str, Any]] | None
    price: int | None
    bot_active: bool


def as_offer(
    row: FileRow, prices: StandingPrices, merchant_id: str
) -> tuple[FeedOffer | None, list[Problem]]:
    """Return a product's line, None when there is nothing to say of it, and what is wrong with it."""
    known = {city: price for city, price in prices.by_city.items() if price}
    points = _points(row.availabilities or (), merchant_id)
    if not known:
        return None, [Problem(row.kaspi_sku, "Цена неизвестна: товар не попал в прайс-лист.")]
    if not points:
        text = "Наличие по точкам неизвестно: товар не попал в прайс-лист."
        return None, [Problem(row.kaspi_sku, text)]
    is_one_price = len(set(known.values())) == 1 and len(known) == len(prices.by_city)
    offer = FeedOffer(
        sku=row.kaspi_sku,
        model=row.model or row.name,
        brand=row.brand,
        points=points,
        price=next(iter(known.values())) if is_one_price else None,
        city_prices={} if is_one_price else known,
    )
    return offer, list(_warnings(row, prices, known))


def _warnings(row: FileRow, prices: StandingPrices, known: Mapping[str, int]) -> Sequence[Problem]:
    found = []
    if len(known) < len(prices.by_city):
        found.append("Цена известна не во всех городах: в остальных товара не будет.")
    if prices.raised:
        found.append("Цена была ниже мин. цены: в прайс-листе она поднята до неё.")
    if len(row.kaspi_sku) > LONGEST_SKU:
        found.append(f"Артикул длиннее {LONGEST_SKU} знаков: Kaspi может его не принять.")
    return [Problem(row.kaspi_sku, text, is_left_out=False) for text in found]


def _points(availabilities: Sequence[Mapping[str, Any]], merchant_id: str) -> tuple[FeedPoint, ...]:
    return tuple(
        FeedPoint(
            code=bare_point(str(it["storeId"]), merchant_id),
            is_available=it.get("available") == "yes",
            stock=it.get("stockCount") if it.get("stockSpecified") else None,
            pre_order=it.get("preOrder") or None,
        )
        for it in availabilities
    )
