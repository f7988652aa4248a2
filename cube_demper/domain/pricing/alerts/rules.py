"""Since when a product is no longer first. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LOST_FOR = timedelta(hours=2)
"""Chosen: a rival's slip is answered within minutes, so two hours behind is a state, not a moment."""
LOST_LONG = "long"
"""`lost=long` in an address of the list of goods: what the alert of a lost first place opens."""
SHOWN_WITHIN = timedelta(minutes=10)
"""Kaspi shows an accepted price within minutes; the last confirming look is at +9 (DESIGN §5, step 6)."""


def first_lost_at(
    known: datetime | None, place_before: int | None, place: int | None, now: datetime
) -> datetime | None:
    """Return since when a product that was first is not; None while it is first or cannot be seen.

    One that never was first has lost nothing.
    """
    if place is None or place == 1:
        return None
    return now if place_before == 1 else known


def lost_before(asked: str, now: datetime) -> datetime | None:
    """Return when goods lost the first place at the latest to be shown; None where nobody asks for it."""
    return now - LOST_FOR if asked == LOST_LONG else None
