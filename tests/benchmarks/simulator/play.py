"""Plays one day: looks within the requests a second, sends within 250 changes per 30 minutes a store."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.benchmarks.simulator.markets import World

CHANGES, WINDOW = 250, 1800.0
UPLOAD = 30.0
"""Seconds until a sent price is on the window."""


class Policy(Protocol):
    """Chooses the next look."""

    def take(self, now: float) -> tuple[int, Sequence[int]] | None:
        """Return a card to look at now and the products that learn of it; None: nothing is due."""
        ...

    def due(self) -> float:
        """Return when the next look is due."""
        ...

    def seen(self, card: int, now: float, *, has_moved: bool) -> None:
        """Take in what the look showed."""
        ...


@dataclass(frozen=True, slots=True)
class Figures:
    """What a day was like. Times in seconds; `away`: the part of their time that moving products spend
    at another price than their target."""

    median: float
    ninth: float
    away: float
    looks: float
    longest_wait: float
    waits: list[float]
    moves: int


class Play:
    """One run of a policy on a world."""

    def __init__(self, world: World, rps: float, *, since: float = 0.0) -> None:
        """`since`: replies and away time count from then on (what comes before is learning)."""
        self._world, self._rps, self._since = world, rps, since
        goods = len(world.store_of)
        self._known = [0] * goods
        self._sent = [0] * goods
        self._clear = [since] * goods
        self._waits_for_room = [False] * goods
        self._room: list[deque[float]] = [deque() for _ in range(world.plan.stores)]
        self._queue: list[deque[int]] = [deque() for _ in range(world.plan.stores)]
        self._full: list[tuple[float, int]] = []
        self._replies: list[float] = []
        self._away = 0.0

    def run(self, policy: Policy) -> Figures:
        """Play to the end and measure."""
        world, step, end = self._world, 1.0 / self._rps, self._world.end
        looked, longest = [0.0] * len(world.moves), [0.0] * len(world.moves)
        now, looks = 0.0, 0
        while now < end:
            self._drain(now)
            found = policy.take(now)
            if found is None:
                now = max(now + step, min(policy.due(), end))
                continue
            card, goods = found
            longest[card] = max(longest[card], now - looked[card])
            looked[card] = now
            looks += now >= self._since
            policy.seen(card, now, has_moved=self._look(card, goods, now))
            now += step
        return self._measure(looks, longest)

    def _look(self, card: int, goods: Sequence[int], now: float) -> bool:
        version, has_moved = bisect_right(self._world.moves[card], now), False
        for good in goods:
            if version > self._known[good]:
                has_moved = True
                self._known[good] = version
                self._want(good, now)
        return has_moved

    def _want(self, good: int, now: float) -> None:
        store = self._world.store_of[good]
        if self._waits_for_room[good]:
            return
        if not self._queue[store] and self._left(store, now) > 0:
            self._send(good, store, now)
            return
        if not self._queue[store]:
            heapq.heappush(self._full, (self._room[store][0] + WINDOW, store))
        self._waits_for_room[good] = True
        self._queue[store].append(good)

    def _drain(self, now: float) -> None:
        while self._full and self._full[0][0] <= now:
            _, store = heapq.heappop(self._full)
            queue = self._queue[store]
            while queue and self._left(store, now) > 0:
                good = queue.popleft()
                self._waits_for_room[good] = False
                self._send(good, store, now)
            if queue:
                heapq.heappush(self._full, (self._room[store][0] + WINDOW, store))

    def _left(self, store: int, now: float) -> int:
        room = self._room[store]
        while room and room[0] <= now - WINDOW:
            room.popleft()
        return CHANGES - len(room)

    def _send(self, good: int, store: int, now: float) -> None:
        self._room[store].append(now)
        self._answer(good, self._known[good], min(now + UPLOAD, self._world.end))
        self._sent[good] = self._known[good]

    def _answer(self, good: int, version: int, visible: float) -> None:
        """The window shows the answer to everything up to `version`."""
        if visible <= self._since:
            return
        moves, first = self._world.moves[self._world.card_of[good]], self._sent[good]
        if first < len(moves):
            self._away += max(0.0, visible - max(moves[first], self._clear[good]))
        self._replies.extend(visible - at for at in moves[first:version] if at >= self._since)
        self._clear[good] = visible

    def _measure(self, looks: int, longest: list[float]) -> Figures:
        world = self._world
        span, moving, moves = world.end - self._since, 0, 0
        for good, card in enumerate(world.card_of):
            here = world.moves[card]
            own = len(here) - bisect_right(here, self._since)
            moves += own
            moving += own > 0
            if self._sent[good] < len(here):
                self._answer(good, len(here), world.end)
        replies = sorted(self._replies)
        return Figures(
            median=replies[len(replies) // 2],
            ninth=replies[len(replies) * 9 // 10],
            away=self._away / (moving * span),
            looks=looks / span,
            longest_wait=max(longest),
            waits=longest,
            moves=moves,
        )
