"""A store whose market wants three times the changes that Kaspi takes: oldest first against worth first.

Virtual time, seeded. 2,000 goods, prices log-normal, five rivals each; one of them moves, heavy-tailed
(Pareto, α 1.1, at most once a minute). A look a minute after each move, uploads visible after 30 s,
250 changes in any 30 minutes. Twenty times an hour the seller raises a floor over the window price.
"""

from __future__ import annotations

import heapq
import math
import random
import statistics
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.rules import decide
from cube_demper.domain.pricing.schemas import (
    Decision,
    Memory,
    ProductTerms,
    Reason,
    StoreTerms,
    Strategy,
    UnconfirmedSend,
)
from cube_demper.domain.pricing.worth import (
    CHANGES_WINDOW,
    MEMORY,
    UNRESERVED_WINDOW,
    may_leave,
    standing,
    worth,
)

_SEED, _GOODS, _LIMIT, _TIMES_BUDGET = 7, 2_000, 250, 3
_WARM_UP, _HOURS = 3 * 3600, 12
_LOOK_AFTER, _SHOWN_AFTER, _DRAIN_EVERY = 60, 30, 10
_FLOORS_AN_HOUR = 20
_START = datetime(2026, 11, 26, tzinfo=UTC)
_TAKEN = _LIMIT * _HOURS * 3600 / CHANGES_WINDOW.total_seconds()
_LANE = 10**10
_STORE = StoreTerms("1", max_fall_percent=100)


@dataclass(slots=True)
class _Row:
    """A queued change."""

    decision: Decision
    created: float
    waits_since: float
    urgent_since: float | None = None


@dataclass(slots=True)
class _Product:
    price: int
    floor: int
    cap: int
    rivals: list[int]
    moves_a_second: float
    middle: float
    """The price that the lively rival keeps coming back to."""
    row: _Row | None = None
    wanted: deque[float] = field(default_factory=deque)
    flying: int | None = None
    verdict: Decision | None = None
    since: float = 0


def _oldest(row: _Row, _wanted: int) -> float:
    return -row.created


def _bounds_then_oldest(row: _Row, _wanted: int) -> float:
    return worth(row.decision) // _LANE * _LANE - row.created


def _by_worth(row: _Row, wanted: int) -> float:
    value = worth(row.decision, wanted_lately=wanted)
    return standing(value, _moment(row.created), _moment(row.waits_since))


def _greedy(row: _Row, wanted: int) -> float:
    return worth(row.decision, wanted_lately=wanted)


@dataclass(frozen=True, slots=True)
class _Policy:
    """`key`: the greatest leaves first."""

    name: str
    key: Callable[[_Row, int], float]
    has_reserve: bool = True


_POLICIES = (
    _Policy("oldest first (before)", _oldest, has_reserve=False),
    _Policy("bounds, then oldest, reserve", _bounds_then_oldest),
    _Policy("worth first (ours)", _by_worth),
    _Policy("ours without the reserve", _by_worth, has_reserve=False),
    _Policy("worth alone, waiting is nothing", _greedy),
)


@dataclass(slots=True)
class _Tally:
    """Product-seconds, plain and weighted, and waits."""

    total: float = 0
    right: float = 0
    money: float = 0
    money_right: float = 0
    place: float = 0
    place_right: float = 0
    earned: dict[float, float] = field(default_factory=lambda: {0.4: 0.0, 0.7: 0.0})
    could: dict[float, float] = field(default_factory=lambda: {0.4: 0.0, 0.7: 0.0})
    waits: list[float] = field(default_factory=list)
    floor_waits: list[float] = field(default_factory=list)
    wanted: int = 0
    sent: int = 0


