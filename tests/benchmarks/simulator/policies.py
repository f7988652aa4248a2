"""What chooses the next look: the specification's plain policy, ours, and an oracle."""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from uuid import UUID

from cube_demper.domain.market.pulse import (
    UNKNOWN,
    Levels,
    Pulse,
    learn,
    newborn,
    usual_of,
)
from cube_demper.domain.market.tempo import Demand, Tempo, next_share, pace_of, solve, to_plan
from cube_demper.domain.market.together import how_many_elsewhere
from tests.benchmarks.simulator.markets import World

PROMISE = 900.0
_CENSUS_EVERY = 60.0
_USUAL_EVERY = 20


class Plain:
    """SPEC §3: a fixed interval, oldest first, one look per product."""

    def __init__(self, world: World) -> None:
        order = list(range(len(world.store_of)))
        random.Random(1).shuffle(order)
        self._world = world
        self._queue = deque((0.0, good) for good in order)
        self._good = -1

    def take(self, now: float) -> tuple[int, Sequence[int]] | None:
        if self._queue[0][0] > now:
            return None
        self._good = self._queue.popleft()[1]
        return self._world.card_of[self._good], (self._good,)

    def due(self) -> float:
        return self._queue[0][0]

    def seen(self, card: int, now: float, *, has_moved: bool) -> None:
        self._queue.append((now + PROMISE, self._good))


class Oracle:
    """Knows every move as it is made and looks at once; the budget and the changes hold for it too."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._moves = deque(
            sorted((at, card) for card, moves in enumerate(world.moves) for at in moves)
        )
        self._looked = [-1.0] * len(world.moves)

    def take(self, now: float) -> tuple[int, Sequence[int]] | None:
        while self._moves and self._moves[0][0] <= now:
            at, card = self._moves.popleft()
            if self._looked[card] < at:
                self._looked[card] = now
                return card, self._world.products_of[card]
        return None

    def due(self) -> float:
        return self._moves[0][0] if self._moves else float("inf")

    def seen(self, card: int, now: float, *, has_moved: bool) -> None:
        pass


class Shared(Plain):
    """Plain, but one look serves everybody on the card: what sharing alone is worth."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        order = list(range(len(world.products_of)))
        random.Random(1).shuffle(order)
        self._queue = deque((0.0, card) for card in order)

    def take(self, now: float) -> tuple[int, Sequence[int]] | None:
        if self._queue[0][0] > now:
            return None
        self._good = self._queue.popleft()[1]
        return self._good, self._world.products_of[self._good]


class Ours:
    """The worker's own pure parts (`domain/market`), with a heap where it has an index."""

    def __init__(self, world: World, rps: float) -> None:
        self._world, self._rps = world, rps
        cards = len(world.products_of)
        self._pulses: list[Pulse | None] = [None] * cards
        self._looked = [0.0] * cards
        self._usual: Levels = UNKNOWN
        self._tempo = Tempo()
        self._stores = [UUID(int=number) for number in range(world.plan.stores)]
        self._pace = [pace_of(newborn(UNKNOWN).rate * len(own)) for own in world.products_of]
        self._census: Counter[tuple[int, int]] = Counter()
        for card, pace in enumerate(self._pace):
            self._count(card, pace, 1)
        self._next_census = 0.0
        self._share, self._late, self._censuses = 1.0, 0.0, 0
        order = list(range(cards))
        random.Random(1).shuffle(order)
        self._due = [0.0] * cards
        self._heap = [(0.0, place, card) for place, card in enumerate(order)]
        self._cards_of: dict[int, list[int]] = defaultdict(list)
        for card, rival in enumerate(world.rival):
            if rival >= 0:
                self._cards_of[rival].append(card)
        self._tried: Counter[int] = Counter()
        self._together: Counter[int] = Counter()
        self._hastened: set[int] = set()

    def take(self, now: float) -> tuple[int, Sequence[int]] | None:
        if now >= self._next_census:
            self._solve()
            self._next_census = now + _CENSUS_EVERY
        while self._heap[0][0] <= now:
            at, _, card = heapq.heappop(self._heap)
            if at == self._due[card]:
                self._late += 0.02 * (now - at - self._late) if at else 0.0
                return card, self._world.products_of[card]
        return None

    def due(self) -> float:
        return self._heap[0][0]

    def seen(self, card: int, now: float, *, has_moved: bool) -> None:
        known, last = self._pulses[card], self._looked[card]
        if known is None:
            pulse = newborn(self._usual)
        else:
            hours = (now - last) / 3600
            hour = int((now + last) / 7200) % 24
            pulse = learn(known, hours=hours, hour=hour, has_moved=has_moved, usual=self._usual)
        self._pulses[card], self._looked[card] = pulse, now
        goods = self._world.products_of[card]
        hour = int(now / 3600) % 24
        pull = pulse.rate * pulse.habit(hour) * len(goods)
        self._repace(card, pace_of(pull))
        stores = (self._stores[self._world.store_of[good]] for good in goods)
        self._put(card, now + min(self._tempo.wait(store, PROMISE, pull) for store in stores))
        self._look_elsewhere(card, now, has_moved=has_moved)

    def _look_elsewhere(self, card: int, now: float, *, has_moved: bool) -> None:
        rival = self._world.rival[card]
        if rival < 0:
            return
        if card in self._hastened:
            self._hastened.discard(card)
            self._tried[rival] += 1
            self._together[rival] += has_moved
            return
        if not has_moved:
            return
        others = [
            other
            for other in self._cards_of[rival]
            if self._looked[other] < now - 60 and self._due[other] > now + 20
        ]
        wanted = how_many_elsewhere(self._tried[rival], self._together[rival])
        for other in others[:wanted]:
            self._hastened.add(other)
            self._put(other, now)

    def _put(self, card: int, at: float) -> None:
        self._due[card] = at
        heapq.heappush(self._heap, (at, card, card))

    def _repace(self, card: int, pace: int) -> None:
        if pace != self._pace[card]:
            self._count(card, self._pace[card], -1)
            self._count(card, pace, 1)
            self._pace[card] = pace

    def _count(self, card: int, pace: int, sign: int) -> None:
        goods = self._world.products_of[card]
        for good in goods:
            self._census[self._world.store_of[good], pace] += sign / len(goods)  # type: ignore[assignment]

    def _solve(self) -> None:
        late = self._late / self._tempo.stretch
        self._share = next_share(self._share, late)
        self._tempo = solve(
            [
                Demand(self._stores[store], PROMISE, pace, looks)
                for (store, pace), looks in self._census.items()
                if looks > 1e-9
            ],
            self._rps * to_plan(self._share, late),
        )
        self._censuses += 1
        if self._censuses % _USUAL_EVERY:
            return
        known = [pulse for pulse in self._pulses if pulse is not None]
        if known:
            levels = zip(*(pulse.levels for pulse in known), strict=True)
            self._usual = usual_of(len(known), [sum(level) / len(known) for level in levels])
