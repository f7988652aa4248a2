"""Markets to replay: when each card's rivals move, and which products stand on it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate

DAY = 86_400.0
_SELLERS, _OF_TEN = (1, 2, 3, 4), (2, 3, 3, 2)
"""2.5 products a card."""
_FASTEST = 4_000.0
"""Moves a day: one in 22 s, faster than the window shows them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the market is drawn. `rate`: the least moves a day of a card, the Pareto's scale.

    `unequal`: the nth store is as big as n to minus this.
    `together`: the part of moves that a rival makes on all of its cards at once, as a new price list does.
    `session`: moves in a row, `pause` seconds apart on average; 1: every move is on its own.
    """

    products: int = 100_000
    stores: int = 400
    days: float = 1.0
    alpha: float = 1.1
    rate: float = 0.5
    liveliness: float = 1.0
    people: float = 0.5
    session: float = 1.0
    pause: float = 600.0
    together: float = 0.0
    cards_of_rival: int = 25
    unequal: float = 0.35
    seed: int = 20261126

    def tenth(self) -> Plan:
        """Return the same market at a tenth of its size."""
        return replace(self, products=self.products // 10, stores=self.stores // 10)


@dataclass(slots=True)
class World:
    """A drawn market. `moves`: the seconds of each card's moves, in order; `rival`: who moves there."""

    plan: Plan
    products_of: list[list[int]] = field(default_factory=list)
    store_of: list[int] = field(default_factory=list)
    card_of: list[int] = field(default_factory=list)
    moves: list[list[float]] = field(default_factory=list)
    rival: list[int] = field(default_factory=list)

    @property
    def end(self) -> float:
        """Return the seconds that are played."""
        return self.plan.days * DAY


def draw(plan: Plan) -> World:
    """Draw a market; the same plan always gives the same one."""
    chance = random.Random(plan.seed)
    world, rates = World(plan), list[float]()
    sizes = (1 / (place + 1) ** plan.unequal for place in range(plan.stores))
    cumulated = list(accumulate(sizes))
    for card in range(round(plan.products / 2.5)):
        wanted = chance.choices(_SELLERS, _OF_TEN)[0]
        stores: set[int] = set()
        while len(stores) < wanted:
            stores.update(chance.choices(range(plan.stores), cum_weights=cumulated))
        first = len(world.store_of)
        world.products_of.append(list(range(first, first + wanted)))
        world.store_of.extend(sorted(stores))
        world.card_of.extend([card] * wanted)
        rate = min(plan.rate * chance.paretovariate(plan.alpha) * plan.liveliness, _FASTEST)
        rates.append(rate)
        alone = rate * (1.0 - plan.together)
        opens = chance.uniform(7, 11) if chance.random() < plan.people else None
        world.moves.append(sorted(_moves(plan, alone, opens, chance)))
        world.rival.append(-1)
    if plan.together:
        _move_together(world, rates, chance)
    return world


def _moves(plan: Plan, rate: float, opens: float | None, chance: random.Random) -> Iterator[float]:
    """Yield a card's own moves: sessions at random, by day only where people work."""
    boost = 1.0 if opens is None else 24 / 12
    starts, at = boost * rate / plan.session / DAY, 0.0
    while starts and (at := at + chance.expovariate(starts)) < plan.days * DAY:
        if opens is not None and not opens <= at / 3600 % 24 < opens + 12:
            continue
        moment = at
        while moment < plan.days * DAY:
            yield moment
            if chance.random() < 1 / plan.session:
                break
            moment += chance.expovariate(1 / plan.pause)


def _move_together(world: World, rates: list[float], chance: random.Random) -> None:
    """Let rivals upload price lists: what a list changes, it changes within two minutes.

    A rival sells cards that are about as lively; a list touches a card by its part of the moves.
    """
    plan = world.plan
    cards = sorted(range(len(rates)), key=rates.__getitem__)
    for rival, first in enumerate(range(0, len(cards), plan.cards_of_rival)):
        own = cards[first : first + plan.cards_of_rival]
        liveliest = rates[own[-1]]
        opens = chance.uniform(7, 11) if chance.random() < plan.people else None
        lists = list(_moves(plan, liveliest * plan.together, opens, chance))
        for card in own:
            world.rival[card] = rival
            touched = [at for at in lists if chance.random() < rates[card] / liveliest]
            moved = [*world.moves[card], *(at + chance.uniform(0, 120) for at in touched)]
            world.moves[card] = sorted(at for at in moved if at < world.end)


def recorded(lines: Iterable[bytes], plan: Plan) -> World:
    """Read a recorded market: JSON lines of `card`, `at` (ISO) and the cheapest rival's `price`.

    Its moves are played as they were; sellers are drawn as the plan says.
    """
    prices: dict[str, list[tuple[float, int]]] = {}
    for line in lines:
        row = json.loads(line)
        at = datetime.fromisoformat(row["at"]).timestamp()
        known = prices.setdefault(row["card"], [])
        if not known or known[-1][1] != row["price"]:
            known.append((at, row["price"]))
    start = min(known[0][0] for known in prices.values())
    end = max(known[-1][0] for known in prices.values())
    size = replace(plan, products=round(len(prices) * 2.5), days=(end - start) / DAY, rate=0.0)
    world = draw(size)
    world.moves = [[at - start for at, _ in known[1:]] for known in prices.values()]
    return world
