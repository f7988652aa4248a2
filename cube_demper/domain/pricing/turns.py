"""Whose turn it is: claims take from some shard keys at a time and go round, so that none starves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Turn:
    """Remembers the shard key that a worker's last claim came to."""

    last: int = -1

    def order(self, keys: Sequence[int]) -> list[int]:
        """Return ascending `keys` from the one after the last, round to it."""
        start = bisect_right(keys, self.last)
        return [*keys[start:], *keys[:start]]

    def came_to(self, order: Sequence[int], served: Iterable[int]) -> None:
        """Note which of the keys in `order` gave something; the furthest had the last turn."""
        given = set(served)
        self.last = next((key for key in reversed(order) if key in given), self.last)
