"""A process that drains the outbox until it is killed; it is born in the nursery.

Its one topic writes a line into the audit log, in the transaction that marks the message.
"""

from __future__ import annotations

import asyncio
from typing import Any

from cube_demper.bootstrap import build_services
from cube_demper.core.settings import Settings
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.audit import service as audit
from workers.lanes import Inside, Lane
from workers.outbox import Drain

TOPIC = "test.line"


async def write_line(tx: WriteTx, payload: dict[str, Any]) -> None:
    """Leave a line, slowly enough to be caught between the line and the mark."""
    await audit.record(tx, SYSTEM, "line", "outbox", payload["number"])
    await asyncio.sleep(0.005)


def run(addresses: list[str]) -> None:
    """Drain for ever."""
    asyncio.run(_drain(*addresses))


async def _drain(database_url: str, redis_url: str) -> None:
    settings = Settings(DATABASE_URL=database_url, REDIS_URL=redis_url)
    services = build_services(settings, name="outbox-child")
    drain = Drain(services, Lane("test", {TOPIC: Inside(write_line)}, width=3), asyncio.Event())
    while True:
        await drain.run()
        await asyncio.sleep(0.05)
