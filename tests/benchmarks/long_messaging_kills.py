"""kill -9 of the messaging worker, ten series of twenty: what arrived twice, what got lost track of."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.benchmarks._stage import print_table, servers

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # scenes import one another by name

SERIES, KILLS, MESSAGES = 10, 20, 600
HEAD = ("series", "kills", "arrived", "sent", "unknown", "twice", "untracked", "not over")


def main() -> None:
    """Run and print."""
    from messaging_kills import kill_again_and_again  # noqa: PLC0415 - found by the path above

    rows = []
    for seed in range(SERIES):
        with servers() as running:
            tally = asyncio.run(
                kill_again_and_again(
                    running.database_url,
                    running.redis_url,
                    kills=KILLS,
                    seed=seed,
                    messages=MESSAGES,
                )
            )
        found = (tally.kills, tally.arrived, tally.sent, tally.unknown)
        bad = (tally.twice, tally.untracked, tally.not_over)
        rows.append(tuple(str(it) for it in (seed, *found, *bad)))
    print_table(HEAD, rows)
