"""Use cases of the overview: count places, tell the day and the places over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.overview import queries
from cube_demper.domain.overview.schemas import (
    CHECKED_WITHIN,
    DAY,
    KEPT,
    TALLIED_EVERY,
    Places,
    Yesterday,
)

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_POINTS = 336
"""A week of half hours: about as many as the plot has pixels to tell apart on a phone."""


async def count_places(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Count where the goods of every store stand now, and forget what is older than is kept.

    Any number of workers may do so: the count of a half hour is the last one made in it.
    Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    await queries.tally(tx, _slot(now, TALLIED_EVERY), now - CHECKED_WITHIN)
    await queries.delete_before(tx, now - KEPT)


async def places_held(
    tx: ReadTx, actor: Actor, now: datetime, span: timedelta, store_id: UUID | None = None
) -> Places:
    """Return the places of the actor's goods over time; a longer span has wider steps."""
    step = max(TALLIED_EVERY, TALLIED_EVERY * -(-(span // TALLIED_EVERY) // _POINTS))
    since = _slot(now - span, step)
    points = await queries.list_places(tx, actor.owner_id, store_id, since, step)
    return Places(tuple(points), since, now, step)


async def more_first_places(
    tx: ReadTx, actor: Actor, now: datetime, store_id: UUID | None = None
) -> int | None:
    """Return how many more first places the actor's goods hold than a day ago.

    Of the stores whose bots were at work then and are now; None when there is none.
    """
    within = 2 * TALLIED_EVERY
    return await queries.sum_of_first_places(tx, actor.owner_id, store_id, (now - DAY, now), within)


async def yesterday(
    tx: ReadTx, actor: Actor, now: datetime, store_id: UUID | None = None
) -> Yesterday:
    """Return what the actor's bots did in the last 24 hours."""
    since, owner = now - DAY, actor.owner_id
    raised, lowered, won = await queries.sums_of_sends(tx, owner, store_id, since)
    shift = await queries.shift_of_prices(tx, owner, store_id, since)
    return Yesterday(
        raised=raised,
        lowered=lowered,
        won=won,
        guarded=await queries.count_guarded(tx, owner, store_id, since),
        shift=shift.total,
        cheaper=shift.cheaper,
        dearer=shift.dearer,
        returned=shift.returned,
        unseen=shift.unseen,
    )


def _slot(moment: datetime, step: timedelta) -> datetime:
    return _EPOCH + (moment - _EPOCH) // step * step
