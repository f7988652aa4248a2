"""Where one price goes back to, or why it stays. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cube_demper.core.money import floor_to_tenge
from cube_demper.domain.pricing.bounds import Bounds
from cube_demper.domain.pricing.returning.schemas import Skip
from cube_demper.domain.pricing.schemas import Memory, Returned

SPAN = timedelta(hours=1)
REST = timedelta(hours=1)
"""As long as the bot had for what is taken back: time to find the setting that was wrong."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A product in a city at the moment of asking; prices in tiyn.

    `price`: what the window shows, or what it was last told. `before`: an hour ago.
    """

    is_bot_on: bool
    price: int | None
    before: int | None
    bounds: Bounds | None
    is_outcome_unknown: bool = False
    queued_back_to: int | None = None


def target_of(standing: Standing) -> int | Skip:
    """Return the price to go back to: that of an hour ago, cut to the floor and the cap of now."""
    obstacle = _obstacle(standing)
    if obstacle is not None:
        return obstacle
    bounds, before = standing.bounds, standing.before
    if before is None or standing.price is None:
        return Skip.NO_PRICE
    if bounds is None or bounds.floor > bounds.cap:
        return Skip.NO_BOUNDS
    target = min(max(floor_to_tenge(before), bounds.floor), bounds.cap)
    if standing.queued_back_to == target:
        return Skip.ALREADY
    return Skip.SAME if target == standing.price else target


def rested(memory: Memory, price: int, at: datetime) -> Memory:
    """Keep the bot off a price that has gone back, for an hour from now on: it may have queued long."""
    return replace(memory, returned=Returned(price, at + REST))


def _obstacle(standing: Standing) -> Skip | None:
    if not standing.is_bot_on:
        return Skip.BOT_OFF
    return Skip.ON_ITS_WAY if standing.is_outcome_unknown else None
