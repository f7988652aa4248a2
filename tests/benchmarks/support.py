"""From the seller's window to support's page and back, as painted by two tabs of Chromium.

200 sellers have a page and the window of support open in one process. There: from the seller's Enter to the
words in support's page. Back: from support's Enter to the words standing in the seller's window. Then a
chat of 10,000 messages is opened: at support's by a click in the list and by its address, and in its seller's
window, until its newest words stand there.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import aiohttp
import uvloop
from playwright.async_api import Browser, Page
from sqlalchemy import text

from cube_demper.bootstrap import Services as Wired
from cube_demper.bootstrap import build_services
from cube_demper.core.ids import new_id
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import Draft
from cube_demper.embedded import Services
from tests.benchmarks import _crowd
from tests.benchmarks._chromium import CLICK, chromium, open_page
from tests.benchmarks._seller_app import open_sessions, seller_app
from tests.benchmarks._stage import milliseconds, print_table, servers
from tests.benchmarks._tabs import Tab
from tests.benchmarks._watch import resident

WINDOWS, ROUNDS, LONG, OPENINGS = 200, 30, 10_000, 8
_GIVEN_UP = 60.0
_REQUIRED, _REQUIRED_LONG = 200, 500
_ROW, _LAST = ".k-talk-row", f"сообщение номер {LONG}"
# When Enter was pressed last, and when words first stood in the page.
_WATCH = """
() => {
  window.entered = 0;
  window.stood = {};
  addEventListener('keydown', (it) => { if (it.key === 'Enter') window.entered = Date.now(); }, true);
  const look = () => {
    for (const [word] of document.body.innerText.matchAll(/(question|answer)-\\d{4}/g))
      window.stood[word] ??= Date.now();
  };
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}
"""


class Window:
    """A seller's window of support, as `support_talk.js` is: a stream, and a question when it says so."""

    def __init__(self, url: str, cookie: str) -> None:
        self._url, self._last = f"{url}/api/support", 0
        self._headers = {"Cookie": f"cube_seller={cookie}", "Origin": url}
        self._session = aiohttp.ClientSession(headers=self._headers)
        self.is_open = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Go away."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._session.close()

    async def _listen(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._session.get(f"{self._url}/live", timeout=timeout) as stream:
            stream.raise_for_status()
            async for line in stream.content:
                if line.startswith(b"retry"):
                    self.is_open.set()
                if line.startswith(b"data"):
                    await self._ask()

    async def _ask(self) -> None:
        async with self._session.get(f"{self._url}/chat", params={"after": self._last}) as answer:
            rows = (await answer.json())["rows"]
        for row in rows:
            self._last = max(self._last, row["number"])


def main() -> None:
    """Run and print."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with servers() as running:
        _crowd.fill(running, products=WINDOWS, due=0, stores=WINDOWS)
        settings = Settings(DATABASE_URL=running.database_url, REDIS_URL=running.redis_url)
        wired = build_services(settings, name="bench")
        uvloop.run(_measure(running, wired, folder))
    shutil.rmtree(folder)


async def _measure(running: Services, wired: Wired, folder: Path) -> None:
    support = await _support(wired)
    people = await _people(wired)
    cookies = await open_sessions(wired.db, people)
    (desk_cookie,) = await open_sessions(wired.db, [support.person_id], CubeApp.SUPPORT)
    chat, long = await _begin(wired, people[0]), await _begin(wired, people[1])
    await _lengthen(wired, long, people[1])
    async with (
        seller_app(running, folder) as shop,
        seller_app(running, folder, CubeApp.SUPPORT) as desk,
        _all_let_in(wired),
        chromium() as browser,
    ):
        pulse = asyncio.create_task(_work_elsewhere(wired))
        seller, boot = await open_page(browser, f"{shop}/help", "seller", cookies[0])
        crowd = await _crowd_of(shop, cookies[2:], boot)
        await seller.locator(".k-support-button").click()
        await seller.get_by_role("dialog").get_by_label("Опишите вопрос").wait_for()
        crm, _ = await open_page(browser, f"{desk}/chats/{chat}", "support", desk_cookie)
        await crm.locator("#answer").wait_for(timeout=60_000)
        await asyncio.sleep(3)
        there, back = await _talk(seller, crm)
        whole = [a + b for a, b in zip(there, back, strict=True)]
        print_table(
            ("", "messages", "median ms", "95 % ms", "required", "ratio"),
            [
                milliseconds("seller's Enter → support's page", there),
                milliseconds("support's Enter → seller's window", back),
                milliseconds("there and back", whole, _REQUIRED),
            ],
        )
        opened = await _open_long(crm)
        loaded = await _load_long(crm, desk, long)
        sellers = await _open_as_seller(browser, shop, cookies[1])
        pulse.cancel()
        for tab, window in crowd:
            await window.close()
            await tab.close()
    read, found = await _read_long(wired, support, long)
    print_table(
        (f"a chat of {LONG} messages", "times", "median ms", "95 % ms", "required", "ratio"),
        [
            milliseconds("painted after a click in support's list", opened, _REQUIRED_LONG),
            milliseconds("painted in its seller's window after a click", sellers, _REQUIRED_LONG),
            milliseconds("painted with the whole page by its address", loaded),
            milliseconds("its queries", read),
            milliseconds("a search in all messages", found),
        ],
    )
    sys.stdout.write(f"load of this machine {os.getloadavg()[0]:.1f}\n")
    await wired.close()


async def _crowd_of(shop: str, cookies: Sequence[str], boot: str) -> list[tuple[Tab, Window]]:
    """Open a page and the window of support for everybody; print what each costs the server."""
    await asyncio.sleep(2)
    process = _serving(shop)
    before = resident(process)
    tabs = [Tab() for _ in cookies]
    for tab, cookie in zip(tabs, cookies, strict=True):
        await tab.open(shop, cookie, boot)
        await _until(lambda tab=tab: bool(tab.received))  # type: ignore[misc]
    await _until(lambda: all(it.received[-1][0] < time.time() - 2 for it in tabs))
    with_tabs = resident(process)
    windows = []
    for cookie in cookies:
        windows.append(Window(shop, cookie))
        await _until(windows[-1].is_open.is_set)
    each = (with_tabs - before) / len(tabs) * 1e3
    more = (resident(process) - with_tabs) / len(windows) * 1e3
    sys.stdout.write(
        f"{len(tabs)} pages and {len(windows)} windows open in one process beside the Chromium's: "
        f"{each:.0f} KB a page, {more:.0f} KB a window; load of this machine {os.getloadavg()[0]:.1f}\n"
    )
    sys.stdout.flush()
    return list(zip(tabs, windows, strict=True))


async def _until(is_so: Callable[[], bool]) -> None:
    ends = time.time() + _GIVEN_UP
    while not is_so():
        if time.time() > ends:
            raise TimeoutError
        await asyncio.sleep(0.01)


async def _work_elsewhere(wired: Wired) -> None:
    """Publish what concerns nobody here, as living workers do: pages doubt long silence."""
    while True:
        async with wired.db.write() as tx:
            tx.emit("user:nobody", "product", "")
        await asyncio.sleep(1.0)


async def _talk(seller: Page, crm: Page) -> tuple[list[float], list[float]]:
    there, back = [], []
    for page in (seller, crm):
        await page.evaluate(_WATCH)
    ask = seller.get_by_role("dialog").get_by_label("Опишите вопрос")
    for number in range(ROUNDS):
        there.append(await _said(seller, ask, crm, f"question-{number:04}"))
        back.append(await _said(crm, crm.locator("#answer"), seller, f"answer-{number:04}"))
        await asyncio.sleep(2.1)  # a person writes thirty a minute at most
    return there, back


async def _said(writer: Page, field: object, reader: Page, words: str) -> float:
    """Write words into a field; return the seconds until they stand in the reader's page."""
    await field.fill(words)  # type: ignore[attr-defined]
    await field.press("Enter")  # type: ignore[attr-defined]
    await reader.wait_for_function(f"window.stood['{words}']", timeout=_GIVEN_UP * 1e3)
    stood = await reader.evaluate(f"window.stood['{words}']")
    return (stood - await writer.evaluate("window.entered")) / 1e3


async def _open_long(crm: Page) -> list[float]:
    """Go to the long chat and away from it by clicks in the list, as a person does."""
    took = []
    for _ in range(OPENINGS):
        await crm.evaluate(
            CLICK, [_ROW, f"answer-{ROUNDS - 1:04}", ".k-said-line", f"answer-{ROUNDS - 1:04}"]
        )
        await asyncio.sleep(1)
        took.append(await crm.evaluate(CLICK, [_ROW, _LAST, ".k-said-line", _LAST]) / 1e3)
        await asyncio.sleep(1)
    return took


async def _load_long(crm: Page, desk: str, long: UUID) -> list[float]:
    took = []
    for _ in range(OPENINGS):
        began = time.time()
        await crm.goto(f"{desk}/chats/{long}", wait_until="commit")
        await crm.locator(".k-said-line", has_text=_LAST).wait_for()
        took.append(time.time() - began)
    return took


async def _open_as_seller(browser: Browser, shop: str, cookie: str) -> list[float]:
    took = []
    for _ in range(OPENINGS):
        page, _ = await open_page(browser, f"{shop}/help", "seller", cookie)
        await page.locator(".k-support-button").wait_for(timeout=60_000)
        await asyncio.sleep(2)
        button = ".k-support-button"
        took.append(await page.evaluate(CLICK, [button, "", "[role=dialog]", _LAST]) / 1e3)
        await page.context.close()
    return took


async def _support(wired: Wired) -> Actor:
    async with wired.db.write() as tx:
        user_id = await accounts.create_user(
            tx,
            SYSTEM,
            email="support@bench.kz",
            password=new_id().hex,
            role=Role.SUPPORT,
            now=wired.clock.now(),
        )
    return Actor(Role.SUPPORT, user_id, "support@bench.kz")


async def _people(wired: Wired) -> list[UUID]:
    async with wired.db.read() as tx:
        rows = await tx.scalars(text("SELECT user_id FROM kaspi_stores ORDER BY merchant_id"))
        return list(rows)


async def _begin(wired: Wired, person: UUID) -> UUID:
    async with wired.db.write() as tx:
        draft = Draft("здравствуйте", new_id().hex)
        written = await service.write(tx, Actor(Role.USER, person), None, draft, wired.clock.now())
    return written.chat_id


@asynccontextmanager
async def _all_let_in(wired: Wired) -> AsyncIterator[None]:
    """Forget what the limit of requests counts: here all sellers share an address."""

    async def forget() -> None:
        while True:
            async for key in wired.redis.scan_iter("attempts:api:*"):
                await wired.redis.delete(key)
            await asyncio.sleep(0.2)

    forgetting = asyncio.create_task(forget())
    yield
    forgetting.cancel()


async def _lengthen(wired: Wired, chat: UUID, person: UUID) -> None:
    async with wired.db.write() as tx:
        await tx.execute(
            text(
                "INSERT INTO support_messages (chat_id, kind, author_id, body, key, sent_at)"
                " SELECT :chat, CASE WHEN n % 2 = 0 THEN 'user' ELSE 'staff' END, :person,"
                " 'сообщение номер ' || n, 'k' || n, now() FROM generate_series(1, :count) AS n"
            ),
            {"chat": chat, "person": person, "count": LONG},
        )
        await tx.execute(text("ANALYZE support_messages"))


async def _read_long(wired: Wired, support: Actor, chat: UUID) -> tuple[list[float], list[float]]:
    read, found = [], []
    for _ in range(20):
        async with wired.db.read() as tx:
            began = time.perf_counter()
            await reading.chat(tx, support, chat, wired.clock.now())
            await reading.messages(tx, support, chat)
            read.append(time.perf_counter() - began)
            began = time.perf_counter()
            await reading.search(tx, support, "сообщения номер 777")
            found.append(time.perf_counter() - began)
    return read, found


def _serving(url: str) -> int:
    """Return the process that serves an address' port: the child of granian's that holds most."""
    port, found = url.rpartition(":")[2], {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
                if f"\0{port}\0" in f"{command}\0" and "granian" in command:
                    found[int(folder.name)] = resident(folder.name)
    return max(found, key=lambda it: found[it])


if __name__ == "__main__":
    main()
