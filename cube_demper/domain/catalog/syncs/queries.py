"""SQL of sync runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.models.stores import KaspiStore
from cube_demper.models.syncing import CatalogSync, SyncState

_LIVE = (SyncState.QUEUED, SyncState.RUNNING)


async def owner_of(tx: ReadTx, actor: Actor, store_id: UUID) -> UUID | None:
    """Return who owns a store that the actor may see; None when there is no such store."""
    query = select(KaspiStore.user_id).where(col(KaspiStore.id) == store_id)
    if actor.role not in (Role.SYSTEM, Role.ADMIN, Role.SUPPORT):
        query = query.where(col(KaspiStore.user_id) == actor.owner_id)
    found: UUID | None = await tx.scalar(query)
    return found


async def latest(tx: ReadTx, store_ids: Sequence[UUID]) -> dict[UUID, SyncRun]:
    """Return the last run of each store that had one."""
    rows = await tx.scalars(
        select(CatalogSync)
        .distinct(col(CatalogSync.store_id))
        .where(col(CatalogSync.store_id).in_(store_ids))
        .order_by(col(CatalogSync.store_id), col(CatalogSync.created_at).desc())
        .execution_options(populate_existing=True)
    )
    return {row.store_id: read_run(row) for row in rows}


async def before(tx: ReadTx, run: SyncRun) -> SyncRun | None:
    """Return the store's run before this one."""
    row = await tx.scalar(
        select(CatalogSync)
        .where(
            col(CatalogSync.store_id) == run.store_id,
            col(CatalogSync.created_at) < run.created_at,
        )
        .order_by(col(CatalogSync.created_at).desc())
        .limit(1)
    )
    return read_run(row) if row else None


async def find(tx: ReadTx, run_id: UUID) -> SyncRun | None:
    """Return a run as it is now."""
    row = await tx.scalar(select(CatalogSync).where(col(CatalogSync.id) == run_id))
    return read_run(row) if row else None


async def lock(tx: WriteTx, run_id: UUID) -> SyncRun | None:
    """Lock a run against a second worker and against its cancellation; None when it is gone."""
    row = await tx.scalar(
        select(CatalogSync)
        .where(col(CatalogSync.id) == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return read_run(row) if row else None


async def add(tx: WriteTx, store_id: UUID, now: datetime) -> SyncRun | None:
    """Open a run; None when the store has a live one."""
    row = await tx.scalar(
        insert(CatalogSync)
        .values(store_id=store_id, created_at=now)
        .on_conflict_do_nothing(
            index_elements=["store_id"],
            index_where=text("state IN ('queued', 'running')"),
        )
        .returning(CatalogSync)
    )
    return read_run(row) if row else None


async def change(tx: WriteTx, run_id: UUID, **values: object) -> SyncRun:
    """Write columns of a run and return it."""
    row = await tx.scalar(
        update(CatalogSync)
        .where(col(CatalogSync.id) == run_id)
        .values(**values)
        .returning(CatalogSync)
        .execution_options(populate_existing=True)
    )
    assert row is not None  # noqa: S101 - locked in this transaction
    return read_run(row)


async def tried_since(tx: ReadTx, since: datetime) -> set[UUID]:
    """Return stores with a run that is live or was opened since then."""
    rows = await tx.scalars(
        select(CatalogSync.store_id).where(
            col(CatalogSync.state).in_(_LIVE) | (col(CatalogSync.created_at) >= since)
        )
    )
    return set(rows.all())


def read_run(row: CatalogSync) -> SyncRun:
    """Return a run without its table."""
    return SyncRun(
        id=row.id,
        store_id=row.store_id,
        state=SyncState(row.state),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        next_page=row.next_page,
        is_list_read=row.is_list_read,
        total=row.total,
        goods_read=row.goods_read,
        added=row.added,
        changed=row.changed,
        removed=row.removed,
        tries=row.tries,
        trouble=row.trouble,
        suspected=row.suspected,
    )
