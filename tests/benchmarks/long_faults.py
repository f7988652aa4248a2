"""Two hundred seeded runs of faults, and the fault table.

`python -m tests.benchmarks.long_faults 1 60` plays the seeds from 1 to 60 alone.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.judge import Verdict
from faults.kinds import KINDS
from faults.run import Run, play
from faults.servers import Servers
from faults.waits import measure

_SEEDS = range(1, 201)
_HEAD = (
    f"{'fault':<22}{'runs':>6}{'accepted':>10}{'sent twice':>12}{'out of bounds':>15}"
    f"{'lost':>6}{'bans by us':>12}{'resumed after, s: median':>26}{'longest':>9}"
)


def main() -> None:
    """Play all seeds; then compare what one store's goods wait with and without another's ban."""
    play_seeds(_SEEDS)
    sys.stdout.write(f"{asyncio.run(_compare_waits())}\n")


def play_seeds(seeds: Iterable[int]) -> None:
    """Play these seeds, tell of each run, and print the table."""
    runs = asyncio.run(_play(seeds))
    failed = [run.seed for run in runs if run.verdict.problems]
    sys.stdout.write(f"\n{fault_table(runs)}\n")
    sys.stdout.write(f"{len(runs)} runs, {len(failed)} failed {failed or ''}\n")


async def _play(seeds: Iterable[int]) -> list[Run]:
    runs = []
    async with Servers.running() as servers:
        for seed in seeds:
            run = await play(servers, seed)
            runs.append(run)
            sys.stdout.write(f"{run.describe()}\n")
            sys.stdout.flush()
    return runs


async def _compare_waits() -> str:
    """Tell how long one store's goods wait between looks while another is banned, and while not."""
    async with Servers.running() as servers:
        normal = await measure(servers, is_banned=False)
        banned = await measure(servers, is_banned=True)
    return "\n".join(
        f"{name:<44}{waits.looks:>6} looks{waits.median:>8.0f} s median{waits.longest:>8.0f} s longest"
        for name, waits in (
            ("waits of a store, nobody banned", normal),
            ("the same, another store banned for 30 min", banned),
        )
    )


def fault_table(runs: Iterable[Run]) -> str:
    """Return the table: a run counts for each kind of fault it had."""
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for run in runs:
        for name in {fault.kind for fault in run.plan}:
            by_kind[name].append(run.verdict)
    lines = [_row(name, by_kind[name]) for name in KINDS if by_kind[name]]
    return "\n".join([_HEAD, *lines, _row("all", [run.verdict for run in runs])])


def _row(name: str, verdicts: list[Verdict]) -> str:
    resumed = [v.resumed_after for v in verdicts if v.resumed_after is not None]
    middle = f"{statistics.median(resumed):.0f}" if resumed else "never"
    longest = f"{max(resumed):.0f}" if len(resumed) == len(verdicts) else "never"
    return (
        f"{name:<22}{len(verdicts):>6}{sum(v.accepted for v in verdicts):>10}"
        f"{sum(v.sent_twice for v in verdicts):>12}{sum(v.out_of_bounds for v in verdicts):>15}"
        f"{sum(v.lost for v in verdicts):>6}{sum(v.bans for v in verdicts):>12}"
        f"{middle:>26}{longest:>9}"
    )


if __name__ == "__main__":
    first, last = (int(word) for word in sys.argv[1:3])
    play_seeds(range(first, last + 1))
