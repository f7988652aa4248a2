"""When to look whether a sent price is in the shop window, and what was never seen there. Pure.

DESIGN §5.6 names the moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

USUAL_LOOKS = (timedelta(seconds=90), timedelta(minutes=4), timedelta(minutes=9))
"""After a send. Whoever has not seen the price at the last of them tries once more, then gives up."""
EARLIEST_LOOK = timedelta(seconds=20)
ENOUGH_SEEN = 10
LATEST_SEEN = 20
_TRIED_EARLIER = 0.8
_SLOWEST_NINE_TENTHS = 0.9


@dataclass(frozen=True, slots=True)
class NotShown:
    """A price that Kaspi took twice and never showed."""

    store_id: UUID
    product_id: UUID
    name: str
    city: str
    """Its name, where the store sells in several; else empty."""
    price: int
    sent_at: datetime


def first_look_after(seen_after: Sequence[timedelta]) -> timedelta:
    """Return when to look first, by how long the store's latest sends took until they were seen.

    A little earlier than nine tenths of them: a hit teaches that earlier would have done, and misses,
    seen at +90 s only, put the look back. A miss costs one look, a hit none.
    """
    if len(seen_after) < ENOUGH_SEEN:
        return USUAL_LOOKS[0]
    nearly_all = sorted(seen_after)[int(len(seen_after) * _SLOWEST_NINE_TENTHS)]
    return min(max(nearly_all * _TRIED_EARLIER, EARLIEST_LOOK), USUAL_LOOKS[0])


def next_look_at(sent_at: datetime, looked_at: datetime) -> datetime | None:
    """Return when to look again after a look that did not see the price; None: that was the last."""
    moments = (sent_at + after for after in USUAL_LOOKS)
    return next((moment for moment in moments if moment > looked_at), None)
