"""Workers as processes of their own: as `cube up` starts them, or forked from one that has imported all."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker_stage import Stage

ROOT = Path(__file__).resolve().parents[1]
WORKER = "workers.__main__:main"
"""What the nursery calls for `python -m workers`."""
_BORN_WITHIN = 60


@asynccontextmanager
async def worker_process(
    name: str, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m workers NAME`; whatever happens, it does not outlive the test."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workers", name, cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


@dataclass(slots=True)
class Forked:
    """A process born in the nursery, with what tests use of `asyncio.subprocess.Process`."""

    pid: int
    ended: asyncio.Future[int]

    @property
    def returncode(self) -> int | None:
        return self.ended.result() if self.ended.done() else None

    def send_signal(self, number: signal.Signals) -> None:
        if not self.ended.done():
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        return await asyncio.shield(self.ended)


class Nursery:
    """The process that workers are forked from: a start costs no second of imports."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._births: asyncio.Queue[int] = asyncio.Queue()
        self._deaths: dict[int, asyncio.Future[int]] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator[Nursery]:
        """Keep one open."""
        nursery = cls()
        await nursery.open()
        try:
            yield nursery
        finally:
            await nursery.close()

    async def open(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("nursery.py")),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the tests, and their end is its own
        )
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reader is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    @asynccontextmanager
    async def worker(
        self, name: str, environment: Mapping[str, str], *, log: Path | None = None
    ) -> AsyncIterator[Forked]:
        """Run what `python -m workers NAME` runs."""
        order = {"call": WORKER, "arguments": [name], "env": environment, "log": log and str(log)}
        async with self.process(order) as child:
            yield child

    @asynccontextmanager
    async def process(self, order: Mapping[str, Any]) -> AsyncIterator[Forked]:
        """Run an order; neither it nor what it started outlives the test."""
        child = await self.start(order)
        try:
            yield child
        finally:
            child.kill()
            await child.wait()
            with suppress(ProcessLookupError):  # its browser, if it had one
                os.killpg(child.pid, signal.SIGKILL)

    async def start(self, order: Mapping[str, Any]) -> Forked:
        """Start an order of nursery.py and return at once when it is born."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        pid = await asyncio.wait_for(self._births.get(), _BORN_WITHIN)
        return Forked(pid, self._deaths[pid])

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if "born" in said:
                self._deaths[said["born"]] = asyncio.get_running_loop().create_future()
                self._births.put_nowait(said["born"])
            else:
                self._deaths[said["died"]].set_result(said["code"])
        for ended in self._deaths.values():  # nobody lives longer than the nursery
            if not ended.done():
                ended.set_result(-signal.SIGKILL)


def stage_environment(stage: Stage) -> dict[str, str]:
    """Return what a worker on a stage's database and sandbox is started with."""
    settings = stage.services.settings
    assert settings.database_url is not None
    assert settings.redis_url is not None
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "CUBE_CLOCK": str(settings.clock),
        "KASPI_SHOP_URL": stage.sandbox.shop_url,
        "KASPI_MERCHANT_URL": stage.sandbox.merchant_url,
        "KASPI_LOGIN_URL": stage.sandbox.login_url,
    }


def demping_worker(stage: Stage) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Run the price bot's worker on a stage's database and sandbox."""
    return worker_process("demping", stage_environment(stage))
