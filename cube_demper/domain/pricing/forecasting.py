"""What sellers are told of their queues: how short changes are, where a product stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.pricing import queue_queries
from cube_demper.domain.pricing.forecast import Forecast, QueuePlace, forecast, is_short, leaves_at
from cube_demper.domain.pricing.worth import CHANGES_WINDOW, URGENT

_HOUR = timedelta(hours=1)


async def changes_forecasts(
    tx: ReadTx, actor: Actor, now: datetime, *, limit: int
) -> dict[UUID, Forecast]:
    """Return those of the actor's stores that want more changes than Kaspi takes.

    `limit`: how many Kaspi takes in 30 minutes.
    """
    queues = await queue_queries.count_queued(tx, actor.owner_id)
    sent = await queue_queries.sent_since(tx, list(queues), now - CHANGES_WINDOW)
    short = [
        store
        for store, queued in queues.items()
        if is_short(queued, sent[store], limit=limit, now=now)
    ]
    wanted = await queue_queries.wanted_since(tx, short, now - _HOUR)
    found = {
        store: forecast(
            limit=limit, sent=sent[store], queued=queues[store], wanted=wanted[store], now=now
        )
        for store in short
    }
    return {store: it for store, it in found.items() if it is not None}


async def queue_place(
    tx: ReadTx, actor: Actor, product_id: UUID, now: datetime, *, limit: int
) -> QueuePlace | None:
    """Return where a product's change stands; None when none waits, or all that waits may leave now."""
    found = await queue_queries.find_place(tx, actor.owner_id, product_id)
    if found is None:
        return None
    sent = await queue_queries.sent_since(tx, [found.store_id], now - CHANGES_WINDOW)
    moment = leaves_at(
        found.place,
        sent[found.store_id],
        limit=limit,
        now=now,
        is_urgent=found.standing >= URGENT,
    )
    return QueuePlace(found.place, found.queued, moment) if moment > now else None
