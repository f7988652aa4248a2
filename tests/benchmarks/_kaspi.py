"""The sandbox in a process of its own: `python -m tests.benchmarks._kaspi FOLDER STORES GOODS`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from cube_demper.core.clock import SystemClock
from cube_demper.sandbox.journal import read_journal
from cube_demper.sandbox.options import SandboxOptions
from cube_demper.sandbox.seeding import ALMATY_CITY, StorePlan, WorldPlan
from cube_demper.sandbox.server import Sandbox
from tests.benchmarks._stage import ROOT

_SEED = 2026
_FIRST_STORE = 30_000_001


@dataclass(frozen=True)
class Kaspi:
    """A running sandbox as its clients see it."""

    shop_url: str
    merchant_url: str
    proxies: list[str]
    cookies: list[dict[str, Any]]
    stores: list[str]
    folder: Path
    pid: int

    def journal(self) -> list[dict[str, Any]]:
        """Return what it received so far."""
        return list(read_journal(self.folder))


@contextmanager
def kaspi(folder: Path, *, stores: int, goods: int) -> Iterator[Kaspi]:
    """Run a sandbox of so many stores with so many goods each, a card of its own for every one."""
    child = subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder), str(stores), str(goods)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        yield Kaspi(**json.loads(child.stdout.readline()), folder=folder, pid=child.pid)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait()


async def _serve(folder: Path, stores: int, goods: int) -> None:
    uids = [str(_FIRST_STORE + number) for number in range(stores)]
    plan = WorldPlan(
        stores=tuple(StorePlan(uid, uid, goods, cities=(ALMATY_CITY,)) for uid in uids),
        rivals=60,
        rivals_per_card=(4, 16),
        lively_share=0.03,
        slow_share=0.85,
        alone_share=0.0,
    )
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    options = SandboxOptions(seed=_SEED, plan=plan, state_dir=folder)
    async with Sandbox.start(clock=SystemClock(), options=options) as sandbox:
        ready = {
            "shop_url": sandbox.shop_url,
            "merchant_url": sandbox.merchant_url,
            "proxies": sandbox.proxies,
            "cookies": sandbox.cookies(),
            "stores": uids,
        }
        os.write(sys.stdout.fileno(), json.dumps(ready).encode() + b"\n")
        await stopping.wait()


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
