"""The ticks of a worker go on when somebody sets the machine's clock."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from workers import runtime


class SetClock(datetime):
    """The machine's clock as the scheduler and the worker read it."""

    back = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) - cls.back


async def test_a_clock_set_back_an_hour_stops_no_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SetClock, "back", timedelta())
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", SetClock)
    monkeypatch.setattr(runtime, "datetime", SetClock)
    monkeypatch.setattr(runtime, "_CLOCK_POLL", 0.05)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - SetClock.back.total_seconds())
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    scheduler = AsyncIOScheduler()
    first = SetClock.now().astimezone()
    scheduler.add_job(tick, "interval", seconds=0.1, misfire_grace_time=None, next_run_time=first)
    scheduler.start()
    keeping = asyncio.create_task(runtime.keep_in_step(scheduler))
    try:
        await asyncio.wait_for(ticked.wait(), 10)
        SetClock.back = timedelta(hours=1)
        await asyncio.sleep(0.2)
        for _ in range(2):
            ticked.clear()
            await asyncio.wait_for(ticked.wait(), 10)
    finally:
        keeping.cancel()
        scheduler.shutdown(wait=False)
