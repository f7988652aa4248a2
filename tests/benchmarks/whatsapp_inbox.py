"""A seller's WhatsApp of 10,000 talks and 60,000 messages: its list, searches, a talk, a message that comes.

Queries as the page asks them, and what a person sees in Chromium: the page opened, a talk opened by a click,
a search typed, a message just come standing at the top. Required of what is painted: 500 ms each time.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop
from playwright.async_api import Page
from sqlalchemy import insert, text

from cube_demper.bootstrap import Services as Wired
from cube_demper.bootstrap import build_services
from cube_demper.core.ids import new_id
from cube_demper.core.settings import Settings
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging.contacts import name_hashes
from cube_demper.domain.messaging.hearing import service as hearing
from cube_demper.domain.messaging.hearing.schemas import MessageHeard
from cube_demper.domain.messaging.inbox import threads
from cube_demper.domain.messaging.inbox.schemas import ThreadQuery
from cube_demper.embedded import Services
from cube_demper.models.messages import WhatsAppMessage
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession
from tests.benchmarks import _crowd
from tests.benchmarks._chromium import CLICK, chromium, open_page
from tests.benchmarks._seller_app import open_sessions, seller_app
from tests.benchmarks._stage import milliseconds, print_table, servers

TALKS, SAID, TIMES = 10_000, 6, 8
_REQUIRED = 500
_FAMILIES = ("Иванова", "Серикова", "Ким", "Ахметова", "Ли", "Оспанова", "Петрова", "Нурланова")
# Milliseconds until a frame with these words is drawn.
_STANDS = """
async ([place, words]) => {
  while (![...document.querySelectorAll(place)].some((it) => it.innerText.includes(words)))
    await new Promise(requestAnimationFrame);
  return Date.now();
}
"""


def main() -> None:
    """Run and print."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with servers() as running:
        _crowd.fill(running, products=10, due=0, stores=1)
        settings = Settings(DATABASE_URL=running.database_url, REDIS_URL=running.redis_url)
        wired = build_services(settings, name="bench")
        uvloop.run(_measure(running, wired, folder))
    shutil.rmtree(folder)


async def _measure(running: Services, wired: Wired, folder: Path) -> None:
    async with wired.db.read() as tx:
        user_id = (await tx.scalars(text("SELECT id FROM users"))).one()
    session, ids = await _fill(wired, user_id)
    head = ("", "times", "median ms", "95 % ms", "required", "ratio")
    print_table(head, await _ask(wired, Actor(Role.USER, user_id), ids))
    (cookie,) = await open_sessions(wired.db, [user_id])
    async with seller_app(running, folder) as shop, chromium() as browser:
        page, _ = await open_page(browser, f"{shop}/messages", "seller", cookie)
        await page.locator(".k-talk-row").first.wait_for(timeout=60_000)
        print_table(head, await _see(wired, page, f"{shop}/messages", session))
    sys.stdout.write(f"load of this machine {os.getloadavg()[0]:.1f}\n")
    await wired.close()


async def _fill(wired: Wired, user_id: UUID) -> tuple[WhatsAppSession, list[UUID]]:
    secrets, now, ids = wired.secrets, wired.clock.now(), [new_id() for _ in range(TALKS)]
    session = WhatsAppSession(
        user_id=user_id, name="bench", phone=secrets.encrypt("+77010000000"),
        phone_hash=secrets.fingerprint("+77010000000"), status="WORKING",
    )  # fmt: skip
    people, said = [], []
    for number, contact_id in enumerate(ids):
        phone, name = f"+7702{number:07}", f"{_FAMILIES[number % 8]} Айгуль{number}"
        at = now - timedelta(minutes=number)
        people.append(
            {
                "id": contact_id, "user_id": user_id, "phone": secrets.encrypt(phone),
                "phone_hash": secrets.fingerprint(phone), "name": secrets.encrypt(name),
                "name_hashes": name_hashes(name, secrets), "talked_at": at,
            }
        )  # fmt: skip
        said += [
            {
                "id": new_id(), "user_id": user_id, "session_id": session.id, "contact_id": contact_id,
                "is_outgoing": turn % 2 == 1, "body": secrets.encrypt(f"Когда привезут заказ {number}?"),
                "short_id": f"S{number}-{turn}", "status": "delivered",
                "happened_at": at - timedelta(hours=turn), "read_at": None if number % 9 == 0 else at,
            }
            for turn in range(SAID)
        ]  # fmt: skip
    async with wired.db.write() as tx:
        tx.add(session)
        await tx.flush()
        await tx.execute(insert(WhatsAppContact), people)
        await tx.execute(insert(WhatsAppMessage), said)
    async with wired.db.write() as tx:
        await tx.execute(text("ANALYZE"))
    return session, ids


