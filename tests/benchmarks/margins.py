"""The margin table of 5,000 goods at the server (issue 5: ≤ 300 ms), and what a floor adds to a look."""

from __future__ import annotations

import random
import statistics
import sys
import time
import timeit
from datetime import UTC, datetime
from uuid import UUID

import uvloop
from sqlalchemy import text

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.profit_floors import Book
from cube_demper.domain.economics.sale_terms import Good, SaleTerms
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.economics.shop.schemas import MarginQuery, MarginSort, MarginTab
from cube_demper.domain.rates import shipped
from cube_demper.embedded import Services
from tests.benchmarks import _crowd
from tests.benchmarks._stage import print_table, servers

GOODS, TIMES = 5_000, 7
_NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)
_TERMS = SaleTerms(regime=Regime.IP_SIMPLIFIED, category=("Утюги",), weight_g=900)
_COSTS = "UPDATE products SET cost_price = price * (50 + hashtext(id::text) & 31) / 100"


def main() -> None:
    """Run and print."""
    with servers() as services:
        _crowd.fill(services, products=GOODS, due=GOODS, stores=1)
        uvloop.run(_table(services))
    _floors()


async def _table(services: Services) -> None:
    db = Database(services.database_url, name="bench")
    async with db.write() as tx:
        user: UUID = await tx.scalar(text("SELECT user_id FROM kaspi_stores"))
        store: UUID = await tx.scalar(text("SELECT id FROM kaspi_stores"))
        await tx.execute(text(_COSTS))
        actor = Actor(Role.USER, user)
        await shop.save_terms(tx, actor, store, _TERMS, _NOW)
    asked = [MarginQuery(tab=tab) for tab in MarginTab]
    asked += [MarginQuery(sort=it, is_descending=True) for it in MarginSort]
    medians, first = [], 0.0
    for query in asked:
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            async with db.read() as tx:
                await shop.list_margins(tx, actor, query, _NOW)
            times.append((time.perf_counter() - began) * 1000)
        first = first or times[0]
        medians.append(statistics.median(times))
    print_table(
        ("", "median", "worst", "required"),
        [
            (
                f"margins of {GOODS} goods, a page of them, ms",
                f"{statistics.median(medians):.0f}",
                f"{max(medians):.0f}",
                "300",
            ),
            ("the first of a process, with the tables, ms", f"{first:.0f}", "", ""),
        ],
    )
    await db.close()


def _floors() -> None:
    """Time a floor by profit that is known already, and one that must be worked out."""
    book, on = Book(shipped.load()), _NOW.astimezone(ALMATY).date()
    floors = book.floors(_TERMS, 100_000, on)
    chance = random.Random(5)
    goods = [Good(chance.randrange(100_000, 5_000_000, 100)) for _ in range(1_000)]
    began = time.perf_counter()
    for good in goods:
        floors.of(good)
    found = (time.perf_counter() - began) / len(goods) * 1e6
    known = min(timeit.repeat(lambda: floors.of(goods[0]), number=5_000, repeat=3)) / 5_000 * 1e6
    sys.stdout.write(f"a floor by profit: {known:.1f} µs known, {found:.0f} µs worked out\n")


if __name__ == "__main__":
    main()
