"""Claims out of 1,000,000 goods in 400 stores, 150,000 of them due, by the two shards at once.

Leases: 200 due rows taken and read. A whole claim brings the other goods on the same cards along (2.5 a
card here), with cities, memories, open sends and what is known of the card: ready to be looked at.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID, uuid4

import uvloop

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.pricing import checking, claim_queries
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.embedded import Services
from cube_demper.embedded.services import DATABASE
from tests.benchmarks import _crowd
from tests.benchmarks._kaspi import kaspi
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._traffic import workers

PRODUCTS, DUE, BATCH, SHARDS = 1_000_000, 150_000, 200, 2
CLAIMS = 60
_LEASE = timedelta(hours=1)
Stores = dict[UUID, ReadyStore]
_WORKER_SECONDS = 25


@dataclass(frozen=True)
class Work:
    """What one process is to claim, again and again. `late`: what is overdue by this many seconds."""

    url: str
    index: int
    claims: int = CLAIMS
    limit: int = BATCH
    late: float = 0
    is_whole: bool = False


@dataclass(frozen=True)
class Done:
    """Milliseconds of each claim, products taken, seconds in all."""

    times: list[float]
    taken: int
    seconds: float


def main() -> None:
    """Fill, claim, print."""
    with servers() as services:
        started = time.perf_counter()
        _crowd.fill(services, products=PRODUCTS, due=DUE)
        seconds = time.perf_counter() - started
        sys.stdout.write(
            f"{PRODUCTS:,} goods in {_crowd.STORES} stores, {DUE:,} due; filled in {seconds:.0f} s; "
            f"load of this machine {os.getloadavg()[0]:.1f}\n"
        )
        print_table(
            ("", "products", "median ms", "95 % ms", "required", "ratio", "products/s"),
            list(_rows(services)),
        )


def _rows(services: Services) -> Sequence[Sequence[str]]:
    url = services.database_url
    with ProcessPoolExecutor(SHARDS, get_context("spawn")) as pool:

        def run(*work: Work) -> list[Done]:
            return list(pool.map(_claims, work))

        run(Work(url, 0, claims=2), Work(url, 1, claims=2))
        both = run(*(Work(url, index) for index in range(SHARDS)))
        rows = [_row("leases of 200, both shards at once", both, 40)]
        rows.append(_row("leases of 200, other shard dead", run(Work(url, 0)), 80))
        whole = run(*(Work(url, n, claims=20, limit=80, is_whole=True) for n in range(SHARDS)))
        rows.append(_row("whole claims of 80 cards, both at once", whole, None))
        rows.append(_row("room for 8, backlog", run(Work(url, 0, limit=8)), None))
        rows.append(_row("nothing due (idle worker)", run(Work(url, 0, late=86_400)), None))
        _spoil(services)
        rows.append(_row("leases that park 50,000 of broken stores", run(Work(url, 0)), None))
        rows.append(_row("… and the next claims", run(Work(url, 0)), 40))
        times = pool.submit(_readiness, url).result()
        rows += [(name, "", f"{spent:.1f}", "", "", "", "") for name, spent in times.items()]
    memory = _memory(services)
    rows.append(
        (
            "MB of one worker on all of it",
            "",
            f"{memory:.0f}",
            "",
            "≤ 120",
            f"{memory / 120:.2f}",
            "",
        )
    )
    together = sum(done.taken for done in both) / max(done.seconds for done in both)
    rows[0] = (*rows[0][:6], f"{together:,.0f} (≥ 5,000: {together / 5000:.1f} ×)")
    return rows


def _row(name: str, done: Sequence[Done], required: float | None) -> tuple[str, ...]:
    times = sorted(spent for it in done for spent in it.times)
    median = statistics.median(times)
    taken = sum(it.taken for it in done)
    return (
        name,
        f"{taken:,}",
        f"{median:.1f}",
        f"{times[len(times) * 95 // 100]:.1f}",
        f"≤ {required:.0f}" if required else "",
        f"{median / required:.2f}" if required else "",
        f"{sum(it.taken / it.seconds for it in done):,.0f}",
    )


def _memory(services: Services) -> float:
    """Let one worker process check goods of the whole million; return its resident memory in MB.

    The sandbox knows none of these cards, so nothing is sold and nothing sent.
    """
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with (
        kaspi(folder / "kaspi", stores=1, goods=10) as shop,
        workers(services, shop, 1, folder) as running,
    ):
        time.sleep(_WORKER_SECONDS)
        memory = running.memory
    shutil.rmtree(folder)
    return memory


def _spoil(services: Services) -> None:
    """Let a third of the stores need a sign-in: their due goods stand before everybody's."""
    run_sql = services.postgres.run_sql
    run_sql("UPDATE products SET claimed_until = NULL WHERE claimed_until IS NOT NULL", DATABASE)
    run_sql("UPDATE kaspi_stores SET needs_reauth = true WHERE merchant_id::int % 3 = 0", DATABASE)
    run_sql(
        "UPDATE products SET next_check_at = next_check_at - interval '1 hour' FROM kaspi_stores AS s"
        " WHERE s.id = store_id AND s.needs_reauth AND next_check_at <= now()",
        DATABASE,
    )


