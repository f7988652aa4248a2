"""kill -9 of the billing worker around charges and refunds, two series of thirty: what was paid twice."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import astuple, fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # scenes import one another by name

from billing_kills import Tally, kill_again_and_again
from worker_process import Nursery

from tests.benchmarks._stage import print_table, servers

SERIES, KILLS = 2, 30
HEAD = ("series", *(it.name.replace("_", " ") for it in fields(Tally)))


def main() -> None:
    """Run and print."""
    rows = []
    for seed in range(SERIES):
        with servers() as running:
            tally = asyncio.run(_kill(running.database_url, running.redis_url, seed))
        rows.append((str(seed), *(str(it) for it in astuple(tally))))
    print_table(HEAD, rows)


async def _kill(database_url: str, redis_url: str, seed: int) -> Tally:
    async with Nursery.opened() as nursery:
        return await kill_again_and_again(nursery, database_url, redis_url, kills=KILLS, seed=seed)
