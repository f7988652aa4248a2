"""What every worker process shares: settings, signals, ticks by APScheduler, a heartbeat."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import uvloop
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog import get_logger

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.errors import ConfigurationError, Unreachable
from cube_demper.core.logging import configure_logging
from cube_demper.core.settings import Settings
from cube_demper.db.session import is_gone
from cube_demper.domain.operations import service as operations
from cube_demper.domain.operations.schemas import Heartbeat
from cube_demper.embedded import load_attached_settings

STOP_WITHIN = 9.0
"""Seconds of real time that work in flight gets after SIGTERM; `cube up` kills after 10."""
_HEARTBEAT_SECONDS = 3.0
_SHORTEST_TICK = 0.05
_DATABASE_POLL = 1.0
_CLOCK_POLL = 1.0
_POOL = 5
"""Connections kept open; a worker at full speed holds no more for long, and each costs it 0.5 MB."""
_log = get_logger()

Tick = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Options:
    """How long to run: one pass, until nothing is due, or until told to stop."""

    once: bool = False
    until_idle: bool = False

    @property
    def is_bounded(self) -> bool:
        """Tell whether the process ends by itself."""
        return self.once or self.until_idle


@dataclass(slots=True)
class Process:
    """One worker process: who it is and what it holds."""

    name: str
    services: Services
    options: Options
    started_at: datetime
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    pass_at: datetime | None = None
    pass_facts: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Return the settings in effect."""
        return self.services.settings

    async def beat(self) -> None:
        """Leave a sign of life, readable by the status strip and `cube doctor`."""
        worker = self.settings.worker
        async with self.services.db.write() as tx:
            await operations.beat(
                tx,
                Heartbeat(
                    name=self.name,
                    instance_index=worker.instance_index,
                    instance_count=worker.instance_count,
                    process=f"{socket.gethostname()}:{os.getpid()}",
                    started_at=self.started_at,
                    seen_at=self.services.clock.now(),
                    pass_at=self.pass_at,
                    pass_facts=self.pass_facts,
                ),
            )


class Work(Protocol):
    """What a kind of worker does."""

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """Name the repeated jobs: what to run, and every how many seconds of the clock."""
        ...

    async def run_bounded(self) -> None:
        """Do one pass (`--once`) or go on until idle (`--until-idle`)."""
        ...

    async def close(self) -> None:
        """Finish what is in flight and give back what is held."""
        ...


Build = Callable[[Process], Awaitable[Work]]


def run_worker(name: str, options: Options, build: Build) -> int:
    """Run a worker to its end and return the exit code. Raises ConfigurationError."""
    settings = load_attached_settings()
    configure_logging(name, as_json=settings.is_production)
    return uvloop.run(_run(name, settings, options, build))


async def _run(name: str, settings: Settings, options: Options, build: Build) -> int:
    services = build_services(settings, name=f"worker-{name}", pool_size=_POOL)
    process, work = await _begin(name, services, options, build)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stopping.set)
    clock = asyncio.create_task(services.follow_database_clock())
    _log.info("worker_started", index=settings.worker.instance_index, pid=os.getpid())
    try:
        await _work(process, work)
    finally:
        clock.cancel()
        with suppress(asyncio.CancelledError):
            await clock
        # Without a database nothing can be given back: leases end by themselves.
        for name_, end in (("close", work.close), ("beat", process.beat), ("rest", services.close)):
            await _guarded(name_, end)()
        _log.info("worker_stopped")
    return 0


async def _begin(
    name: str, services: Services, options: Options, build: Build
) -> tuple[Process, Work]:
    """Build the work; a process that stays waits for a database that is away, as it would later."""
    while True:
        try:
            await services.correct_clock()
            process = Process(name, services, options, started_at=services.clock.now())
            return process, await build(process)
        except Exception as error:
            if not isinstance(error, Unreachable) and not is_gone(error):
                raise
            if options.is_bounded:
                raise ConfigurationError(f"DATABASE_URL: {error}") from error
            _log.warning("database_unreachable", error=str(error))
        await asyncio.sleep(_DATABASE_POLL)


async def _work(process: Process, work: Work) -> None:
    if process.options.is_bounded:
        bounded = asyncio.create_task(work.run_bounded())
        stop = asyncio.create_task(process.stopping.wait())
        await asyncio.wait((bounded, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if bounded.done():
            bounded.result()
        else:
            bounded.cancel()
        return
    # A tick that is still going when the next is due is skipped: that is meant, not a warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler()
    jobs = {**work.ticks(), "heartbeat": (process.beat, _HEARTBEAT_SECONDS)}
    for name, (tick, seconds) in jobs.items():
        scheduler.add_job(
            _guarded(name, tick),
            "interval",
            seconds=max(seconds / process.services.clock.speed, _SHORTEST_TICK),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now().astimezone(),
        )
    scheduler.start()
    keeping = asyncio.create_task(keep_in_step(scheduler))
    await process.stopping.wait()
    keeping.cancel()
    # Ticks in the middle of something are cancelled now: each would print a traceback of it.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler.shutdown(wait=False)


async def keep_in_step(scheduler: AsyncIOScheduler) -> None:
    """Run every tick at once when the machine's clock was set.

    The scheduler plans by that clock: set back an hour, it would stand still for an hour.
    """
    ahead = time.time() - time.monotonic()
    while True:
        await asyncio.sleep(_CLOCK_POLL)
        now_ahead = time.time() - time.monotonic()
        if abs(now_ahead - ahead) > _CLOCK_POLL:
            _log.warning("machine_clock_was_set", seconds=round(now_ahead - ahead))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.now().astimezone())
        ahead = now_ahead


def _guarded(name: str, tick: Tick) -> Tick:
    """The worker boundary: a tick that fails is logged and comes again."""

    async def run() -> None:
        try:
            await tick()
        except Exception:  # noqa: BLE001 - the boundary
            _log.exception("tick_failed", tick=name)

    return run
