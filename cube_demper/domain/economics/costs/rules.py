"""Costing of batches: first in, first out, or the moving average. Pure; money in tiyn.

Nothing is lost: what issued pieces cost and what the rest is worth add up to what was bought. Pieces
that left without a batch have no known cost, and are counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cube_demper.models.catalog import CostMethod


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces bought on a day for `unit_cost` tiyn each."""

    on: date
    quantity: int
    unit_cost: int


@dataclass(frozen=True, slots=True)
class Issue:
    """Pieces that left on a day."""

    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Stock:
    """What is left and what it cost.

    `unit_cost` is that of the next piece, rounded up to a tiyn so that no floor made of it is too low;
    when nothing is left, that of the last batch (`is_estimate`); None without any batch.
    `issued` has the cost of each issue in the order given, None where some of it had no batch, and
    `short` counts the pieces without one.
    """

    left: int
    value: int
    unit_cost: int | None
    is_estimate: bool
    issued: tuple[int | None, ...]
    short: int


def stock_of(method: CostMethod, batches: Sequence[Batch], issues: Sequence[Issue]) -> Stock:
    """Cost a product's movements by day; what came in on a day is there for what left on it."""
    shelf: _Fifo | _Average = _Average() if method is CostMethod.AVERAGE else _Fifo()
    waiting = deque(sorted(batches, key=lambda it: it.on))
    costs: list[int | None] = [None] * len(issues)
    short = 0
    for place in sorted(range(len(issues)), key=lambda it: issues[it].on):
        issue = issues[place]
        while waiting and waiting[0].on <= issue.on:
            shelf.put(waiting.popleft())
        missing = max(0, issue.quantity - shelf.left)
        cost = shelf.take(issue.quantity - missing)
        short += missing
        costs[place] = None if missing else cost
    while waiting:
        shelf.put(waiting.popleft())
    last = max(batches, key=lambda it: it.on).unit_cost if batches else None
    unit_cost = shelf.next_cost() if shelf.left else last
    is_estimate = not shelf.left and bool(batches)
    return Stock(shelf.left, shelf.value, unit_cost, is_estimate, tuple(costs), short)


class _Fifo:
    """Layers, the oldest of which goes first."""

    def __init__(self) -> None:
        self.left = self.value = 0
        self._layers: deque[list[int]] = deque()

    def put(self, batch: Batch) -> None:
        self._layers.append([batch.quantity, batch.unit_cost])
        self.left += batch.quantity
        self.value += batch.quantity * batch.unit_cost

    def take(self, quantity: int) -> int:
        cost, self.left = 0, self.left - quantity
        while quantity:
            layer = self._layers[0]
            taken = min(quantity, layer[0])
            cost += taken * layer[1]
            quantity -= taken
            layer[0] -= taken
            if not layer[0]:
                self._layers.popleft()
        self.value -= cost
        return cost

    def next_cost(self) -> int:
        return self._layers[0][1]


class _Average:
    """One heap, every piece of which is worth the same; the last one takes what roundings left."""

    def __init__(self) -> None:
        self.left = self.value = 0

    def put(self, batch: Batch) -> None:
        self.left += batch.quantity
        self.value += batch.quantity * batch.unit_cost

    def take(self, quantity: int) -> int:
        if not quantity:
            return 0
        cost = (2 * self.value * quantity + self.left) // (2 * self.left)
        self.left -= quantity
        self.value -= cost
        return cost

    def next_cost(self) -> int:
        return -(-self.value // self.left)
