"""kill -9 while webhooks are taken: what was answered is kept, what was not comes again, nothing is twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import orjson
from sqlalchemy import select, text
from sqlmodel import col
from waha_scene import HMAC_KEY

from cube_demper.api.waha import PATH
from cube_demper.db.session import Database
from cube_demper.domain.messaging.hearing.work import TOPIC
from cube_demper.embedded.ports import free_ports
from cube_demper.models.operations import OutboxMessage
from cube_demper.sandbox.waha.webhooks import sign

_SCRIPT = Path(__file__).parents[2] / "webhook_process.py"
_EVENTS, _KILLS, _RETRY = 40, 3, 0.1


@asynccontextmanager
async def _server(
    database_url: str, redis_url: str, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "WAHA_URL": "http://127.0.0.1:9"}
    given |= {"WAHA_PASSWORD": "p", "WAHA_HMAC_KEY": HMAC_KEY}
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(_SCRIPT), str(port),
        env=os.environ | given, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
        yield child
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGKILL)
        await child.wait()


async def _deliver(http: httpx.AsyncClient, url: str, number: int) -> None:
    """Post one event as WAHA does: the same body and signature again until it is taken."""
    event = {"id": f"evt_{number}", "event": "message.any", "session": "x", "payload": {}}
    body = orjson.dumps(event)
    while True:
        try:
            answer = await http.post(
                url, content=body, headers={"X-Webhook-Hmac": sign(HMAC_KEY, body)}
            )
        except httpx.TransportError:
            await asyncio.sleep(_RETRY)
            continue
        assert answer.status_code == 200
        return


async def _kept(db: Database) -> list[str]:
    async with db.read() as tx:
        query = select(col(OutboxMessage.key)).where(col(OutboxMessage.topic) == TOPIC)
        return sorted((await tx.scalars(query)).all())


async def test_killed_at_random_moments(db: Database, database_url: str, redis_url: str) -> None:
    (port,) = free_ports(1)
    url, chance = f"http://127.0.0.1:{port}{PATH}", random.Random(6)
    answered: list[str] = []

    async def deliver(http: httpx.AsyncClient, number: int) -> None:
        await asyncio.sleep(number * 0.05)
        await _deliver(http, url, number)
        assert f"evt_{number}" in await _kept(db)
        answered.append(f"evt_{number}")

    async with httpx.AsyncClient(timeout=10) as http:
        events = [asyncio.create_task(deliver(http, number)) for number in range(_EVENTS)]
        for _ in range(_KILLS):
            async with _server(database_url, redis_url, port):
                before = len(answered)
                while len(answered) < min(before + 4, _EVENTS):  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.01)
                await asyncio.sleep(chance.uniform(0, 0.05))
        async with _server(database_url, redis_url, port):
            await asyncio.gather(*events)
    assert await _kept(db) == sorted(f"evt_{number}" for number in range(_EVENTS))


async def test_killed_before_its_commit_it_has_answered_nothing(
    db: Database, database_url: str, redis_url: str
) -> None:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}{PATH}"
    async with httpx.AsyncClient(timeout=10) as http:
        async with _server(database_url, redis_url, port) as child, db.write() as tx:
            await tx.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
            event = asyncio.create_task(_deliver(http, url, 1))
            while not await tx.scalar(  # noqa: ASYNC110 - another process
                text(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'outbox'::regclass"
                )
            ):
                await asyncio.sleep(0.01)
            assert not event.done()
            child.send_signal(signal.SIGKILL)
            await child.wait()
        await asyncio.sleep(_RETRY)
        assert (event.done(), await _kept(db)) == (False, [])
        async with _server(database_url, redis_url, port):
            await event
    assert await _kept(db) == ["evt_1"]
