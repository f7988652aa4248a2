"""The worker processes of a run: started, killed, frozen, and their deaths written down."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker_process import WORKER, Nursery


@dataclass(slots=True)
class Worker:
    """One living worker process."""

    pid: int
    ended: asyncio.Future[int]
    is_frozen: bool = False
    is_wanted_dead: bool = False


@dataclass
class Crew:
    """Two shards (and, for a while, more), each by the name of its log."""

    nursery: Nursery
    folder: Path
    environment: dict[str, str]
    clock: dict[str, Any]
    workers: dict[str, Worker] = field(default_factory=dict)
    deaths: list[str] = field(default_factory=list)
    """Processes that ended without being asked to."""

    async def start(self, name: str, index: int, *, skew: float = 0.0) -> None:
        """Start a demping worker of shard `index` of two."""
        order = {
            "call": WORKER,
            "arguments": ["demping"],
            "env": self.environment | {"INSTANCE_INDEX": str(index), "INSTANCE_COUNT": "2"},
            "log": str(self.folder / f"{name}.log"),
            "clock": self.clock | {"skew": skew},
        }
        child = await self.nursery.start(order)
        worker = Worker(child.pid, child.ended)
        self.workers[name] = worker
        child.ended.add_done_callback(lambda done: self._note(name, worker, done.result()))

    async def kill(self, name: str) -> None:
        await self._end(name, signal.SIGKILL)

    async def stop(self, name: str) -> int:
        """Ask it to end; return its exit code."""
        return await self._end(name, signal.SIGTERM)

    def freeze(self, name: str) -> None:
        self.workers[name].is_frozen = True
        os.kill(self.workers[name].pid, signal.SIGSTOP)

    def wake(self, name: str) -> None:
        self.workers[name].is_frozen = False
        os.kill(self.workers[name].pid, signal.SIGCONT)

    async def end(self) -> list[str]:
        """Stop everybody; return what did not end as it should."""
        names = list(self.workers)
        codes = await asyncio.gather(*(self.stop(name) for name in names))
        return [f"{name}: код {code}" for name, code in zip(names, codes, strict=True) if code != 0]

    async def wipe(self) -> None:
        """Leave nothing behind, whatever happened."""
        for name in list(self.workers):
            await self.kill(name)

    def log(self) -> str:
        return "\n".join(
            f"--- {path.name}\n{path.read_text()}" for path in sorted(self.folder.glob("*.log"))
        )

    async def _end(self, name: str, number: signal.Signals) -> int:
        worker = self.workers.pop(name)
        worker.is_wanted_dead = True
        if not worker.ended.done():
            os.kill(worker.pid, number)
        return await asyncio.wait_for(asyncio.shield(worker.ended), 20)

    def _note(self, name: str, worker: Worker, code: int) -> None:
        if not worker.is_wanted_dead:
            self.deaths.append(f"{name}: сам завершился с кодом {code}")
