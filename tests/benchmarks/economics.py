"""Unit economics without explanations: 100,000 sales of 5,000 goods, and the floors of 5,000 (issue 5)."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import perf_counter

from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.calculation import calculate
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.solving import Goal, prices_reaching
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.rates import shipped

_GOODS, _SALES = 5_000, 100_000
_TEN_PERCENT = Goal(margin=100_000)
Good = tuple[Conditions, int, int]


def main() -> None:
    """Measure and print."""
    tables = shipped.load()
    chance = random.Random(5)
    leaves = [it for it in tables.category_paths if not tables.categories.children(it)]
    categories = chance.sample(leaves, 200)
    goods = [_good(chance, categories) for _ in range(_GOODS)]
    tariffs = Tariffs(tables)

    def settle_all() -> None:
        for number in range(_SALES):
            conditions, price, cost = goods[number % _GOODS]
            profit_of(tariffs.of(conditions).terms, price, cost)

    def settle_each_once() -> None:
        for conditions, price, cost in goods:
            profit_of(tariffs.of(conditions).terms, price, cost)

    def floors() -> None:
        for conditions, _, cost in goods:
            prices_reaching(tariffs.of(conditions).terms, cost, _TEN_PERCENT)

    def explained() -> None:
        for conditions, price, cost in goods[:1_000]:
            calculate(conditions, price, cost, tariffs, goal=_TEN_PERCENT)

    _time("5,000 goods, tables not read yet", settle_each_once, _GOODS)
    _time("100,000 sales without explanations", settle_all, _SALES)
    _time("floors at a margin of 10 %", floors, _GOODS)
    _time("with steps, figures and prices", explained, 1_000)


def _good(chance: random.Random, categories: list[tuple[str, ...]]) -> Good:
    price = chance.randrange(50_000, 30_000_000, 100)
    regime = chance.choice(list(Regime))
    conditions = Conditions(
        on=date(2026, 11, 27),
        regime=regime,
        category=chance.choice(categories),
        delivery=chance.choice(list(Delivery)),
        weight_g=chance.randrange(50, 60_000),
        packaging=chance.randrange(0, 50_000, 1_000),
        own_delivery=100_000,
        returns_percent=Decimal(chance.randrange(6)),
        is_vat_payer=regime is Regime.TOO_GENERAL,
    )
    return conditions, price, price * chance.randrange(40, 90) // 100


def _time(name: str, work: Callable[[], None], times: int) -> None:
    began = perf_counter()
    work()
    seconds = perf_counter() - began
    each = seconds / times * 1e6
    sys.stdout.write(f"{name:<38}{times:>8}  {seconds:7.3f} s  {each:7.1f} µs each\n")


if __name__ == "__main__":
    main()
