"""What a step costs its process: memory on top, and how long the event loop stood still."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_BEAT = 0.005


@dataclass
class Watch:
    """The longest that the loop stood still, s, and the most memory on top, MB, while a step was on."""

    stall: float = 0.0
    memory: float = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    """Watch the process while the block runs."""
    watch, before = Watch(), resident()

    async def look() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_BEAT)
            watch.stall = max(watch.stall, time.perf_counter() - began - _BEAT)
            watch.memory = max(watch.memory, resident() - before)

    task = asyncio.create_task(look())
    try:
        yield watch
    finally:
        task.cancel()


def resident(process: int | str = "self") -> float:
    """Return the memory that a process holds, this one if none is named, MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def used(process: int) -> float:
    """Return the time that a process has computed for, s."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
