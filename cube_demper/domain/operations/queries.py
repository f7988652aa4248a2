"""All SQL of heartbeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.operations.schemas import Heartbeat
from cube_demper.models.operations import WorkerHeartbeat


async def save(tx: WriteTx, beat: Heartbeat) -> None:
    """Write the sign of life of a process over its last one."""
    statement = insert(WorkerHeartbeat).values(**asdict(beat))
    fresh = {name: statement.excluded[name] for name in ("seen_at", "pass_at", "pass_facts")}
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["name", "instance_index", "process"],
            set_=fresh | {"instance_count": statement.excluded.instance_count},
        )
    )


async def list_since(tx: ReadTx, since: datetime) -> Sequence[WorkerHeartbeat]:
    """Return the processes seen since then."""
    rows = await tx.scalars(
        select(WorkerHeartbeat)
        .where(col(WorkerHeartbeat.seen_at) >= since)
        .order_by(col(WorkerHeartbeat.name), col(WorkerHeartbeat.instance_index))
    )
    return rows.all()


async def delete_before(tx: WriteTx, before: datetime) -> None:
    """Forget processes that have been silent since before then."""
    await tx.execute(delete(WorkerHeartbeat).where(col(WorkerHeartbeat.seen_at) < before))
