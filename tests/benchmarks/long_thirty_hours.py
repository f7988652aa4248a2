"""Thirty hours of a seller's bot among expired sessions, bans and 5xx: what Kaspi accepted, hour by hour.

Two stores in a lively market and two real worker processes, on the clock of `tests/faults`; at the
end the same judge: out of bounds, sent twice, lost, banned by us must all be 0.
`python -m tests.benchmarks.long_thirty_hours 7` plays another seed.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.judge import judge
from faults.kinds import KINDS
from faults.servers import Servers
from faults.stage import FaultStage, fault_stage

from tests.benchmarks._stage import print_table

HOURS = 30
KINDS_OF_IT = ("session_expired", "feed_ban", "shop_ban", "kaspi_5xx", "garbage_for_hours")
_CALM_MINUTES = 20
_HEAD = ("hours", "what happened", "accepted")


def main(seed: int = 20261127) -> None:
    """Play and print."""
    asyncio.run(_play(seed))


async def _play(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="cube-hours-") as folder:
        async with (
            Servers.running() as servers,
            fault_stage(servers, seed, Path(folder)) as stage,
        ):
            began = stage.clock.now()
            happened = await _live(stage, chance, began)
            verdict = await judge(stage)
            print_table(_HEAD, _rows(stage, began, happened))
            sys.stdout.write(
                f"seed {seed}; after it all: resumed after {verdict.resumed_after:.0f} s; "
                f"accepted {verdict.accepted}, out of bounds {verdict.out_of_bounds}, "
                f"sent twice {verdict.sent_twice}, lost {verdict.lost}, bans by us {verdict.bans}\n"
            )
            for problem in verdict.problems:
                sys.stdout.write(f"  {problem}\n")


async def _live(
    stage: FaultStage, chance: random.Random, began: datetime
) -> Counter[tuple[int, str]]:
    """Let one fault after another happen, with calm between, until the hours are over."""
    happened: Counter[tuple[int, str]] = Counter()
    while (passed := stage.clock.now() - began) < timedelta(hours=HOURS):
        kind = chance.choice(KINDS_OF_IT)
        happened[passed // timedelta(hours=1), kind] += 1
        await KINDS[kind](stage, random.Random(chance.randrange(10**6)))
        await stage.leap(chance.uniform(1, _CALM_MINUTES), steps=8)
    return happened


def _rows(
    stage: FaultStage, began: datetime, happened: Counter[tuple[int, str]]
) -> list[tuple[str, ...]]:
    """Return a line for every three hours."""
    rows = []
    for first in range(0, HOURS, 3):
        start, end = (began + timedelta(hours=hour) for hour in (first, first + 3))
        faults: Counter[str] = Counter()
        for (hour, kind), count in happened.items():
            faults[kind] += count if first <= hour < first + 3 else 0
        accepted = sum(
            start <= datetime.fromisoformat(entry["at"]) < end
            for entry in stage.sandbox.journal.since(0, kind="accepted")
        )
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items()) if count)
        rows.append((f"{first}–{first + 3}", told, str(accepted)))
    return rows


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
