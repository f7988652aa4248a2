"""When to look whether a sent price is in the shop window, and what was never seen there. Pure.

DESIGN §5.6 names the moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.models.stores import Channel

USUAL_LOOKS = (timedelta(seconds=90), timedelta(minutes=4), timedelta(minutes=9))
"""After a send. Whoever has not seen the price at the last of them tries once more, then gives up."""
FEED_LOOKS = (
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(minutes=60),
    timedelta(minutes=120),
)
"""After the price list was taken: Kaspi reads it in its own time. Not seen at the last is an alarm."""
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


def looks_of(channel: str) -> tuple[timedelta, ...]:
    """Return when to look after a send by this channel."""
    return FEED_LOOKS if channel == Channel.FEED else USUAL_LOOKS


def confirm_within(channel: str) -> timedelta:
    """Return how long a send may wait to be seen: until a little after its last look."""
    return looks_of(channel)[-1] + timedelta(minutes=1)


def first_look_after(seen_after: Sequence[timedelta], channel: str = Channel.CABINET) -> timedelta:
    """Return when to look first, by how long the store's latest sends took until they were seen.

    A little earlier than nine tenths of them: a hit teaches that earlier would have done, and misses,
    seen at +90 s only, put the look back. A miss costs one look, a hit none.
    """
    if len(seen_after) < ENOUGH_SEEN or channel == Channel.FEED:
        return looks_of(channel)[0]
    nearly_all = sorted(seen_after)[int(len(seen_after) * _SLOWEST_NINE_TENTHS)]
    return min(max(nearly_all * _TRIED_EARLIER, EARLIEST_LOOK), USUAL_LOOKS[0])


def next_look_at(
    sent_at: datetime, looked_at: datetime, channel: str = Channel.CABINET
) -> datetime | None:
    """Return when to look again after a look that did not see the price; None: that was the last."""
    moments = (sent_at + after for after in looks_of(channel))
    return next((moment for moment in moments if moment > looked_at), None)
