"""Whose turn it is: claims take from some shard keys at a time and go round, so that none starves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AT_A_TURN = 16
"""Products that a key gives before the next one's turn, in as many claims as that takes: small claims
that left a key with half of its goods due would serve crowded keys more seldom."""


@dataclass(slots=True)
class Turn:
    """Remembers the shard key that a worker's last claim came to."""

    last: int = -1
    given: int = 0
    """What that key has given in this turn; 0: the turn is over."""

    def order(self, keys: Sequence[int]) -> list[int]:
        """Return ascending `keys` from the one whose turn it is, round to it."""
        start = (bisect_left if self.given else bisect_right)(keys, self.last)
        return [*keys[start:], *keys[:start]]

    def came_to(self, order: Sequence[int], served: Iterable[int]) -> None:
        """Note which of the keys in `order` gave something; the furthest has the turn."""
        given = Counter(served)
        key = next((key for key in reversed(order) if key in given), None)
        if key is None:
            return
        so_far = self.given if key == self.last else 0
        self.last, self.given = key, so_far + given[key]
        if self.given >= AT_A_TURN:
            self.given = 0
