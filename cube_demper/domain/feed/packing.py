"""How the lines of an uploaded list are kept until they are taken in, and become rows of goods. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import orjson

from cube_demper.domain.catalog.schemas import Availability
from cube_demper.domain.feed.rules import card_of_sku
from cube_demper.domain.feed.schemas import FeedOffer


def pack(offers: Iterable[FeedOffer]) -> bytes:
    """Return the lines of a list, small enough to be kept."""
    return zlib.compress(orjson.dumps([it.to_json() for it in offers]), 1)


def unpack(packed: bytes | None) -> list[FeedOffer]:
    """Return the lines of a kept list; none of one that was emptied."""
    if packed is None:
        return []
    return [FeedOffer.from_json(it) for it in orjson.loads(zlib.decompress(packed))]


def as_row(offer: FeedOffer, merchant_id: str, home_city_id: str) -> dict[str, object]:
    """Return a line of the list as a row of goods; points get their merchant back."""
    return {
        "sku": offer.sku,
        "card": card_of_sku(offer.sku),
        "model": offer.model,
        "brand": offer.brand,
        "price": offer.city_prices.get(home_city_id, offer.price),
        "availabilities": [
            Availability(
                storeId=f"{merchant_id}_{point.code}",
                available="yes" if point.is_available else "no",
                stockCount=point.stock,
                stockSpecified=point.stock is not None,
                preOrder=point.pre_order,
            )
            for point in offer.points
        ],
    }
