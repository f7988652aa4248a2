"""Sign-ins in Chromium against the sandbox, with the memory of all its processes measured meanwhile."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from cube_demper.core.settings import KaspiSettings
from cube_demper.integrations.browser.farm import ChromiumFarm
from cube_demper.integrations.browser.kaspi_login import KaspiLogin
from cube_demper.sandbox.server import Sandbox

_EMAIL, _PASSWORD = "seller@example.kz", "demo-12345"
_KB_IN_MB = 1024


@dataclass(frozen=True)
class Memory:
    """MB of Chromium and of Playwright's driver, all processes together.

    `rss` counts a page once for each process that maps it, so the binary's many times. `pss` counts
    every page once: what the machine pays. Of it `files` are clean pages of files, which the kernel
    takes back when it needs them, and `kept` is the rest.
    """

    rss: float = 0.0
    pss: float = 0.0
    files: float = 0.0

    @property
    def kept(self) -> float:
        return self.pss - self.files


@dataclass(frozen=True)
class Measured:
    """Seconds; memory at the moment when it was highest, and a second after the end."""

    seconds: float
    peak: Memory
    after: Memory


def memory_now() -> Memory:
    """Read the memory of this process's children from `/proc/*/smaps_rollup`."""
    sums = {"Rss:": 0, "Pss:": 0, "Pss_File:": 0}
    for child in psutil.Process().children(recursive=True):
        try:
            lines = Path(f"/proc/{child.pid}/smaps_rollup").read_text().splitlines()
        except OSError:  # it ended between the list and the look
            continue
        for line in lines:
            name, *value = line.split()
            if name in sums:
                sums[name] += int(value[0])
    rss, pss, files = (sums[name] / _KB_IN_MB for name in ("Rss:", "Pss:", "Pss_File:"))
    return Memory(rss, pss, files)


async def measure(width: int) -> Measured:
    """Sign in `width` at once."""
    async with Sandbox.start() as sandbox:
        settings = KaspiSettings(
            KASPI_SHOP_URL=sandbox.shop_url,
            KASPI_MERCHANT_URL=sandbox.merchant_url,
            KASPI_LOGIN_URL=sandbox.login_url,
        )
        farm = ChromiumFarm(width=width)
        login = KaspiLogin(farm, settings)
        began, peak = time.perf_counter(), Memory()
        visits = asyncio.gather(*(login.by_password(_EMAIL, _PASSWORD, None) for _ in range(width)))
        while not visits.done():
            peak = max(peak, await asyncio.to_thread(memory_now), key=lambda it: it.pss)
            await asyncio.sleep(0.05)
        assert all(arrived.is_in for arrived in visits.result())
        seconds = time.perf_counter() - began
        await asyncio.sleep(1)
        after = memory_now()
        await farm.close()
    return Measured(seconds, peak, after)


def main() -> None:
    """Print one sign-in and two at once. Wanted: at most 400 MB while one runs, nothing after."""
    for width in (1, 2):
        got = asyncio.run(measure(width))
        peak = got.peak
        sys.stdout.write(
            f"  {width} at once: {got.seconds:.1f} s; each page once {peak.pss:.0f} MB"
            f" ({peak.kept:.0f} of it cannot be given back), RSS added up {peak.rss:.0f} MB;"
            f" {got.after.pss:.0f} MB after\n"
        )


if __name__ == "__main__":
    main()
