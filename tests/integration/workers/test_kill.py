"""Real worker processes, killed with `kill -9` at random moments: nothing sent twice, nothing lost."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from cube_demper.models import PriceHistory, PriceStatus, Product

if TYPE_CHECKING:
    from worker_stage import Stage

ROOT = Path(__file__).resolve().parents[3]
KILLS = 6


class Shards:
    """Two demping processes, each started again when it was killed."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage, self._folder = stage, folder
        self._running: dict[int, asyncio.subprocess.Process] = {}

    async def start(self, index: int) -> None:
        settings = self._stage.services.settings
        log = (self._folder / f"worker-{index}.log").open("ab")
        self._running[index] = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "workers",
            "demping",
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={
                **os.environ,
                "DATABASE_URL": settings.database_url.get_secret_value(),  # type: ignore[union-attr]
                "REDIS_URL": settings.redis_url.get_secret_value(),  # type: ignore[union-attr]
                "CUBE_CLOCK": settings.clock or "",
                "KASPI_SHOP_URL": settings.kaspi.shop_url,
                "KASPI_MERCHANT_URL": settings.kaspi.merchant_url,
                "INSTANCE_INDEX": str(index),
                "INSTANCE_COUNT": "2",
            },
        )

    async def is_at_work(self, index: int) -> None:
        """Wait until the newest process of the shard has started its ticks."""
        path = self._folder / f"worker-{index}.log"
        pid = f"pid={self._running[index].pid}"
        while not path.exists() or pid not in path.read_text():
            assert self._running[index].returncode is None, path.read_text()
            await asyncio.sleep(0.1)

    def logs(self) -> str:
        return "".join(path.read_text() for path in self._folder.glob("*.log"))

    async def kill(self, index: int) -> None:
        self._running[index].send_signal(signal.SIGKILL)
        await self._running[index].wait()

    async def stop(self) -> list[int]:
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        return [await asyncio.wait_for(p.wait(), 15) for p in self._running.values()]


async def _count(stage: Stage, *statuses: str) -> int:
    async with stage.db.read() as tx:
        found = await tx.scalar(
            select(func.count())
            .select_from(PriceHistory)
            .where(col(PriceHistory.status).in_(statuses))
        )
    return int(found or 0)


async def _is_checking(stage: Stage) -> bool:
    """Tell whether a check that began before the bots were switched off may still queue a price."""
    async with stage.db.read() as tx:
        found = await tx.scalar(
            select(func.count())
            .select_from(Product)
            .where(col(Product.claimed_until) > stage.clock.now())
        )
    return bool(found)


@pytest.mark.slow
@pytest.mark.parametrize("speed", [40])
async def test_killed_workers_send_nothing_twice_and_lose_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    bots = [p for p in await stage.switch_on() if p.bot_active]
    await stage.set_settings(check_interval_minutes=1)
    shards = Shards(stage, tmp_path)
    await asyncio.gather(shards.start(0), shards.start(1))
    for _ in range(KILLS):
        victim = chance.randrange(2)
        await shards.is_at_work(victim)
        await asyncio.sleep(chance.uniform(0.1, 3.0))
        await shards.kill(victim)
        await shards.start(victim)
    await asyncio.gather(shards.is_at_work(0), shards.is_at_work(1))
    async with stage.db.write() as tx:
        await tx.execute(update(Product).values(bot_active=False))
    in_flight = (PriceStatus.QUEUED, PriceStatus.SENDING, PriceStatus.UNKNOWN, PriceStatus.SENT)
    for _ in range(120):
        if not await _is_checking(stage) and not await _count(stage, *in_flight):
            break
        await asyncio.sleep(0.5)
    codes = await shards.stop()

    bounds = {
        (stage.merchant, p.kaspi_sku): (p.min_price // 100, p.max_price // 100)  # type: ignore[operator]
        for p in bots
    }
    report = stage.sandbox.audit()
    logs = shards.logs()
    assert codes == [0, 0], logs[-3000:]
    assert report.accepted >= KILLS, logs[-3000:]
    assert report.sent_twice == []
    assert report.bans == []
    assert {a.sku for a in report.out_of_bounds} == set()
    assert await _count(stage, *in_flight) == 0
    accepted = [e for e in stage.sandbox.journal.entries if e["kind"] == "accepted"]
    for entry in accepted:
        low, high = bounds[stage.merchant, entry["sku"]]
        assert low <= entry["city_prices"]["750000000"] <= high
