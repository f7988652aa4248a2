"""The demo day of issue 6: messages that arrived at the buyers' phones, by event."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.benchmarks._stage import print_table, servers

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # scenes import one another by name

from demo_day import Line, begin_day
from worker_stage import open_stage

from cube_demper.db.session import Database
from cube_demper.embedded import Services

OF_EACH, SPEED = 2, 120
"""36 orders of 18 lives, 92 letters: fewer than the 100 a day of a warmed-up number."""
HEAD = ("event", "wanted", "arrived", "buyers", "missing", "twice", "wrong")


def main() -> None:
    """Play and print."""
    with servers() as running:
        table, untracked, dropped = asyncio.run(_play(running))
    rows = [
        (it.event, *map(str, (it.wanted, it.arrived, it.buyers, it.missing, it.twice, it.wrong)))
        for it in table
    ]
    print_table(HEAD, rows)
    reasons = ", ".join(f"{why} {count}" for why, count in dropped.items())
    sys.stdout.write(f"untracked {untracked}; not sent on purpose: {reasons or 'none'}\n")


async def _play(running: Services) -> tuple[list[Line], int, dict[str, int]]:
    db = Database(running.database_url, name="bench")
    try:
        async with open_stage(db, running.database_url, running.redis_url, speed=SPEED) as stage:
            day = await begin_day(stage, of_each=OF_EACH)
            await day.play()
            return await day.table(), await day.untracked(), await day.dropped()
    finally:
        await db.close()


if __name__ == "__main__":
    main()