def _claims(work: Work) -> Done:
    return uvloop.run(_claim_again_and_again(work))


async def _claim_again_and_again(work: Work) -> Done:
    db = Database(work.url, name="bench")
    now = datetime.now(UTC)
    ready = await _ready(db, now)
    keys = [key for key in range(checking.SHARDS) if key % SHARDS == work.index]
    turn, times, taken = Turn(), [], 0
    started = time.perf_counter()
    for _ in range(work.claims):
        began = time.perf_counter()
        due_before = now - timedelta(seconds=work.late)
        claim = checking.Claim(uuid4(), keys, due_before, _LEASE, work.limit, turn)
        async with db.write() as tx:
            taken += await (_whole if work.is_whole else _leases)(tx, ready, claim, now)
        times.append((time.perf_counter() - began) * 1e3)
    seconds = time.perf_counter() - started
    await db.close()
    return Done(times, taken, seconds)


async def _leases(tx: WriteTx, ready: Stores, claim: checking.Claim, now: datetime) -> int:
    keys = claim.turn.order(claim.shard_keys or ())
    rows = await claim_queries.claim_due(
        tx,
        cutoffs={store.id: store.cutoff for store in ready.values()},
        shard_keys=keys,
        claim_id=claim.id,
        due_before=claim.due_before,
        now=now,
        lease_until=now + claim.lease,
        limit=claim.limit,
    )
    claim.turn.came_to(keys, (row.shard_key or 0 for row in rows))
    return len(rows)


async def _whole(tx: WriteTx, ready: Stores, claim: checking.Claim, now: datetime) -> int:
    return sum(len(card.products) for card in await checking.claim(tx, ready, claim, now))


async def _ready(db: Database, now: datetime) -> Stores:
    async with db.read() as tx:
        return {store.id: store for store in await stores.ready_stores(tx, SYSTEM, now)}


def _readiness(url: str) -> dict[str, float]:
    return uvloop.run(_time_readiness(url))


async def _time_readiness(url: str) -> dict[str, float]:
    """Time what a worker asks every two seconds, and once a minute; medians in ms."""
    db, now = Database(url, name="bench"), datetime.now(UTC)
    spent: dict[str, list[float]] = {}
    for _ in range(7):
        async with db.read() as tx:
            began = time.perf_counter()
            cutoffs = await stores.bot_cutoffs(tx, SYSTEM, now)
            counted = time.perf_counter()
            ready = await stores.ready_stores(tx, SYSTEM, now, cutoffs=cutoffs)
            read = time.perf_counter()
            await checking.has_parked(tx, ready)
            parked = time.perf_counter()
        for name, seconds in (
            ("counting bots over the plan (a minute)", counted - began),
            ("400 ready stores (2 s)", read - counted),
            ("parked goods of ready stores (2 s)", parked - read),
        ):
            spent.setdefault(name, []).append(seconds * 1e3)
    await db.close()
    return {name: statistics.median(times) for name, times in spent.items()}


if __name__ == "__main__":
    main()
