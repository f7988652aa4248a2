"""What sellers are told of their queues: how short changes are, where a product stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.pricing import queue_queries
from cube_demper.domain.pricing.forecast import Forecast, QueuePlace, forecast, is_short, leaves_at
from cube_demper.domain.pricing.worth import CHANGES_WINDOW, URGENT
from cube_demper.domain.supply import counting as supply

_HOUR = timedelta(hours=1)


async def changes_forecasts(
    tx: ReadTx, actor: Actor, now: datetime, *, limit: int
) -> dict[UUID, Forecast]:
    """Return those of the actor's stores that want more changes than Kaspi takes, stock's too.

    `limit`: how many Kaspi takes in 30 minutes.
    """
    prices = await queue_queries.count_queued(tx, actor.owner_id)
    stock = await supply.waiting_alone(tx, actor, now)
    queues = {id_: prices.get(id_, 0) + stock.get(id_, 0) for id_ in {*prices, *stock}}
    sent = await _sent(tx, list(queues), now)
    short = [
        store
        for store, queued in queues.items()
        if is_short(queued, sent[store], limit=limit, now=now, stock=stock.get(store, 0))
    ]
    wanted = await _wanted(tx, short, now - _HOUR)
    found = {
        store: forecast(
            limit=limit,
            sent=sent[store],
            queued=queues[store],
            wanted=wanted[store],
            now=now,
            stock=stock.get(store, 0),
        )
        for store in short
    }
    return {store: it for store, it in found.items() if it is not None}


async def queue_place(
    tx: ReadTx, actor: Actor, product_id: UUID, now: datetime, *, limit: int
) -> QueuePlace | None:
    """Return where a product's price stands; None when none waits, or all that waits may leave now."""
    found = await queue_queries.find_place(tx, actor.owner_id, product_id)
    if found is None:
        return None
    ahead = (await supply.waiting_alone(tx, actor, now)).get(found.store_id, 0)
    sent = await _sent(tx, [found.store_id], now)
    moment = leaves_at(
        ahead + found.place,
        sent[found.store_id],
        limit=limit,
        now=now,
        is_urgent=found.standing >= URGENT,
        stock=ahead,
    )
    if moment <= now:
        return None
    return QueuePlace(ahead + found.place, ahead + found.queued, moment)


async def agreed_leave_at(
    tx: ReadTx,
    actor: Actor,
    store_id: UUID,
    product_ids: Sequence[UUID],
    now: datetime,
    *,
    limit: int,
) -> datetime:
    """Return when the last of these goods of a cabinet's store would leave, were they agreed to now."""
    ahead = await queue_queries.count_urgent(tx, store_id, URGENT, but=product_ids)
    stock = (await supply.waiting_alone(tx, actor, now)).get(store_id, 0)
    sent = await _sent(tx, [store_id], now)
    return leaves_at(
        stock + ahead + len(product_ids),
        sent[store_id],
        limit=limit,
        now=now,
        is_urgent=True,
        stock=stock,
    )


async def stock_place(
    tx: ReadTx, actor: Actor, product_id: UUID, now: datetime, *, limit: int
) -> QueuePlace | None:
    """Return where a product's stock change stands; None when none waits, or it may leave now."""
    found = await supply.place_alone(tx, actor, product_id, now)
    if found is None:
        return None
    store_id, place = found
    sent = await _sent(tx, [store_id], now)
    moment = leaves_at(place, sent[store_id], limit=limit, now=now, stock=place)
    if moment <= now:
        return None
    queued = (await queue_queries.count_queued(tx, actor.owner_id)).get(store_id, 0)
    queued += (await supply.waiting_alone(tx, actor, now)).get(store_id, 0)
    return QueuePlace(place, queued, moment)


async def _sent(tx: ReadTx, store_ids: Sequence[UUID], now: datetime) -> dict[UUID, list[datetime]]:
    """Return when each store's changes of Kaspi's window left."""
    since = now - CHANGES_WINDOW
    found = await queue_queries.sent_since(tx, store_ids, since)
    for store, at in await supply.sent_alone(tx, store_ids, since):
        found[store].append(at)
    return found


async def _wanted(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> dict[UUID, list[datetime]]:
    """Return when each store's changes since then were decided, by the bot or by the seller."""
    found = await queue_queries.wanted_since(tx, store_ids, since)
    for store, at in await supply.wanted_alone(tx, store_ids, since):
        found[store].append(at)
    return found
