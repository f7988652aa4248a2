"""From a worker's commit to the open page concerned, with 100 sellers' tabs open, one a real Chromium.

Measured from the end of the commit, before its event is published, to the message with the new price at
the socket; in Chromium to the price standing in the page.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import uvloop
from playwright.async_api import Page, async_playwright
from sqlalchemy import text

from cube_demper.bootstrap import build_services
from cube_demper.core.money import format_tenge
from cube_demper.core.settings import Settings
from cube_demper.db.session import BrowserEvent, Database
from cube_demper.embedded import Services
from tests.benchmarks import _crowd
from tests.benchmarks._seller_app import open_sessions, seller_app
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._tabs import Tab

SELLERS, GOODS = 100, 20
ONE_BY_ONE, IN_CHROMIUM, BUSY_SECONDS, BUSY_EVERY = 100, 20, 10, 0.1
_REQUIRED = 300
_GIVEN_UP = 5.0
_STILL_TOLD = 6.0
"""Seconds for which the frame of a page may still be told of a change: it takes three together."""
# Every change of the page, with the digits that stand there then.
_WATCH = """
() => {
  window.prices = {};
  new MutationObserver(() => {
    for (const found of document.body.innerText.replace(/[\\s\\u00a0]/g, '').matchAll(/(\\d+)₸/g))
      window.prices[found[1]] ??= Date.now();
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}
"""


@dataclass
class Seller:
    """Who sits at a tab, and a product that the tab shows."""

    user: UUID
    product: UUID
    cookie: str
    tab: Tab


class Worker:
    """Commits as the demping worker does, and notes when."""

    def __init__(self, servers_: Services) -> None:
        settings = Settings(DATABASE_URL=servers_.database_url, REDIS_URL=servers_.redis_url)
        self._services = build_services(settings, name="bench")
        self.db = Database(servers_.database_url, publish=self._published, name="bench")
        self._price = 500_000
        self._committed = 0.0

    async def change(self, seller: Seller) -> tuple[float, int]:
        """Give the seller's product a price that never was; return the commit's moment and the price."""
        self._price += 1
        price = self._price
        async with self.db.write() as tx:
            await tx.execute(
                text("UPDATE products SET price = :price WHERE id = :id"),
                {"price": price * 100, "id": seller.product},
            )
            tx.emit(f"user:{seller.user}", "product", seller.product)
        return self._committed, price

    async def work_for_others(self) -> None:
        """Publish what concerns nobody here, as living workers do: pages doubt long silence."""
        publish = self._services.db._publish
        assert publish is not None
        while True:
            await publish([BrowserEvent("user:nobody", "product", "")])
            await asyncio.sleep(1.0)

    async def _published(self, events: list[BrowserEvent]) -> None:
        self._committed = time.time()
        publish = self._services.db._publish
        assert publish is not None
        await publish(events)

    async def close(self) -> None:
        """Close connections."""
        await self.db.close()
        await self._services.close()


def main() -> None:
    """Run and print."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with servers() as services:
        _crowd.fill(services, products=SELLERS * GOODS, due=0, stores=SELLERS)
        uvloop.run(_measure(services, folder))
    shutil.rmtree(folder)


async def _measure(services: Services, folder: Path) -> None:
    worker = Worker(services)
    sellers = await _sellers(worker.db)
    async with seller_app(services, folder) as url, _chromium(url, sellers[0]) as (page, boot):
        pulse = asyncio.create_task(worker.work_for_others())
        for it in sellers[1:]:
            await it.tab.open(url, it.cookie, boot)
            await _until(lambda it=it: it.tab.told("SKU-", 0) is not None)  # type: ignore[misc]
        await _until(lambda: all(it.tab.received[-1][0] < time.time() - 2 for it in sellers[1:]))
        await page.evaluate(_WATCH)
        sys.stdout.write(
            f"{SELLERS} tabs open, each of another seller, one in Chromium; "
            f"load of this machine {os.getloadavg()[0]:.1f}\n"
        )
        one = await _one_by_one(worker, sellers[1:])
        painted = await _in_chromium(worker, page, sellers[0])
        busy = await _busy(worker, sellers[1:])
        heard = sum(len(it.tab.received) for it in sellers[1:])
        print_table(
            ("", "commits", "median ms", "95 % ms", "required", "ratio", "lost", "told to others"),
            [
                _row("one at a time, at the socket", one),
                _row("one at a time, painted by Chromium", painted),
                _row(f"{1 / BUSY_EVERY:.0f} a second over all tabs", busy, is_required=False),
            ],
        )
        sys.stdout.write(f"{heard} messages in all\n")
        pulse.cancel()
        for it in sellers[1:]:
            await it.tab.close()
    await worker.close()


async def _sellers(db: Database) -> list[Seller]:
    async with db.read() as tx:
        rows = (
            await tx.execute(
                text(
                    "SELECT s.user_id, (SELECT id FROM products WHERE store_id = s.id"
                    " ORDER BY name LIMIT 1) FROM kaspi_stores s ORDER BY s.merchant_id"
                )
            )
        ).all()
    cookies = await open_sessions(db, [user for user, _ in rows])
    return [Seller(*row, cookie, Tab()) for row, cookie in zip(rows, cookies, strict=True)]


@asynccontextmanager
async def _chromium(url: str, seller: Seller) -> AsyncIterator[tuple[Page, str]]:
    """Open the list of goods in a browser; yield the page and the first message of its socket."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = await browser.new_context(locale="ru-RU")
        await context.add_cookies([{"name": "cube_seller", "value": seller.cookie, "url": url}])
        page = await context.new_page()
        boot: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def sent(frame: str | bytes) -> None:
            if isinstance(frame, str) and frame.startswith("40/_event,") and not boot.done():
                boot.set_result(frame)

        page.on("websocket", lambda socket: socket.on("framesent", sent))
        await page.goto(f"{url}/products")
        await page.get_by_text("SKU-").first.wait_for(timeout=60_000)
        yield page, await boot
        await browser.close()


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(0.02)


@dataclass
class Told:
    """How long each commit took to arrive, in seconds; None: never. `others`: messages to others."""

    waits: list[float | None]
    others: int


async def _one_by_one(worker: Worker, sellers: Sequence[Seller]) -> Told:
    """Change goods of one seller at a time; count what those hear whom nothing concerned lately."""
    chance, waits, others = random.Random(1), [], 0
    changed_at: dict[UUID, float] = {}
    for seller in chance.choices(sellers, k=ONE_BY_ONE):
        quiet = [it for it in sellers if changed_at.get(it.user, 0) < time.time() - _STILL_TOLD]
        known = {it.user: len(it.tab.received) for it in quiet if it is not seller}
        at, price = await worker.change(seller)
        changed_at[seller.user] = at
        waits.append(await _told(seller.tab, price, at))
        others += sum(
            len(it.tab.received) - known.get(it.user, 0) for it in quiet if it is not seller
        )
    return Told(waits, others)


async def _told(tab: Tab, price: int, since: float) -> float | None:
    wanted = format_tenge(price * 100)
    await _until(lambda: tab.told(wanted, since) is not None or time.time() > since + _GIVEN_UP)
    at = tab.told(wanted, since)
    return None if at is None else at - since


async def _in_chromium(worker: Worker, page: Page, seller: Seller) -> Told:
    waits: list[float | None] = []
    for _ in range(IN_CHROMIUM):
        at, price = await worker.change(seller)
        await asyncio.sleep(1.0)
        painted = await page.evaluate(f"window.prices['{price}']")
        waits.append(painted / 1e3 - at if painted else None)
    return Told(waits, 0)


async def _busy(worker: Worker, sellers: Sequence[Seller]) -> Told:
    """Change goods of anybody's, faster than one tab may be told (DESIGN: it takes them together)."""
    turns = [it for _ in range(BUSY_SECONDS) for it in sellers]
    asked: list[tuple[Seller, float, int]] = []
    for seller in turns[: int(BUSY_SECONDS / BUSY_EVERY)]:
        began = time.time()
        asked.append((seller, *await worker.change(seller)))
        await asyncio.sleep(max(0.0, BUSY_EVERY - (time.time() - began)))
    waits = [await _told(seller.tab, price, at) for seller, at, price in asked]
    return Told(waits, 0)


def _row(name: str, told: Told, *, is_required: bool = True) -> tuple[str, ...]:
    times = sorted(wait * 1e3 for wait in told.waits if wait is not None)
    median = statistics.median(times)
    return (
        name,
        str(len(told.waits)),
        f"{median:.0f}",
        f"{times[len(times) * 95 // 100]:.0f}",
        f"≤ {_REQUIRED}" if is_required else "",
        f"{median / _REQUIRED:.2f}" if is_required else "",
        str(len(told.waits) - len(times)),
        str(told.others),
    )


if __name__ == "__main__":
    main()
