"""Sign-ins in Chromium against the sandbox, with the memory of all processes measured meanwhile."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass

import psutil

from cube_demper.core.settings import KaspiSettings
from cube_demper.integrations.browser.farm import ChromiumFarm
from cube_demper.integrations.browser.kaspi_login import KaspiLogin
from cube_demper.sandbox.server import Sandbox

_MB = 1024 * 1024
_EMAIL, _PASSWORD = "seller@example.kz", "demo-12345"


@dataclass(frozen=True)
class Measured:
    """Seconds; MB at most of the browser's processes and of what is theirs alone; MB a second after."""

    seconds: float
    peak_mb: float
    own_mb: float
    after_mb: float


def _children_mb() -> tuple[float, float]:
    """Return PSS and USS of every child, Playwright's driver too; PSS counts pages of binaries."""
    pss = uss = 0
    for child in psutil.Process().children(recursive=True):
        try:
            memory = child.memory_full_info()
        except psutil.Error:
            continue
        pss, uss = pss + memory.pss, uss + memory.uss
    return pss / _MB, uss / _MB


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
        began, peak, own = time.perf_counter(), 0.0, 0.0
        visits = asyncio.gather(*(login.by_password(_EMAIL, _PASSWORD, None) for _ in range(width)))
        while not visits.done():
            pss, uss = await asyncio.to_thread(_children_mb)
            peak, own = max(peak, pss), max(own, uss)
            await asyncio.sleep(0.05)
        assert all(arrived.is_in for arrived in visits.result())
        seconds = time.perf_counter() - began
        await asyncio.sleep(1)
        after, _ = _children_mb()
        await farm.close()
    return Measured(seconds, peak, own, after)


def main() -> None:
    """Print one sign-in and two at once. Wanted: at most 400 MB while they run, nothing after."""
    for width in (1, 2):
        got = asyncio.run(measure(width))
        sys.stdout.write(
            f"  {width} at once: {got.seconds:.1f} s, {got.peak_mb:.0f} MB with shared pages,"
            f" {got.own_mb:.0f} MB their own, {got.after_mb:.0f} MB after\n"
        )


if __name__ == "__main__":
    main()
