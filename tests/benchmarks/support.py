"""From the seller's window to the support person's page and back, with 200 windows open in one process.

There: from the moment the message is posted to its text at the socket of the support app's page. Back: from
the moment the answer is being written (by the product's own service) to its row in the seller's window,
which hears of it over its stream and asks for what is new. Then a chat of 10,000 messages is opened.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import aiohttp
import uvloop
from playwright.async_api import async_playwright
from sqlalchemy import text

from cube_demper.bootstrap import Services as Wired
from cube_demper.bootstrap import build_services
from cube_demper.core.ids import new_id
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import Draft
from tests.benchmarks import _crowd
from tests.benchmarks._seller_app import open_sessions, seller_app
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._tabs import Tab

WINDOWS, ROUNDS, LONG = 200, 60, 10_000
_GIVEN_UP = 10.0
_REQUIRED, _REQUIRED_LONG = 200, 500


class Window:
    """A seller's window of support, as `support_talk.js` is: a stream, and a question when it says so."""

    def __init__(self, url: str, cookie: str) -> None:
        self._url, self._last = f"{url}/api/support", 0
        self._headers = {"Cookie": f"cube_seller={cookie}", "Origin": url}
        self._session = aiohttp.ClientSession(headers=self._headers)
        self.seen: dict[str, float] = {}
        self.is_open = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def post(self, words: str) -> None:
        """Send a message."""
        given = {"text": words, "key": new_id().hex, "files": []}
        async with self._session.post(f"{self._url}/messages", json=given) as answer:
            answer.raise_for_status()

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
            self.seen.setdefault(row["text"], time.perf_counter())
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


async def _measure(running: object, wired: Wired, folder: Path) -> None:
    support = await _support(wired)
    people = await _people(wired)
    cookies = await open_sessions(wired.db, people)
    (staff_cookie,) = await open_sessions(wired.db, [support.person_id], CubeApp.SUPPORT)
    chat = await _begin(wired, people[0])
    async with (
        seller_app(running, folder) as shop,  # type: ignore[arg-type]
        seller_app(running, folder, CubeApp.SUPPORT) as desk,  # type: ignore[arg-type]
        _all_let_in(wired),
    ):
        empty = _memory(shop)
        windows = []
        for cookie in cookies:
            windows.append(Window(shop, cookie))
            await windows[-1].is_open.wait()
        each = (_memory(shop) - empty) / len(windows)
        async with _desk_tab(desk, staff_cookie, chat) as tab:
            sys.stdout.write(
                f"{len(windows)} windows open in one process, {each / 1024:.0f} KB each; "
                f"load of this machine {os.getloadavg()[0]:.1f}\n"
            )
            there, back = await _talk(wired, support, chat, windows[0], tab)
            print_table(
                ("", "messages", "median ms", "95 % ms", "required", "ratio"),
                [
                    _row("seller's window → support's page", there),
                    _row("support's answer → seller's window", back),
                    _row(
                        "there and back",
                        [a + b for a, b in zip(there, back, strict=True)],
                        _REQUIRED,
                    ),
                ],
            )
        for it in windows:
            await it.close()
    await _open_long(wired, support, people[1])
    await wired.close()


async def _talk(
    wired: Wired, support: Actor, chat: UUID, window: Window, tab: Tab
) -> tuple[list[float], list[float]]:
    there, back = [], []
    for number in range(ROUNDS):
        words, answer = f"question-{number:04}", f"answer-{number:04}"
        at = time.time()
        await window.post(words)
        heard = await _until(lambda: tab.told(words, at))  # noqa: B023 - awaited within the turn
        there.append(heard - at)
        began = time.perf_counter()
        async with wired.db.write() as tx:
            draft = Draft(answer, new_id().hex)
            await service.write(tx, support, chat, draft, wired.clock.now())
        back.append(await _until(lambda: window.seen.get(answer)) - began)  # noqa: B023
        await asyncio.sleep(2.1)  # a person writes thirty a minute at most
    return there, back


async def _open_long(wired: Wired, support: Actor, person: UUID) -> None:
    """Open a chat of ten thousand messages, as the support page does, and go back through it."""
    chat = await _begin(wired, person)
    async with wired.db.write() as tx:
        await tx.execute(
            text(
                "INSERT INTO support_messages (chat_id, kind, author_id, body, key, sent_at)"
                " SELECT :chat, CASE WHEN n % 2 = 0 THEN 'user' ELSE 'staff' END, :person,"
                " 'сообщение номер ' || n, 'k' || n, now() FROM generate_series(1, :count) AS n"
            ),
            {"chat": chat, "person": person, "count": LONG},
        )
    first, deep, found = [], [], []
    for _ in range(20):
        async with wired.db.read() as tx:
            began = time.perf_counter()
            await reading.chat(tx, support, chat, wired.clock.now())
            page = await reading.messages(tx, support, chat)
            first.append(time.perf_counter() - began)
            began = time.perf_counter()
            middle = page.rows[0].number - LONG // 2
            await reading.messages(tx, support, chat, before=middle)
            deep.append(time.perf_counter() - began)
            began = time.perf_counter()
            await reading.search(tx, support, "сообщения номер 777")
            found.append(time.perf_counter() - began)
    print_table(
        (f"a chat of {LONG} messages", "times", "median ms", "95 % ms", "required", "ratio"),
        [
            _row("opened", first, _REQUIRED_LONG),
            _row("a page from its middle", deep),
            _row("a search in all of them", found),
        ],
    )


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


@asynccontextmanager
async def _desk_tab(url: str, cookie: str, chat: UUID) -> AsyncIterator[Tab]:
    """Open the chat's page in a browser, take its socket's first message, and open a tab with it."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = await browser.new_context(locale="ru-RU")
        await context.add_cookies([{"name": "cube_support", "value": cookie, "url": url}])
        page = await context.new_page()
        boot: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def sent(frame: str | bytes) -> None:
            if isinstance(frame, str) and frame.startswith("40/_event,") and not boot.done():
                boot.set_result(frame)

        page.on("websocket", lambda socket: socket.on("framesent", sent))
        await page.goto(f"{url}/chats/{chat}")
        await page.get_by_text("здравствуйте").first.wait_for(timeout=60_000)
        tab = Tab(app="support")
        await tab.open(url, cookie, await boot)
        await browser.close()
        await _until(lambda: tab.told("chat_state", 0))
        await asyncio.sleep(2)
        yield tab
        await tab.close()


async def _until(found: object) -> float:
    ends = time.perf_counter() + _GIVEN_UP
    while (at := found()) is None:  # type: ignore[operator]
        if time.perf_counter() > ends:
            raise TimeoutError("never told")
        await asyncio.sleep(0.001)
    return float(at)


def _memory(url: str) -> int:
    """Return the resident bytes of all processes that serve an address' port."""
    port, total = url.rpartition(":")[2], 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            if f"\0{port}\0" in f"{command}\0" and "granian" in command:
                total += int((folder / "statm").read_text().split()[1]) * 4096
        except OSError:
            continue
    return total


def _row(name: str, seconds: Sequence[float], required: int = 0) -> tuple[str, ...]:
    times = sorted(it * 1e3 for it in seconds)
    median = statistics.median(times)
    return (
        name,
        str(len(times)),
        f"{median:.0f}",
        f"{times[int(len(times) * 0.95)]:.0f}",
        f"≤ {required}" if required else "",
        f"{median / required:.2f}" if required else "",
    )


if __name__ == "__main__":
    main()