async def _ask(wired: Wired, seller: Actor, ids: list[UUID]) -> list[tuple[str, ...]]:
    secrets, now = wired.secrets, wired.clock.now()

    def listed(**asked: Any) -> Callable[[Any], Awaitable[Any]]:
        return lambda tx: threads.list_threads(tx, seller, ThreadQuery(**asked), secrets=secrets)

    deep = (now - timedelta(minutes=TALKS * 0.9), new_id())
    questions = {
        "its list": listed(limit=30),
        "its last page": listed(limit=30, after=deep),
        "300 of it, as after long scrolling": listed(limit=300),
        "unread": listed(limit=30, is_unread=True),
        "a search by a name of 1,250": listed(limit=30, search="Серикова"),
        "a search by a name of one": listed(limit=30, search="Айгуль9000"),
        "a search by a phone": listed(limit=30, search="+7 702 000 90 00"),
        "a search that finds nobody": listed(limit=30, search="Никто"),
        "a talk": lambda tx: threads.get_thread(tx, seller, ids[5000], now, secrets=secrets),
    }
    rows = []
    for name, ask in questions.items():
        took = []
        for _ in range(TIMES + 1):
            async with wired.db.read() as tx:
                began = time.perf_counter()
                await ask(tx)
                took.append(time.perf_counter() - began)
        rows.append(milliseconds(f"asked: {name}", took[1:]))
    return rows


async def _see(
    wired: Wired, page: Page, url: str, session: WhatsAppSession
) -> list[tuple[str, ...]]:
    opened, clicked, found, came = [], [], [], []
    search = page.get_by_role("searchbox", name="Имя, телефон или номер заказа")
    for number in range(TIMES):
        began = time.time()
        await page.goto(url, wait_until="commit")
        await page.locator(".k-talk-row", has_text="заказ 1?").wait_for()
        opened.append(time.time() - began)
        await asyncio.sleep(1)
        words = f"заказ {number + 3}?"
        clicked.append(
            await page.evaluate(CLICK, [".k-talk-row", words, ".k-said-line", words]) / 1e3
        )
        await asyncio.sleep(1)
        wanted = f"Айгуль{9000 + number}"
        await search.fill(wanted)
        began = time.time()
        found.append(await page.evaluate(_STANDS, [".k-talk-row", wanted]) / 1e3 - began)
        await search.fill("")
        await page.locator(".k-talk-row", has_text="заказ 1?").wait_for()
        await asyncio.sleep(1)
        came.append(await _comes(wired, page, session, number))
    return [
        milliseconds("seen: the page by its address", opened),
        milliseconds("seen: a talk after a click", clicked, _REQUIRED),
        milliseconds("seen: who is searched for, from the last letter on", found, _REQUIRED),
        milliseconds("seen: a message, from its commit on", came, _REQUIRED),
    ]


async def _comes(wired: Wired, page: Page, session: WhatsAppSession, number: int) -> float:
    """Have a buyer of long ago write; return the seconds until the words stand in the list."""
    words, person = f"Новое {number}", TALKS - 100 - number
    heard = MessageHeard(
        session=session.name, chat_id=f"7702{person:07}@c.us", short_id=f"N{number}", text=words,
        at=wired.clock.now(), phone=f"7702{person:07}",
    )  # fmt: skip
    standing = asyncio.create_task(page.evaluate(_STANDS, [".k-talk-row", words]))
    await asyncio.sleep(0.2)
    async with wired.db.write() as tx:
        await hearing.take_message(tx, session, heard, wired.secrets, wired.clock.now())
    committed = time.time()
    stood: float = await standing
    return stood / 1e3 - committed


if __name__ == "__main__":
    main()
