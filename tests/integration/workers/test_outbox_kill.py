"""kill -9 in the middle of draining: work in our database happens exactly once, letters at least once."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from outbox_child import TOPIC
from sqlalchemy import func, select
from worker_process import ROOT, Forked, Nursery, worker_process

from cube_demper.db import outbox
from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Role
from cube_demper.embedded.ports import free_ports
from cube_demper.models.operations import AuditEntry, OutboxMessage, WorkerHeartbeat

pytestmark = pytest.mark.slow


Child = Forked | asyncio.subprocess.Process


async def until(met: Callable[[], Awaitable[bool]], child: Child) -> None:
    """Wait for something that the child does; a dead child never will."""
    while not await met():
        assert child.returncode is None, f"the child ended with {child.returncode}"
        await asyncio.sleep(0.02)


async def count(db: Database, statement: Any) -> int:
    async with db.read() as tx:
        return int(await tx.scalar(statement) or 0)


async def test_inside_work_happens_exactly_once(
    db: Database, nursery: Nursery, database_url: str, redis_url: str
) -> None:
    drain = {"call": "outbox_child:run", "arguments": [database_url, redis_url], "env": {}}
    total, chance = 150, random.Random(20261122)
    now = datetime.now(UTC)
    async with db.write() as tx:
        for number in range(total):
            await outbox.enqueue(tx, TOPIC, number, {"number": number}, now)
    lines = select(func.count()).select_from(AuditEntry)
    for goal in sorted(chance.sample(range(20, total - 20), 3)):
        async with nursery.process(drain) as child:

            async def is_far_enough(goal: int = goal) -> bool:
                return await count(db, lines) >= goal

            await until(is_far_enough, child)
            child.send_signal(signal.SIGKILL)
    async with nursery.process(drain) as child:

        async def is_done() -> bool:
            left = select(func.count()).where(OutboxMessage.done_at.is_(None))
            return await count(db, left) == 0

        await until(is_done, child)
    async with db.read() as tx:
        written = Counter((await tx.scalars(select(AuditEntry.entity_id))).all())
    assert written == Counter({str(number): 1 for number in range(total)})


class Mailbox:
    """A mail server that is slow to say «accepted», so that a kill can come in between."""

    def __init__(self) -> None:
        self.subjects: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        (to,) = envelope.rcpt_tos
        self.subjects[to] += 1
        await asyncio.sleep(0.15)
        return "250 OK"


async def test_letters_are_never_lost_and_doubled_only_where_the_kill_fell(
    db: Database, nursery: Nursery, database_url: str, redis_url: str
) -> None:
    total, kills, width = 12, 2, 2
    box, (port,) = Mailbox(), free_ports(1)
    clock = f"{datetime.now(UTC).isoformat()}@30"
    people = [f"a{number}@example.kz" for number in range(total)]
    await _ask_for_letters(db, people)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    environment = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "CUBE_CLOCK": clock,
    }
    try:
        for goal in (3, 7):
            async with nursery.worker("outbox", environment) as child:

                async def has_come(goal: int = goal) -> bool:
                    return len(box.subjects) >= goal

                await until(has_come, child)
                child.send_signal(signal.SIGKILL)
        async with worker_process("outbox", environment) as child:

            async def is_done() -> bool:
                left = select(func.count()).where(OutboxMessage.done_at.is_(None))
                return await count(db, left) == 0

            await until(is_done, child)
            child.send_signal(signal.SIGTERM)
            assert await child.wait() == 0
    finally:
        server.stop()
    assert set(box.subjects) == set(people)
    assert box.subjects.total() <= total + kills * width
    assert await count(db, select(func.count()).select_from(WorkerHeartbeat)) == 3


async def _ask_for_letters(db: Database, people: list[str]) -> None:
    now = datetime.now(UTC)
    async with db.write() as tx:
        for email in people:
            user_id = await accounts.create_user(
                tx, SYSTEM, email=email, password="три слова подряд", role=Role.USER, now=now
            )
            payload = {"user_id": str(user_id), "asked_at": now.isoformat()}
            await outbox.enqueue(tx, "mail.reset_password", email, payload, now)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["nothing"], r"Есть: .*outbox"), (["outbox"], r"DATABASE_URL|запустите make up")],
)
async def test_a_wrong_name_or_setting_is_one_line_and_exit_2(
    arguments: list[str], says: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "CUBE_DATA_DIR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers",
        *arguments,
        cwd=ROOT,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await child.communicate()
    assert child.returncode == 2
    assert len(said.decode().strip().splitlines()) == 1
    assert re.search(says, said.decode())
