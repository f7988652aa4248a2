"""kill -9 of the messaging worker, ten series of twenty: what arrived twice, what got lost track of."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # scenes import one another by name

from messaging_kills import Tally, kill_again_and_again
from worker_process import Nursery

from tests.benchmarks._stage import print_table, servers

SERIES, KILLS, MESSAGES = 10, 20, 600
HEAD = ("series", "kills", "arrived", "sent", "unknown", "twice", "untracked", "not over")


def main() -> None:
    """Run and print."""
    rows = []
    for seed in range(SERIES):
        with servers() as running:
            tally = asyncio.run(_kill(running.database_url, running.redis_url, seed))
        found = (tally.kills, tally.arrived, tally.sent, tally.unknown)
        bad = (tally.twice, tally.untracked, tally.not_over)
        rows.append(tuple(str(it) for it in (seed, *found, *bad)))
    print_table(HEAD, rows)


async def _kill(database_url: str, redis_url: str, seed: int) -> Tally:
    async with Nursery.opened() as nursery:
        return await kill_again_and_again(
            nursery, database_url, redis_url, kills=KILLS, seed=seed, messages=MESSAGES
        )
