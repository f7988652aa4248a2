"""How a wanted change enters its store's queue, and what of the queue may leave now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing import queue_queries
from cube_demper.domain.pricing.schemas import Decision
from cube_demper.domain.pricing.work import OpenSend
from cube_demper.domain.pricing.worth import (
    APPROVED,
    MEMORY,
    UNRESERVED_WINDOW,
    may_leave,
    reserve,
    standing,
    worth,
)
from cube_demper.domain.supply import counting as supply
from cube_demper.models.pricing import PriceHistory


async def wanted_lately(tx: ReadTx, product_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """Count the changes that each product wanted of late; none: not in it."""
    if not product_ids:
        return {}
    return await queue_queries.count_wanted(tx, product_ids, now - MEMORY)


async def next_products(
    tx: ReadTx, store_id: UUID, now: datetime, *, most: int, room: int, limit: int
) -> list[UUID]:
    """Return the products of a store that may leave now, those worth most first.

    `most`: of one batch; `room` and `limit`: how many changes Kaspi takes now and in 30 minutes.
    """
    first = await queue_queries.first_in_queue(tx, store_id, min(most, room))
    used = limit - room
    if used + most > limit - reserve(limit):  # else even the whole window leaves the reserve alone
        since = now - UNRESERVED_WINDOW
        used = await queue_queries.count_sent(tx, store_id, since)
        used += len(await supply.sent_alone(tx, [store_id], since))
    count = may_leave([it.standing for it in first], room=room, limit=limit, used=used)
    return [it.product_id for it in first[:count]]


def wait(row: PriceHistory, worth_: int, overtaken: Iterable[OpenSend]) -> None:
    """Give a decision its place in the queue; it takes over the wait of those that it replaces."""
    since = [send.queued_at for send in overtaken if send.queued_at]
    row.queued_at = min([row.created_at, *since])
    row.worth = standing(worth_, row.created_at, row.queued_at)


async def move(tx: WriteTx, send: OpenSend, worth_: int) -> None:
    """Give a change that waits already the place that it deserves by a newer look."""
    if send.created_at is None or send.queued_at is None:
        return
    anew = standing(worth_, send.created_at, send.queued_at)
    if anew != send.worth:
        await queue_queries.set_worth(tx, send.id, anew)


def approve(row: PriceHistory, *, is_priority: bool, now: datetime) -> None:
    """Queue a suggestion that the seller agreed to."""
    row.approved_at = now
    try:
        decision = Decision.from_json(row.decision)
    except ValueError:
        worth_ = APPROVED  # a row of another release: the seller's word is enough
    else:
        worth_ = worth(decision, is_priority=is_priority, is_approved=True)
    row.queued_at = now
    row.worth = standing(worth_, now, now)
