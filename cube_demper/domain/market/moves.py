"""Who moved between two looks at a market. Pure.

Only the cheapest offers are compared (`SEEN`), each seller by its cheapest. Of a list that was not
read whole, a seller who is missing has gone or has gone up out of sight: one whose last price would
still be in sight counts as gone, any other stays where it was seen last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.market.schemas import Market

SEEN = 20
_OUT_OF_SIGHT_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """The sellers of a card in a city as a look saw them: the cheapest price of each."""

    seen_at: datetime
    prices: dict[str, int]


@dataclass(frozen=True, slots=True)
class Move:
    """A new price of a seller, made after one look (`seen_after`) and seen by the next.

    `old_price` None: came. `new_price` None: went. `seen_after` None: nobody had looked before.
    """

    card: str
    city_id: str
    merchant_id: str
    name: str
    seen_after: datetime | None
    seen_at: datetime
    old_price: int | None
    new_price: int | None


def look_on(before: Sight | None, market: Market) -> tuple[Sight, tuple[Move, ...]]:
    """Compare a market with the last look at it; a look that is not newer changes nothing."""
    if before is not None and market.seen_at <= before.seen_at:
        return before, ()
    prices, names = _prices(market)
    old = before.prices if before is not None else {}
    if old == prices:
        return Sight(market.seen_at, prices), ()
    hidden = _out_of_sight(old, prices, market)
    after = before.seen_at if before is not None else None
    moves = [
        Move(
            market.card, market.city_id, merchant, names[merchant], after, market.seen_at, was, now
        )
        for merchant, now in prices.items()
        if (was := old.get(merchant)) != now
    ]
    moves += [
        Move(market.card, market.city_id, merchant, "", after, market.seen_at, was, None)
        for merchant, was in old.items()
        if merchant not in prices and merchant not in hidden
    ]
    return Sight(market.seen_at, prices | hidden), tuple(moves)


def _prices(market: Market) -> tuple[dict[str, int], dict[str, str]]:
    prices: dict[str, int] = {}
    names: dict[str, str] = {}
    for offer in market.offers[:SEEN]:
        known = prices.get(offer.merchant_id)
        if offer.price > 0 and (known is None or offer.price < known):
            prices[offer.merchant_id] = offer.price
            names[offer.merchant_id] = offer.merchant_name
    return prices, names


def _out_of_sight(old: dict[str, int], prices: dict[str, int], market: Market) -> dict[str, int]:
    """Return the sellers who may merely stand further down than was read."""
    if market.is_complete and len(market.offers) <= SEEN:
        return {}
    horizon = max(prices.values(), default=0)
    hidden = sorted(
        (price, merchant)
        for merchant, price in old.items()
        if merchant not in prices and price >= horizon
    )
    return {merchant: price for price, merchant in hidden[:_OUT_OF_SIGHT_AT_MOST]}
