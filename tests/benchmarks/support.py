"""From the seller's window to support's page and back, with 200 windows open in one process.

There: from the moment the message is posted to its being read by the support page's own reading (its hub and
its queries; not its socket, which `events` measures for any page). Back: from the moment the answer is being
written to its row in the seller's window, which hears of it over its stream and asks for what is new. The
windows are served by the seller's app as in production, but for its pages. Then a chat of 10,000 is opened.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import aiohttp
import uvloop
from sqlalchemy import text

from cube_demper.bootstrap import Services as Wired
from cube_demper.bootstrap import build_services
from cube_demper.core.ids import new_id
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import CHANNEL, Draft
from cube_demper.embedded import Services
from cube_demper.ui.live import Hub
from cube_demper.up.apps import find_app
from cube_demper.up.build import serve_program
from cube_demper.up.child import Child
from tests.benchmarks import _crowd
from tests.benchmarks._seller_app import open_sessions
from tests.benchmarks._stage import print_table, servers

WINDOWS, ROUNDS, LONG = 200, 60, 10_000
_GIVEN_UP = 10.0
_PORT = 5340
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


class Page:
    """Support's page of one chat, as `ChatState` is: an event, then the chat's head and what is new."""

    def __init__(self, wired: Wired, support: Actor, chat: UUID) -> None:
        self._wired, self._support, self._chat, self._last = wired, support, chat, 0
        self._hub = Hub(wired.redis)
        self.seen: dict[str, float] = {}
        self._task = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Go away."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._hub.close()

    async def _follow(self) -> None:
        async with aclosing(self._hub.listen([CHANNEL], is_late=True)) as batches:
            async for _ in batches:
                async with self._wired.db.read() as tx:
                    now = self._wired.clock.now()
                    await reading.chat(tx, self._support, self._chat, now)
                    page = await reading.messages(tx, self._support, self._chat, after=self._last)
                for row in page.rows:
                    self.seen.setdefault(row.text, time.perf_counter())
                    self._last = row.number


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
    chat = await _begin(wired, people[0])
    async with _shop(running, folder) as shop, _all_let_in(wired):
        empty = _memory(shop)
        windows = []
        for cookie in cookies:
            windows.append(Window(shop, cookie))
            await windows[-1].is_open.wait()
        each = (_memory(shop) - empty) / len(windows)
        page = Page(wired, support, chat)
        sys.stdout.write(
            f"{len(windows)} windows open in one process, {each / 1024:.0f} KB each; "
            f"load of this machine {os.getloadavg()[0]:.1f}\n"
        )
        there, back = await _talk(wired, support, chat, windows[0], page)
        whole = [a + b for a, b in zip(there, back, strict=True)]
        print_table(
            ("", "messages", "median ms", "95 % ms", "required", "ratio"),
            [
                _row("seller's window → support's page", there),
                _row("support's answer → seller's window", back),
                _row("there and back", whole, _REQUIRED),
            ],
        )
        for it in windows:
            await it.close()
        await page.close()
    await _open_long(wired, support, people[1])
    await wired.close()


async def _talk(
    wired: Wired, support: Actor, chat: UUID, window: Window, page: Page
) -> tuple[list[float], list[float]]:
    there, back = [], []
    for number in range(ROUNDS):
        words, answer = f"question-{number:04}", f"answer-{number:04}"
        began = time.perf_counter()
        await window.post(words)
        there.append(await _until(page.seen, words) - began)
        began = time.perf_counter()
        async with wired.db.write() as tx:
            draft = Draft(answer, new_id().hex)
            await service.write(tx, support, chat, draft, wired.clock.now())
        back.append(await _until(window.seen, answer) - began)
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


async def _until(seen: Mapping[str, float], words: str) -> float:
    ends = time.perf_counter() + _GIVEN_UP
    while words not in seen:
        if time.perf_counter() > ends:
            raise TimeoutError(words)
        await asyncio.sleep(0.001)
    return seen[words]


@asynccontextmanager
async def _shop(running: Services, folder: Path) -> AsyncIterator[str]:
    """Serve the seller's app without its pages: nothing is built."""
    url = f"http://localhost:{_PORT}"
    environment = {
        **os.environ,
        "DATABASE_URL": running.database_url,
        "REDIS_URL": running.redis_url,
        "CUBE_PORT_BASE": str(_PORT),
        "PUBLIC_URL": url,
        "REFLEX_WEB_WORKDIR": ".web/bench",
        "REFLEX_STATES_WORKDIR": ".states/bench",
    }
    program = serve_program(find_app(CubeApp.SELLER), environment, host="127.0.0.1", port=_PORT)
    pages = "__REFLEX_MOUNT_FRONTEND_COMPILED_APP"
    without = {name: value for name, value in program.environment.items() if name != pages}
    served = Child(replace(program, environment=without), folder)
    await served.start()
    try:
        await served.wait_until_ready(180)
        yield url
    finally:
        await served.stop(hurry=asyncio.Event())


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
