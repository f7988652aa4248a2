"""Asking for a sync, watching it, stopping it. `walking` does the reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog.errors import StoreGone
from cube_demper.domain.catalog.syncs import queries, rules
from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.models.syncing import SyncState

TOPIC = "catalog.sync"
"""The outbox topic of a run that has pages to read; its payload names the run."""
_CANCELLED = "Вы остановили обновление."


async def ask(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> SyncRun:
    """Have a store's catalogue read: joins a live run, resumes a stopped one, else opens a new one.

    The store must have a cabinet session by then; without one the run ends with words about it.
    Raises StoreGone, for a store of somebody else too.
    """
    owner = await _owner(tx, actor, store_id)
    before = (await queries.latest(tx, [store_id])).get(store_id)
    run, is_new = await open_run(tx, store_id, now)
    if not is_new:
        return run
    await wake(tx, run, now)
    if actor is not SYSTEM:
        await audit.record(
            tx, actor, "catalog_sync_asked", "store", store_id, owner=owner,
            before={"sync": before.state} if before else None, after={"sync": run.state},
        )  # fmt: skip
    tx.emit(f"user:{owner}", "sync", store_id)
    return run


async def ask_quietly(tx: WriteTx, store_id: UUID, now: datetime) -> bool:
    """Ask on behalf of the product, at most once in `rules.QUIET`; tell whether a run was asked for."""
    last = (await queries.latest(tx, [store_id])).get(store_id)
    if last is not None and (last.is_live or now - last.created_at < rules.QUIET):
        return False
    await ask(tx, SYSTEM, store_id, now)
    return True


async def cancel(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> bool:
    """Stop a store's live run; what it read stays, nothing is taken off sale. False when none is live.

    Raises StoreGone.
    """
    owner = await _owner(tx, actor, store_id)
    last = (await queries.latest(tx, [store_id])).get(store_id)
    run = await queries.lock(tx, last.id) if last else None
    if run is None or not run.is_live:
        return False
    await queries.change(tx, run.id, state=SyncState.CANCELLED, finished_at=now, trouble=_CANCELLED)
    await audit.record(tx, actor, "catalog_sync_cancelled", "store", store_id)
    tx.emit(f"user:{owner}", "sync", store_id)
    return True


async def last_runs(tx: ReadTx, actor: Actor, store_ids: Sequence[UUID]) -> dict[UUID, SyncRun]:
    """Return the last run of each of these stores that had one. Raises StoreGone."""
    for store_id in store_ids:
        await _owner(tx, actor, store_id)
    return await queries.latest(tx, store_ids)


async def find(tx: ReadTx, run_id: UUID) -> SyncRun | None:
    """Return a run as it is now, for workers."""
    return await queries.find(tx, run_id)


async def tried_since(tx: ReadTx, since: datetime) -> set[UUID]:
    """Return stores whose run is live or was opened since then: nobody need ask for one."""
    return await queries.tried_since(tx, since)


async def wake(tx: WriteTx, run: SyncRun, now: datetime) -> None:
    """Have a worker take the run from where it stands; the same place is never queued twice."""
    key = f"{run.id}:{run.next_page}:{run.is_list_read}:{now.isoformat()}"
    await outbox.enqueue(tx, TOPIC, key, {"run_id": str(run.id)}, now)


async def open_run(tx: WriteTx, store_id: UUID, now: datetime) -> tuple[SyncRun, bool]:
    """Return the store's live run, else one resumed or opened (True), which nobody was told of yet."""
    last = (await queries.latest(tx, [store_id])).get(store_id)
    if last is not None and last.is_live:
        return last, False
    if last is not None and rules.can_resume(last, now):
        again = {"state": SyncState.QUEUED, "finished_at": None, "tries": 0, "trouble": ""}
        return await queries.change(tx, last.id, **again), True
    added = await queries.add(tx, store_id, now)
    if added is not None:
        return added, True
    return (await queries.latest(tx, [store_id]))[store_id], False  # opened by another meanwhile


async def _owner(tx: ReadTx, actor: Actor, store_id: UUID) -> UUID:
    owner = await queries.owner_of(tx, actor, store_id)
    if owner is None:
        raise StoreGone
    return owner
