"""The list of 5,000 goods: filters and sorts at the server, the size of the state, the second visit."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

import uvloop
from playwright.async_api import Page, async_playwright
from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductSort, ProductTab
from cube_demper.embedded import Services
from tests.benchmarks import _crowd
from tests.benchmarks._seller_app import open_sessions, seller_app
from tests.benchmarks._stage import print_table, servers

GOODS, VISITS, TIMES = 5_000, 16, 5
# Usable: the first row is painted, and ticking it is answered. Asked of each frame inside the page, so that
# what drives the browser takes no part.
_USABLE = """
const look = () => {
  const row = document.querySelector("tbody tr:has(a[href^='/products/'])");
  if (!row) return requestAnimationFrame(look);
  requestAnimationFrame(() => {
    row.querySelector("input[type=checkbox]").click();
    const answered = () => {
      if (document.querySelector(".k-selection")) window.isUsable = true;
      else requestAnimationFrame(answered);
    };
    requestAnimationFrame(answered);
  });
};
look();
"""
# A new tab wakes a second page, of the suggestions under an address bar, which a window-less browser
# draws for nobody while ours opens. `CHROMIUM_FLAGS=` measures with it.
_FLAGS = [
    "--no-sandbox",
    *os.environ.get(
        "CHROMIUM_FLAGS",
        "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,AimEnabled",
    ).split(),
]


def main() -> None:
    """Run and print."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with servers() as services:
        _crowd.fill(services, products=GOODS, due=GOODS, stores=1)
        uvloop.run(_measure(services, folder))
    shutil.rmtree(folder)


async def _measure(services: Services, folder: Path) -> None:
    db = Database(services.database_url, name="bench")
    async with db.read() as tx:
        user: UUID = await tx.scalar(text("SELECT user_id FROM kaspi_stores"))
    sys.stdout.write(f"{GOODS} goods; load of this machine {os.getloadavg()[0]:.1f}\n")
    slowest = await _lists(db, Actor(Role.USER, user))
    (cookie,) = await open_sessions(db, [user])
    async with seller_app(services, folder) as url:
        visits, busy, sent = await _visits(url, cookie)
    print_table(
        ("", "median", "worst", "required"),
        [
            ("a filter or sort at the server, ms", *slowest, "200"),
            (
                "second visit till usable, ms",
                f"{statistics.median(visits[1:]):.0f}",
                f"{max(visits[1:]):.0f}",
                "1000",
            ),
            (
                "… of it CPU of the page's own thread, ms",
                f"{statistics.median(busy[1:]):.0f}",
                f"{max(busy[1:]):.0f}",
                "",
            ),
            ("first visit, ms", f"{visits[0]:.0f}", "", ""),
            ("state sent to the page, kB", f"{sent / 1000:.0f}", "", "100"),
        ],
    )
    await db.close()


async def _lists(db: Database, actor: Actor) -> tuple[str, str]:
    """Time every tab, every sort in both directions and a search; median and worst of the medians."""
    asked = [ProductFilter(tab=tab) for tab in ProductTab]
    asked += [ProductFilter(sort=s, is_descending=d) for s in ProductSort for d in (False, True)]
    asked += [ProductFilter(search="iphone 4711"), ProductFilter(page=90)]
    medians = [await _list(db, actor, it) for it in asked]
    return f"{statistics.median(medians):.0f}", f"{max(medians):.0f}"


async def _list(db: Database, actor: Actor, asked: ProductFilter) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        async with db.read() as tx:
            await catalog.list_products(tx, actor, asked)
            await catalog.list_stores(tx, actor)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def _visits(url: str, cookie: str) -> tuple[list[float], list[float], int]:
    """Open the list again and again in one browser; return times, CPU times, the longest answer's bytes."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    sizes: list[int] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        context = await browser.new_context(locale="ru-RU")
        await context.add_init_script(_USABLE)
        await context.add_cookies([{"name": "cube_seller", "value": cookie, "url": url}])
        times, busy = [], []
        for _ in range(VISITS):
            page = await context.new_page()
            page.on("websocket", lambda socket: socket.on("framereceived", _sized(sizes)))
            tools = await context.new_cdp_session(page)
            # Of the thread and not of the wall: it says the same on a busy machine.
            await tools.send("Performance.enable", {"timeDomain": "threadTicks"})
            times.append(await _visit(page, f"{url}/products"))
            figures = (await tools.send("Performance.getMetrics"))["metrics"]
            busy.append(next(it["value"] for it in figures if it["name"] == "TaskDuration") * 1000)
            await page.close()
        await browser.close()
    return times, busy, max(sizes)


def _sized(sizes: list[int]):  # type: ignore[no-untyped-def] # noqa: ANN202 - a callback of Playwright's
    return lambda frame: sizes.append(len(frame.encode() if isinstance(frame, str) else frame))


async def _visit(page: Page, address: str) -> float:
    began = time.perf_counter()
    await page.goto(address, wait_until="commit")
    await page.wait_for_function("window.isUsable", timeout=60_000)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
