"""How the shared requests a second are spent on looks. Pure; the scheduler of the chase.

A card that moves λ times an hour and is looked at every w hours is answered w/2 late on average: the
late time of all cards is least when looks go by the square root of λ. `Tempo.price` is the one number
that makes those looks fit the budget: a card of one move an hour and one seller waits that many seconds.

- Nobody waits longer than the promise while the promises take at most two fifths of the budget; past that
  all stretch alike, by `STRETCH_AT_MOST` and by more only when promises would take three quarters.
- Every store may be sure of `SURE_SHARE` of its goods' part of what the promises leave; the rest goes
  where it earns most. So a store at war with everybody takes no more than that from the quiet ones.
- What nobody needs is not spent: `LOWEST_PRICE` is quick enough.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

SHORTEST_WAIT = 20.0
"""Seconds. A sent price is on the window after half a minute: looking sooner sees nothing new."""
STRETCH_AT_MOST = 1.8
"""Of the promise; the rest of «twice» is for queueing and a slow answer."""
PROMISES_SHARE, PROMISES_AT_MOST = 0.4, 0.75
"""Of the budget: what promises may take before they stretch, and what they never pass."""
SURE_SHARE = 0.4
LOWEST_PRICE = 60.0
_HIGHEST_PRICE = 1e9
_LATE, _EARLY = 60.0, 30.0
_LEAST_SHARE, _MOST_SHARE = 0.6, 1.03
_WORKED_OFF_IN = 900.0
_STEPS_PER_OCTAVE = 4
_ROUNDS = 6
_HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Demand:
    """A row of the census: goods of one store with one promise (seconds) and about one pace.

    `looks`: how many looks they need at a time; a look shared by three sellers counts a third for each.
    """

    store: UUID
    promise: float
    pace: int
    looks: float


@dataclass(frozen=True, slots=True)
class Tempo:
    """How patient the looks are now. `stores`: what a store pays of the price, to get its sure part."""

    price: float = LOWEST_PRICE
    stretch: float = 1.0
    stores: Mapping[UUID, float] = field(default_factory=dict)

    def wait(self, store: UUID, promise: float, pull: float) -> float:
        """Return the seconds until the next look; `pull`: moves an hour times the sellers they concern."""
        return _wait(self.price * self.stores.get(store, 1.0), self.stretch * promise, pull)


def pace_of(pull: float) -> int:
    """Round a pull for the census: quarters of octaves of its square root."""
    return round(_STEPS_PER_OCTAVE * 0.5 * math.log2(pull)) if pull > 0.0 else _IDLE


def pull_of(pace: int) -> float:
    """Return the pull that a pace stands for."""
    return 0.0 if pace <= _IDLE else float(4.0 ** (pace / _STEPS_PER_OCTAVE))


_IDLE = -1000
"""The pace of goods that cannot be sent now: they are looked at as promised, and no sooner."""


def solve(demands: Iterable[Demand], looks_per_second: float) -> Tempo:
    """Return the tempo at which these goods use the budget, fairly."""
    by_store, everybody = _summed(demands)
    stretch = _stretch(everybody, looks_per_second)
    surplus = max(looks_per_second - _calm(everybody, stretch), 0.0)
    part = SURE_SHARE * surplus / (sum(everybody.values()) or 1.0)
    rest, left, own_price = dict(everybody), looks_per_second, dict[UUID, float]()
    price = _price(rest, stretch, left)
    for _ in range(_ROUNDS):
        short = {
            store: sure
            for store, goods in by_store.items()
            if store not in own_price
            and _use(goods, stretch, price) < (sure := _sure(goods, stretch, part))
        }
        if not short or price <= LOWEST_PRICE:
            break
        for store, sure in short.items():
            own_price[store] = _price(by_store[store], stretch, sure)
            left -= _use(by_store[store], stretch, own_price[store])
            for kind, looks in by_store[store].items():
                rest[kind] -= looks
        price = _price(rest, stretch, left)
    return Tempo(price, stretch, {store: own / price for store, own in own_price.items()})


Goods = Mapping[tuple[float, int], float]
"""Looks at a time, by promise (seconds) and pace."""
_Sums = defaultdict[tuple[float, int], float]


def next_share(share: float, lateness: float) -> float:
    """Return the part of the budget that can be counted on; `lateness`: seconds that looks came late.

    It falls slowly while looks stay late, whatever it is that is slower than planned; looks in time may
    be a little too many, since shared ones leave some of the budget unused.
    """
    if lateness > _LATE:
        return max(share * 0.98, _LEAST_SHARE)
    return min(share * 1.05, _MOST_SHARE) if lateness < _EARLY else share


def to_plan(share: float, lateness: float) -> float:
    """Return the part of the budget to plan looks for: a queue is worked off within some minutes."""
    return share * max(1.0 - lateness / _WORKED_OFF_IN, _LEAST_SHARE)


def _summed(demands: Iterable[Demand]) -> tuple[dict[UUID, _Sums], _Sums]:
    by_store: dict[UUID, _Sums] = defaultdict(lambda: defaultdict(float))
    everybody: _Sums = defaultdict(float)
    for demand in demands:
        by_store[demand.store][demand.promise, demand.pace] += demand.looks
        everybody[demand.promise, demand.pace] += demand.looks
    return by_store, everybody


def _stretch(goods: Goods, looks_per_second: float) -> float:
    """Return by how much promises stretch, so that lively goods get their part of the budget too."""
    budget = max(looks_per_second, 1e-9)
    promised = _calm(goods, 1.0)
    wished = min(promised / (PROMISES_SHARE * budget), STRETCH_AT_MOST)
    return max(1.0, wished, promised / (PROMISES_AT_MOST * budget))


def _sure(goods: Goods, stretch: float, part: float) -> float:
    """Return the looks a second that a store may be sure of, if it wants them."""
    return _calm(goods, stretch) + part * sum(goods.values())


def _calm(goods: Goods, stretch: float) -> float:
    """Return the looks a second that the promises alone take."""
    return sum(looks / (stretch * promise) for (promise, _), looks in goods.items())


def _use(goods: Goods, stretch: float, price: float) -> float:
    """Return the looks a second that goods take at a price."""
    return sum(
        looks / _wait(price, stretch * promise, pull_of(pace))
        for (promise, pace), looks in goods.items()
    )


def _price(goods: Goods, stretch: float, looks_per_second: float) -> float:
    """Return the price at which goods take the given looks a second."""
    low, high = LOWEST_PRICE, _HIGHEST_PRICE
    if _use(goods, stretch, low) <= looks_per_second:
        return low
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        if _use(goods, stretch, middle) > looks_per_second:
            low = middle
        else:
            high = middle
    return high


def _wait(price: float, longest: float, pull: float) -> float:
    if pull <= 0.0:
        return longest
    return max(min(price / math.sqrt(pull), longest), min(SHORTEST_WAIT, longest))
