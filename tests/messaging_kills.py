"""kill -9 of the messaging worker, again and again, while ten numbers write through the sandbox's WAHA.

What it counts afterwards: messages that arrived twice, and messages that arrived and are not known as sent.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from records import add_user
from sqlalchemy import func, select
from sqlmodel import col
from worker_process import Nursery

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.settings import Settings
from cube_demper.domain.messaging import contacts, scheduling
from cube_demper.domain.messaging.gate_schemas import MessageKind
from cube_demper.domain.messaging.scheduling import Draft
from cube_demper.models.accounts import User
from cube_demper.models.broadcasts import Broadcast, BroadcastStatus
from cube_demper.models.messages import QueueStatus, ScheduledMessage, WhatsAppDay
from cube_demper.models.messaging import WhatsAppSession, WhatsAppSettings
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.host import KEY
from cube_demper.sandbox.waha.world import Phone, Session

SPEED = 60
"""A pause of 30-60 s is a second here; a lease of two minutes two."""
_NUMBERS = 10
Fill = Callable[[Services, User, list[UUID], int], Awaitable[None]]
_PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it. `arrived`: at the buyers'; `unknown`: never arrived, nobody can tell, shown so."""

    kills: int
    arrived: int
    sent: int
    unknown: int
    twice: int
    untracked: int
    not_over: int


async def kill_again_and_again(
    nursery: Nursery,
    database_url: str,
    redis_url: str,
    *,
    kills: int,
    seed: int,
    messages: int,
    fill: Fill | None = None,
) -> Tally:
    """Let `kills` workers die at random moments and the next one live to the end.

    `fill` gives the linked numbers something to say; without it the queue is filled at once.
    """
    chance = random.Random(seed)
    now = datetime.now(UTC)
    settings = Settings(
        DATABASE_URL=database_url, REDIS_URL=redis_url, CUBE_CLOCK=f"{now.isoformat()}@{SPEED}"
    )
    services = build_services(settings, name="kills")
    try:
        async with Sandbox.start(clock=services.clock) as sandbox:
            user, session_ids = await _link(services, sandbox)
            await (fill or _queue)(services, user, session_ids, messages)
            environment = {
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "CUBE_CLOCK": str(settings.clock),
                "WAHA_URL": sandbox.waha_url,
                "WAHA_PASSWORD": KEY,
                "WAHA_HMAC_KEY": "unused",
            }
            killed = 0
            while killed < kills and _arrived(sandbox).total() < messages:
                await _run_and_kill(nursery, sandbox, environment, chance)
                killed += 1
            async with nursery.worker("messaging", environment):
                await _wait_until_over(services)
            return await _count(services, sandbox, killed)
    finally:
        await services.close()


async def _run_and_kill(
    nursery: Nursery, sandbox: Sandbox, environment: dict[str, str], chance: random.Random
) -> None:
    """Kill a worker a moment after it has begun to send: anywhere between two commits."""
    before = _arrived(sandbox).total()
    async with nursery.worker("messaging", environment) as child:
        end = time.monotonic() + _PATIENCE
        while _arrived(sandbox).total() == before:
            assert child.returncode is None
            assert time.monotonic() < end, "the worker sends nothing"
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.uniform(0, 0.5))
        child.send_signal(signal.SIGKILL)
        await child.wait()


async def _wait_until_over(services: Services) -> None:
    end = time.monotonic() + _PATIENCE * 3
    while await _open(services):
        assert time.monotonic() < end, "messages do not come to an end"
        await asyncio.sleep(0.1)


async def _open(services: Services) -> int:
    async with services.db.read() as tx:
        messages = await tx.scalar(
            select(func.count())
            .select_from(ScheduledMessage)
            .where(col(ScheduledMessage.done_at).is_(None))
        )
        broadcasts = await tx.scalar(
            select(func.count())
            .select_from(Broadcast)
            .where(col(Broadcast.status) == BroadcastStatus.RUNNING)
        )
    return int(messages or 0) + int(broadcasts or 0)


async def _count(services: Services, sandbox: Sandbox, killed: int) -> Tally:
    arrived = _arrived(sandbox)
    async with services.db.read() as tx:
        rows = (await tx.scalars(select(ScheduledMessage))).all()
        counted = await tx.scalar(select(func.sum(col(WhatsAppDay.sent))))
    texts = {services.secrets.decrypt(row.body or ""): row for row in rows}
    left = [row for row in rows if row.message_id is not None]
    assert int(counted or 0) == len(left), "the days' budgets are what left"
    return Tally(
        kills=killed,
        arrived=len(arrived),
        sent=sum(row.status == QueueStatus.SENT for row in rows),
        unknown=sum(row.status == QueueStatus.UNKNOWN for row in rows),
        twice=sum(number > 1 for number in arrived.values()),
        untracked=sum(texts[text].status != QueueStatus.SENT for text in arrived),
        not_over=sum(row.done_at is None for row in rows),
    )


def _arrived(sandbox: Sandbox) -> Counter[str]:
    return Counter(
        message.text for session in sandbox.waha.sessions.values() for message in session.messages
    )


async def _link(services: Services, sandbox: Sandbox) -> tuple[User, list[UUID]]:
    """Make a seller whose ten numbers work."""
    now = services.clock.now()
    night = now + timedelta(hours=20)  # of the fast clock: 20 minutes of ours
    quiet = {"quiet_start": night.time(), "quiet_end": (night + timedelta(minutes=1)).time()}
    secrets, ids = services.secrets, []
    async with services.db.write() as tx:
        user = await add_user(tx, now=now)
        tx.add(WhatsAppSettings(user_id=user.id, consented_at=now))
        for number in range(_NUMBERS):
            phone = f"7701100{number:04}"
            sandbox.waha.phones[phone] = Phone(phone, f"Магазин {number}")
            name = f"kill_{number}"
            sandbox.waha.sessions[name] = Session(name, {}, status="WORKING", phone=phone)
            session = WhatsAppSession(
                user_id=user.id,
                name=name,
                status="WORKING",
                phone=secrets.encrypt(f"+{phone}"),
                phone_hash=secrets.fingerprint(f"+{phone}"),
                linked_at=now,
                is_warm=True,
                **quiet,
            )
            tx.add(session)
            ids.append(session.id)
    return user, ids


async def _queue(services: Services, user: User, session_ids: list[UUID], messages: int) -> None:
    """Queue the messages, each to a person of its own."""
    secrets, now = services.secrets, services.clock.now()
    async with services.db.write() as tx:
        for number in range(messages):
            phone = f"+7705{number + 1:06}7"
            contact = await contacts.contact_of(tx, user.id, phone, None, secrets=secrets)
            draft = Draft(
                user_id=user.id,
                session_id=session_ids[number % len(session_ids)],
                contact_id=contact,
                kind=MessageKind.BROADCAST,
                key=f"kill:{number}",
                body=f"Сообщение {number}",
                scheduled_at=now,
            )
            await scheduling.schedule(tx, draft, secrets=secrets)
