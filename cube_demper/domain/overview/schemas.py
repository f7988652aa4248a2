"""The figures of the overview. Money in tiyn, times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
TALLIED_EVERY = timedelta(minutes=30)
CHECKED_WITHIN = timedelta(hours=24)
"""A place seen longer ago is no place of today: such goods are not counted."""
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Yesterday:
    """What the bots did in the last 24 hours, in the home city of each store.

    A price that Kaspi took counts from then on, seen in the window yet or not; one that it refused,
    or never showed, does not. `raised`, `lowered`: prices sent. `won`: goods whose sent price was seen
    in the window and took the first place from the second or below. `guarded`: goods whose bot refused
    to follow a rival below the floor or into a suspicious fall. `shift`: for goods whose price changed,
    the price sent last less the one before the first change of these hours, added up; it is no revenue:
    nobody knows the sales. Those goods are `cheaper`, `dearer` or `returned` to the same price; of them
    `unseen` wait for the window to show the last price.
    """

    raised: int = 0
    lowered: int = 0
    won: int = 0
    guarded: int = 0
    shift: int = 0
    cheaper: int = 0
    dearer: int = 0
    returned: int = 0
    unseen: int = 0

    @property
    def moved(self) -> int:
        """Count the goods whose price was changed at all."""
        return self.cheaper + self.dearer + self.returned


@dataclass(frozen=True, slots=True)
class PlacePoint:
    """How many goods stood where at a moment."""

    at: datetime
    first: int
    second_third: int
    lower: int

    @property
    def known(self) -> int:
        """Count the goods whose place was known."""
        return self.first + self.second_third + self.lower


@dataclass(frozen=True, slots=True)
class Places:
    """Places over time; a stretch without points is one in which the bot was not at work."""

    points: tuple[PlacePoint, ...]
    since: datetime
    until: datetime
    step: timedelta
    """The time between two points while the bot works."""

    @property
    def is_empty(self) -> bool:
        """Tell that there is nothing to draw yet."""
        return not self.points
