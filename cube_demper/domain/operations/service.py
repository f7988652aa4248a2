"""Heartbeats: workers leave them, the status strip and `cube doctor` read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.operations import queries
from cube_demper.domain.operations.schemas import Heartbeat

ALIVE_WITHIN = timedelta(seconds=15)
_KEPT = timedelta(days=1)


async def beat(tx: WriteTx, heartbeat: Heartbeat) -> None:
    """Leave a sign of life; processes silent for a day are forgotten."""
    await queries.save(tx, heartbeat)
    await queries.delete_before(tx, heartbeat.seen_at - _KEPT)


async def alive(tx: ReadTx, now: datetime, *, within: timedelta = ALIVE_WITHIN) -> list[Heartbeat]:
    """Return the worker processes seen lately."""
    return [
        Heartbeat(
            name=row.name,
            instance_index=row.instance_index,
            instance_count=row.instance_count,
            process=row.process,
            started_at=row.started_at,
            seen_at=row.seen_at,
            pass_at=row.pass_at,
            pass_facts=row.pass_facts,
        )
        for row in await queries.list_since(tx, now - within)
    ]
