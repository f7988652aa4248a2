"""How much a queued change is worth while Kaspi's changes are short. Pure.

The unit is a second of waiting: a change worth 1,200 goes before one that is worth nothing and has
waited twenty minutes, and after one that has waited longer. All changes grow old alike, so the order
of two never changes while they wait, and one figure written once (`standing`) is the whole queue.

Three kinds go before all others, however long those have waited: a price below the floor (each sale
loses money), a price above the cap, and what the seller has agreed to.

All others by the money that they bring with each buyer who looks at the card: `draw` of the place
times what a sale leaves. There are no sales to count yet; how often a card is bought is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.pricing.schemas import Decision, Reason

CHANGES_WINDOW = timedelta(minutes=30)
"""Kaspi counts a store's changes over this long (KASPI.md §2.4)."""
RESERVE_SHARE = 10
"""A tenth of the changes is kept for those that must not wait."""
UNRESERVED_WINDOW = CHANGES_WINDOW - CHANGES_WINDOW / RESERVE_SHARE
"""All others get nine tenths of the changes in nine tenths of the time: the same pace, so that the
reserve costs nothing, and those that must not wait need wait three minutes at most."""
MEMORY = timedelta(hours=3)
"""How long the changes of a product tell how soon the next one comes. Half an hour would tell wars
from peace but not a lively card from a quiet one (`tests/benchmarks/changes`)."""
DOUBLING = timedelta(minutes=20)
"""Twice the money goes before what has waited this much longer. Chosen by the same benchmark: with 10
a fifth more money is lost, with 30 little less, and the least worth wait longer."""
MOST_DOUBLINGS = 18
"""262 144 ₸ with one buyer, more than nearly all goods leave: it bounds the wait of all others."""

_LANE = 10**10
_BELOW_FLOOR, _ABOVE_CAP, APPROVED = 3 * _LANE, 2 * _LANE, _LANE
URGENT = _LANE // 2
"""A standing from here on may use the reserve; 10**10 seconds are 317 years, so no wait reaches it."""
_ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)
_NEXT_PLACE = 0.4
"""Each place down leaves two fifths of the buyers. Chosen: Kaspi shows one price and hides the rest
behind «все предложения»."""
_LEAST_LEFT = 10
"""A sale at the floor still leaves a tenth of its price: the floor is not the cost."""
_PRIORITY = 4
"""A product that the seller marked as important counts for four."""


def worth(
    decision: Decision,
    *,
    is_priority: bool = False,
    is_approved: bool = False,
    wanted_lately: int = 0,
) -> int:
    """Return what a change is worth, in seconds of waiting (`DOUBLING` for each doubling of money).

    Args:
        decision: the change that the bot wants.
        is_priority: the seller marked the product.
        is_approved: the seller agreed to this very change.
        wanted_lately: how many other changes the bot wanted for the product within `MEMORY`: in a
            war each lives only until the next, so it brings its share of the time.

    """
    if decision.target is None or decision.window_price is None:
        return 0
    gap = abs(decision.target - decision.window_price)
    if decision.reason is Reason.RAISED_TO_FLOOR:
        return _BELOW_FLOOR + _head_start(gap)
    if decision.reason is Reason.LOWERED_TO_CAP:
        return _ABOVE_CAP + _head_start(gap)
    gain = _gain(decision, decision.window_price, decision.target)
    if is_priority:
        gain *= _PRIORITY
    if decision.reason is not Reason.PRICE_WAR:  # that one ends the war: it lives for hours
        gain /= 1 + wanted_lately
    return (APPROVED if is_approved else 0) + _head_start(gain)


def standing(worth_: int, decided_at: datetime, waits_since: datetime) -> int:
    """Return the place in the store's queue, the greatest first: what is worth more or waits longer.

    Args:
        worth_: see `worth`.
        decided_at: when this price was decided.
        waits_since: since when the product waits for a change, whatever its price was to be. What it
            waited for earlier prices counts half: those would be gone by now, but none may starve.

    """
    waits = decided_at - (decided_at - waits_since) / 2
    return worth_ - int((waits - _ORIGIN).total_seconds())


def may_leave(standings: Sequence[int], *, room: int, limit: int, used: int) -> int:
    """Return how many of the first of a queue may leave now.

    Args:
        standings: the first of the queue, in its order.
        room: how many changes Kaspi still takes now.
        limit: how many it takes in 30 minutes.
        used: how many of the store's left within `UNRESERVED_WINDOW`.

    """
    urgent = sum(it >= URGENT for it in standings[:room])
    unreserved = limit - reserve(limit) - used - urgent
    return min(len(standings), urgent + max(0, min(room - urgent, unreserved)))


def reserve(limit: int) -> int:
    """Return how many changes are kept for those that must not wait."""
    return limit // RESERVE_SHARE


def _head_start(gain: float) -> int:
    doublings = min(math.log2(1 + max(gain, 0) / TIYN_IN_TENGE), MOST_DOUBLINGS)
    return round(doublings * DOUBLING.total_seconds())


def _gain(decision: Decision, window: int, target: int) -> float:
    """Return what the change brings with one buyer, in tiyn: never less than nothing.

    A fall gains the places that it crosses, a rise the difference at the place that it keeps.
    """
    after = (
        decision.place or 1 if decision.reason is Reason.PRICE_WAR else decision.target_place or 1
    )
    before = _place_now(decision, window, after)
    floor = decision.floor or 0
    return _draw(after) * _left(target, floor) - _draw(before) * _left(window, floor)


def _place_now(decision: Decision, window: int, after: float) -> float:
    """Return our place; an equal price counts for half a place, unread means far behind or as before."""
    if decision.place is None:
        return math.inf if decision.is_fall else after
    is_tie = decision.rival is not None and decision.rival.price == window
    return decision.place + (0.5 if is_tie else 0)


def _draw(place: float) -> float:
    return math.pow(_NEXT_PLACE, place - 1)


def _left(price: int, floor: int) -> float:
    return max(price - floor, 0) + price / _LEAST_LEFT