class _World:
    """One run of one policy; the market is the same for all."""

    def __init__(self, policy: _Policy) -> None:
        self.policy, self.tally = policy, _Tally()
        self.events: list[tuple[float, int, str, int, Any]] = []
        self.order = count()
        self.queue: list[tuple[float, int, int, _Row]] = []
        self.sends: deque[float] = deque()
        self.draw = random.Random(_SEED)
        self.goods = [_new_product(self.draw) for _ in range(_GOODS)]
        scale = wanted = _TIMES_BUDGET * _LIMIT / CHANGES_WINDOW.total_seconds()
        busy = sum(it.moves_a_second for it in self.goods)
        while sum(min(it.moves_a_second * scale / busy, 1 / 60) for it in self.goods) < wanted:
            scale *= 1.02
        self.moves = [random.Random(f"{_SEED}:{number}") for number in range(_GOODS)]
        for number, product in enumerate(self.goods):
            product.moves_a_second = min(product.moves_a_second * scale / busy, 1 / 60)
            self.plan(self.wait(number), "move", number)
        self.plan(3600 / _FLOORS_AN_HOUR, "floor", 0)
        self.plan(0, "drain", 0)

    def wait(self, number: int) -> float:
        return self.moves[number].expovariate(self.goods[number].moves_a_second)

    def plan(self, at: float, kind: str, number: int, more: Any = None) -> None:
        heapq.heappush(self.events, (at, next(self.order), kind, number, more))

    def run(self) -> _Tally:
        end = _WARM_UP + _HOURS * 3600
        while self.events[0][0] < end:
            now, _, kind, number, more = heapq.heappop(self.events)
            getattr(self, kind)(now, number, more)
        for number in range(_GOODS):
            self.account(number, end)
        return self.tally

    def move(self, now: float, number: int, _: Any) -> None:
        product, draw = self.goods[number], self.moves[number]
        drift = 0.7 * (product.rivals[0] - product.middle) + draw.gauss(0, 0.05) * product.middle
        product.rivals[0] = max(round(product.middle + drift), 2_000) // 100 * 100
        self.changed(number, now)
        self.plan(now + _LOOK_AFTER, "look", number)
        self.plan(now + self.wait(number), "move", number)

    def floor(self, now: float, _: int, __: Any) -> None:
        number = self.draw.randrange(_GOODS)
        product = self.goods[number]
        product.floor = min(product.price + 500, product.cap - 500) // 100 * 100
        self.changed(number, now)
        self.plan(now + 1, "look", number)
        self.plan(now + 3600, "relax", number)
        self.plan(now + 3600 / _FLOORS_AN_HOUR, "floor", 0)

    def relax(self, now: float, number: int, _: Any) -> None:
        product = self.goods[number]
        product.floor = min(product.floor, product.cap * 6 // 1000 * 100)
        self.changed(number, now)

    def look(self, now: float, number: int, _: Any) -> None:
        product = self.goods[number]
        memory = Memory()
        if product.flying is not None:
            at = _moment(now)
            memory = Memory(last_send=UnconfirmedSend(product.flying, at, at + timedelta(hours=1)))
        decision = _decide(product, now, memory)
        row = product.row
        if not decision.is_change:
            product.row = None
            return
        self.tally.wanted += now > _WARM_UP
        if row is None or row.decision.target != decision.target:
            row = _Row(decision, now, row.waits_since if row else now)
            product.wanted.append(now)
        product.row = row = replace(row, decision=decision)
        if decision.reason is Reason.RAISED_TO_FLOOR:
            row.urgent_since = row.urgent_since or now
        while product.wanted and now - product.wanted[0] > MEMORY.total_seconds():
            product.wanted.popleft()
        key = self.policy.key(row, max(0, len(product.wanted) - 1))
        heapq.heappush(self.queue, (-key, next(self.order), number, row))

    def drain(self, now: float, _: int, __: Any) -> None:
        while self.sends and now - self.sends[0] >= CHANGES_WINDOW.total_seconds():
            self.sends.popleft()
        while self.queue:
            key, _order, number, row = self.queue[0]
            if self.goods[number].row is not row:
                heapq.heappop(self.queue)
                continue
            room = _LIMIT - len(self.sends)
            if self.policy.has_reserve and room > 0:
                since = now - UNRESERVED_WINDOW.total_seconds()
                used = len(self.sends) - bisect_right(self.sends, since)
                room = may_leave([-int(key)], room=room, limit=_LIMIT, used=used)
            if room <= 0:
                break
            heapq.heappop(self.queue)
            self.send(now, number, row)
        self.plan(now + _DRAIN_EVERY, "drain", 0)

    def send(self, now: float, number: int, row: _Row) -> None:
        product = self.goods[number]
        product.row, product.flying = None, row.decision.target
        self.sends.append(now)
        self.plan(now + _SHOWN_AFTER, "shown", number, row.decision.target)
        if now > _WARM_UP:
            self.tally.sent += 1
            self.tally.waits.append(now - row.waits_since)
            if row.urgent_since is not None:
                self.tally.floor_waits.append(now - row.urgent_since)

    def shown(self, now: float, number: int, target: int) -> None:
        product = self.goods[number]
        product.price = target
        product.flying = None if product.flying == target else product.flying
        self.changed(number, now)
        self.plan(now + 1, "look", number)

    def changed(self, number: int, now: float) -> None:
        self.account(number, now)
        self.goods[number].verdict = _decide(self.goods[number], now, Memory())

    def account(self, number: int, now: float) -> None:
        """Add the stretch that ends now to the tally."""
        product, tally = self.goods[number], self.tally
        span = now - max(product.since, _WARM_UP)
        product.since = now
        verdict = product.verdict or _decide(product, now, Memory())
        if span <= 0 or verdict.window_price is None:
            return
        is_right, window = not verdict.is_change, verdict.window_price
        target = window if is_right else verdict.target or window
        here = verdict.place or 1
        there = here if is_right else verdict.target_place or 1
        tally.total += span
        tally.right += span * is_right
        tally.money += span * target
        tally.money_right += span * target * is_right
        tally.place += span / there
        tally.place_right += span / there * (here <= there)
        floor = verdict.floor or 0
        for share in tally.earned:
            best = max(_earns(target, floor, there, share), 1)
            tally.could[share] += span * best
            tally.earned[share] += span * min(_earns(window, floor, here, share), best)


def _earns(price: int, floor: int, place: int, share: float) -> float:
    """What a sale leaves at a place; below the floor it costs."""
    return math.pow(share, place - 1) * (price - floor + price / 10)


def _new_product(draw: random.Random) -> _Product:
    base = round(draw.lognormvariate(math.log(15_000), 1.1)) * 100
    rivals = [round(base * draw.uniform(1, 1.3)) // 100 * 100 for _ in range(5)]
    pace = draw.paretovariate(1.1)
    floor, cap = base * 8 // 1000 * 100, base * 13 // 1000 * 100
    return _Product(base, floor, cap, rivals, pace, middle=base * 0.95)


def _decide(product: _Product, now: float, memory: Memory) -> Decision:
    offers = [Offer("1", "Мы", product.price, merchant_sku="1")]
    offers += [Offer(f"2{n}", "", price) for n, price in enumerate(product.rivals)]
    market = Market("1", "750000000", tuple(offers), len(offers), _moment(now))
    terms = ProductTerms(
        "1", "750000000", None, product.floor, product.cap, None, 100, Strategy.STANDARD
    )
    return decide(market, terms, _STORE, memory, None, _moment(now))


def _moment(seconds: float) -> datetime:
    return _START + timedelta(seconds=seconds)


def main() -> None:
    """Run every policy on the same market and print the table."""
    write = sys.stdout.write
    write(
        f"seed {_SEED}, {_GOODS} goods, {_TIMES_BUDGET}× {_LIMIT} changes per 30 min, "
        f"{_HOURS} h after {_WARM_UP // 3600} h\n"
    )
    write(
        f"{'':<37}{'away from the target, %':^27}{'lost, %':^16}{'waits, min':^33}\n"
        f"{'':<37}{'time':>9}{'money':>9}{'place':>9}{'0.4':>8}{'0.7':>8}"
        f"{'median':>9}{'worst':>8}{'floor med':>10}{'worst':>8}{'wanted×':>9}\n"
    )
    before: list[float] = []
    for policy in _POLICIES:
        tally = _World(policy).run()
        figures = _figures(tally)
        before = before or figures
        write(f"{policy.name:<37}" + "".join(_line(figures)) + f"{tally.wanted / _TAKEN:7.1f}\n")
        if figures is not before:
            ratios = [was / max(it, 0.005) for was, it in zip(before, figures, strict=True)]
            write(f"{'   times better':<37}" + "".join(_line(ratios)) + "\n")


def _figures(tally: _Tally) -> list[float]:
    floor_waits = tally.floor_waits or [0]
    return [
        100 * (1 - tally.right / tally.total),
        100 * (1 - tally.money_right / tally.money),
        100 * (1 - tally.place_right / tally.place),
        *(100 * (1 - tally.earned[it] / tally.could[it]) for it in tally.earned),
        statistics.median(tally.waits) / 60,
        max(tally.waits) / 60,
        statistics.median(floor_waits) / 60,
        max(floor_waits) / 60,
    ]


def _line(figures: list[float]) -> list[str]:
    widths = (9, 9, 9, 8, 8, 9, 8, 10, 8)
    return [f"{it:>{width}.2f}" for it, width in zip(figures, widths, strict=True)]


if __name__ == "__main__":
    main()
