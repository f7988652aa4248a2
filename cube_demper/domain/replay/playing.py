"""One product's record, streamed through the player."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.domain.economics import service as economics
from cube_demper.domain.market import service as market
from cube_demper.domain.replay import queries
from cube_demper.domain.replay.errors import NothingToReplay
from cube_demper.domain.replay.rules import Player
from cube_demper.domain.replay.schemas import Outcome, Recorded, Trial
from cube_demper.domain.replay.terms import House, check_rule, trial_of

SPANS = (7, 14, 30)
MOST_AT_ONCE = 3_000
"""Kept looks that are replayed within about a second; more go to the worker."""
_PIECE = 250


async def looks_to_replay(
    tx: ReadTx, actor: Actor, product_id: UUID, days: int, now: datetime
) -> int:
    """Count what a replay of one product would read. Raises ProductNotFound, InvalidInput."""
    found = await queries.find_subject(tx, actor.owner_id, product_id)
    if found is None:
        raise ProductNotFound
    product, store, _ = found
    if product.external_kaspi_id is None:
        raise NothingToReplay
    since = now - span_of(days)
    return await market.count_recorded(tx, product.external_kaspi_id, store.home_city_id, since)


async def replay_product(
    tx: ReadTx,
    actor: Actor,
    product_id: UUID,
    rule: TermsChange,
    *,
    days: int,
    now: datetime,
    house: House,
) -> Outcome:
    """Play a rule over the recorded days of one product's home city.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
        InvalidInput: the rule could not be applied either.
    """
    check_rule(rule)
    found = await queries.find_subject(tx, actor.owner_id, product_id)
    if found is None:
        raise ProductNotFound
    product, store, settings = found
    if product.external_kaspi_id is None:
        raise NothingToReplay
    merchants = await queries.merchant_ids(tx, actor.owner_id)
    own = House(house.min_price_tenge, house.max_fall_percent, merchants)
    wished = {store.id: settings.min_profit if settings else None}
    floors = await economics.profit_floors(tx, wished, now)
    trial = trial_of(product, store, settings, rule, own, floors=floors[store.id])
    since = now - span_of(days)
    place = product.external_kaspi_id, store.home_city_id
    return await play(tx, place, trial, since=since, until=now)


async def play(
    tx: ReadTx,
    place: tuple[str, str],
    trial: Trial,
    *,
    since: datetime,
    until: datetime,
    keeps_lines: bool = True,
) -> Outcome:
    """Stream the record piece by piece: a lively card's month is not in memory at once."""
    card, city = place
    player = Player(trial, since, keeps_lines=keeps_lines)
    earlier = await market.latest_market(tx, card, city, before=since)
    if earlier is not None:
        player.take(Recorded(earlier))
    after = since - timedelta(microseconds=1)
    while True:
        piece = await market.recorded_markets(
            tx, card, city, after=after, until=until, limit=_PIECE
        )
        if not all(player.take(Recorded(seen, before)) for seen, before in piece):
            break
        if len(piece) < _PIECE:
            break
        after = piece[-1][0].seen_at
        await asyncio.sleep(0)  # other tabs and lanes of this process want to live too
    return player.end(until, await market.looked_last(tx, card, city))


def span_of(days: int) -> timedelta:
    """Return the span of so many days. Raises InvalidInput for others than those offered."""
    if days not in SPANS:
        raise InvalidInput("Выберите 7, 14 или 30 дней.", field="days")
    return timedelta(days=days)
