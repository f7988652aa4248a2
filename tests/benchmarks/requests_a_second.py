"""The budget of 60 requests a second with 1, 2 and 4 workers and 8 proxies, and what a look costs.

Real worker processes, the sandbox over HTTP, goods that are due all the time, prices really sent.
Used: what the sandbox answered. Granted: the moments that the limits in Redis gave leave at.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from redis.asyncio import Redis

from cube_demper.embedded import Services
from cube_demper.embedded.services import DATABASE
from tests.benchmarks._kaspi import Kaspi, kaspi
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._traffic import Workers, connect, workers

STORES, GOODS = 8, 640
SECONDS, WARM_UP, DUE_AGAIN = 60, 8, 5
_ALL_DUE = """
UPDATE products SET next_check_at = now()
WHERE next_check_at > now() AND (claimed_until IS NULL OR claimed_until < now())
"""
HEAD = (
    "workers", "used/s", "≥ 55", "most granted in 1 s", "≤ 60", "arrived in 1 s", "looks",
    "CPU ms a look", "≤ 8", "MB a worker", "≤ 120", "sends", "bans",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One run."""

    workers: int
    seconds: float
    requests: list[float]
    grants: list[float]
    looks: int
    sends: int
    bans: int
    cpu: float
    memory: float

    def row(self) -> tuple[str, ...]:
        """Return the line of the table."""
        used = len(self.requests) / self.seconds
        granted, arrived = most_in_a_second(self.grants), most_in_a_second(self.requests)
        cost = self.cpu / max(self.looks, 1) * 1e3
        return (
            str(self.workers), f"{used:.1f}", f"{used / 55:.2f} ×", str(granted),
            f"{granted / 60:.2f} ×", str(arrived), str(self.looks), f"{cost:.2f}",
            f"{cost / 8:.2f} ×", f"{self.memory:.0f}", f"{self.memory / 120:.2f} ×",
            str(self.sends), str(self.bans),
        )  # fmt: skip


def main(counts: Sequence[int] = (1, 2, 4), seconds: float = SECONDS) -> None:
    """Run and print."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with servers() as services, kaspi(folder / "kaspi", stores=STORES, goods=GOODS) as shop:
        goods = asyncio.run(connect(services, shop))
        sys.stdout.write(
            f"{goods} goods in {STORES} stores, all due all the time; {len(shop.proxies)} proxies; "
            f"{seconds:.0f} s each after {WARM_UP} s; load of this machine {os.getloadavg()[0]:.1f}\n"
        )
        sys.stdout.flush()
        done = []
        for count in counts:
            with workers(services, shop, count, folder) as running:
                running.wait_until_at_work()
                time.sleep(WARM_UP)
                done.append(asyncio.run(_watch(services, shop, running, seconds)))
        print_table(HEAD, [it.row() for it in done])
    shutil.rmtree(folder)


async def _watch(services: Services, shop: Kaspi, running: Workers, seconds: float) -> Measured:
    redis = Redis.from_url(services.redis_url)
    grants: Counter[tuple[bytes, int]] = Counter()
    memory: list[float] = []
    running.start_counting()
    started, began = time.time(), time.monotonic()
    due_at = began
    while time.monotonic() - began < seconds:
        await asyncio.sleep(0.2)
        if time.monotonic() >= due_at:  # the chase would look at most of these seldom
            services.postgres.run_sql(_ALL_DUE, DATABASE)
            due_at += DUE_AGAIN
        for key in await redis.keys("{kaspi:limits}:*:all:at"):
            once = Counter(await redis.lrange(key, 0, -1))  # type: ignore[misc]
            grants |= Counter({(at, number): 1 for at, n in once.items() for number in range(n)})
        memory.append(running.memory)
    cpu, took = running.cpu, time.monotonic() - began
    await redis.aclose()
    await asyncio.sleep(1.0)  # the sandbox writes its log out twice a second
    entries = [
        entry | {"at": datetime.fromisoformat(entry["at"]).timestamp()} for entry in shop.journal()
    ]
    during = [entry for entry in entries if started <= entry["at"] < started + took]
    requests = [entry for entry in during if entry["kind"] == "request"]
    return Measured(
        workers=len(running.processes),
        seconds=took,
        requests=sorted(entry["at"] for entry in requests),
        grants=sorted(int(at) / 1e6 for at, _ in grants.elements()),
        looks=sum(entry["route"] == "offers" for entry in requests),
        sends=sum(entry["kind"] == "accepted" for entry in during),
        bans=sum(entry["kind"] == "ban" for entry in during),
        cpu=cpu,
        memory=statistics.fmean(memory[-5:]),
    )


def most_in_a_second(times: Sequence[float]) -> int:
    """Return the most that any window of one second holds; `times` ascend."""
    most, first = 0, 0
    for number, at in enumerate(times):
        while times[first] <= at - 1:
            first += 1
        most = max(most, number - first + 1)
    return most


if __name__ == "__main__":
    main()
