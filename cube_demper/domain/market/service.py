"""Keeps what looks saw, for 30 days, and tells it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.market import move_queries, queries
from cube_demper.domain.market.moves import Move, Sight, look_on
from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.models.pricing import MarketSnapshot

KEPT = timedelta(days=30)
_OFFERS_KEPT = 20
_POINTS_AT_MOST = 5_000


async def remember_markets(tx: WriteTx, actor: Actor, markets: Sequence[Market]) -> None:
    """Keep looks whose offers changed, the 20 cheapest of each. Raises PermissionDenied."""
    _require_system(actor)
    await queries.insert_if_new(
        tx,
        [
            {
                "card": market.card,
                "city_id": market.city_id,
                "seen_at": market.seen_at,
                "total": market.total,
                "offers": [_offer_row(offer) for offer in market.offers[:_OFFERS_KEPT]],
            }
            for market in markets
        ],
    )
    await _follow_moves(tx, markets)


async def _follow_moves(tx: WriteTx, markets: Sequence[Market]) -> None:
    """Keep who moved since the last look at each market."""
    if not markets:
        return
    keys = sorted({(market.card, market.city_id) for market in markets})
    before = await move_queries.lock_sights(tx, keys)
    sights, moves = dict(before), list[Move]()
    for market in sorted(markets, key=lambda it: it.seen_at):
        key = (market.card, market.city_id)
        sights[key], moved = look_on(sights.get(key), market)
        moves += moved
    changed, same = _apart(before, sights)
    await move_queries.keep_sights(tx, changed)
    await move_queries.looked_again(tx, same)
    await move_queries.add_moves(tx, moves)


def _apart(
    before: dict[move_queries.Key, Sight], now: dict[move_queries.Key, Sight]
) -> tuple[list[tuple[move_queries.Key, Sight]], list[tuple[move_queries.Key, Sight]]]:
    """Tell markets whose prices changed from those that were merely looked at again."""
    changed, same = [], []
    for key, sight in now.items():
        known = before.get(key)
        if known is None or known.prices != sight.prices:
            changed.append((key, sight))
        elif known.seen_at != sight.seen_at:
            same.append((key, sight))
    return changed, same


async def latest_market(
    tx: ReadTx, card: str, city_id: str, before: datetime | None = None
) -> Market | None:
    """Return the last kept look. Public facts of the shop window: no actor needed."""
    row = await queries.find_latest(tx, card, city_id, before)
    return _market(row) if row else None


async def markets_since(tx: ReadTx, card: str, city_id: str, since: datetime) -> list[Market]:
    """Return kept looks since then, oldest first; each holds until the next."""
    return [
        _market(row) for row in await queries.list_since(tx, card, city_id, since, _POINTS_AT_MOST)
    ]


async def recorded_markets(
    tx: ReadTx, card: str, city_id: str, *, after: datetime, until: datetime, limit: int
) -> list[tuple[Market, datetime | None]]:
    """Return a piece of the record: kept looks later than `after`, with when the look before was."""
    rows = await queries.list_recorded(tx, card, city_id, after=after, until=until, limit=limit)
    return [(_market(row), before) for row, before in rows]


async def count_recorded(tx: ReadTx, card: str, city_id: str, since: datetime) -> int:
    """Count the kept looks since then: what a replay costs."""
    return await queries.count_recorded(tx, card, city_id, since)


async def looked_last(tx: ReadTx, card: str, city_id: str) -> datetime | None:
    """Return when anybody last looked at the card, whether or not the market had changed."""
    return await queries.looked_last(tx, card, city_id)


async def latest_markets(
    tx: ReadTx, cards: Sequence[str], city_id: str, since: datetime
) -> dict[str, Market]:
    """Return the last kept look at each card since then."""
    rows = await queries.list_latest(tx, cards, city_id, since)
    return {row.card: _market(row) for row in rows}


def market_to_json(market: Market) -> dict[str, Any]:
    """Write a look for other processes to share."""
    return {
        "card": market.card,
        "city_id": market.city_id,
        "total": market.total,
        "seen_at": market.seen_at.isoformat(),
        "offers": [_offer_row(offer) for offer in market.offers],
    }


def market_from_json(raw: dict[str, Any]) -> Market:
    """Read what `market_to_json` wrote."""
    return Market(
        card=raw["card"],
        city_id=raw["city_id"],
        offers=tuple(_offer(offer) for offer in raw["offers"]),
        total=raw["total"],
        seen_at=datetime.fromisoformat(raw["seen_at"]),
    )


async def keep_partitions(tx: WriteTx, actor: Actor, today: date) -> None:
    """Make this month's and the next month's tables; drop months that ended over 30 days ago."""
    _require_system(actor)
    await queries.lock_partitions(tx)
    first = today.replace(day=1)
    for start in (first, _next_month(first)):
        name = f"market_snapshots_{start:%Y_%m}"
        await queries.create_partition(tx, name, start, _next_month(start))
    oldest = f"market_snapshots_{today - KEPT:%Y_%m}"
    for name in await queries.list_partitions(tx):
        if name < oldest:
            await queries.drop_partition(tx, name)
    await queries.delete_before(tx, today - KEPT)
    await move_queries.delete_before(tx, datetime.combine(today - KEPT, time.min, ALMATY))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _require_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied


def _offer_row(offer: Offer) -> dict[str, Any]:
    row = {
        "merchant_id": offer.merchant_id,
        "name": offer.merchant_name,
        "price": offer.price,
        "sku": offer.merchant_sku,
        "rating": offer.rating,
        "reviews": offer.reviews,
        "delivery": None if offer.delivery is None else offer.delivery.name,
        "preorder": offer.preorder_days or None,
    }
    return {key: value for key, value in row.items() if value is not None}


def _offer(row: dict[str, Any]) -> Offer:
    return Offer(
        merchant_id=row["merchant_id"],
        merchant_name=row.get("name", ""),
        price=row["price"],
        merchant_sku=row.get("sku"),
        rating=row.get("rating"),
        reviews=row.get("reviews"),
        delivery=DeliverySpeed[row["delivery"]] if "delivery" in row else None,
        preorder_days=row.get("preorder", 0),
    )


def _market(row: MarketSnapshot) -> Market:
    offers = tuple(_offer(offer) for offer in row.offers)
    return Market(row.card, row.city_id, offers, row.total, row.seen_at)
