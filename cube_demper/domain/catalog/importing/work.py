"""What a worker does for an import: reads it, makes its changes or takes them back.

Changes are made in one transaction whose last statement moves the import on: a process killed
anywhere leaves either all of them or none, and the next one does it over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog.importing import queries
from cube_demper.domain.catalog.importing.errors import ImportNotFound, Stale, Stopped
from cube_demper.domain.catalog.importing.reading import read_file
from cube_demper.domain.catalog.importing.schemas import FileKind, Job
from cube_demper.models.catalog import CostMethod
from cube_demper.models.imports import GoodsImport, GoodsImportStatus, ImportKind

Kinds = Mapping[ImportKind, FileKind]


async def run(db: Database, actor: Actor, import_id: UUID, kinds: Kinds, now: datetime) -> None:
    """Take an import one step on from where it stands; one that is cancelled or gone is left alone."""
    try:
        async with db.read() as tx:
            row = await queries.get_import(tx, actor, import_id)
        kind = kinds[ImportKind(row.kind)]
        job = Job(row.id, actor, CostMethod(row.cost_method), row.applied_at, now)
        if row.status == GoodsImportStatus.READING:
            await read_file(db, actor, import_id, kind, now=now)
        elif row.status == GoodsImportStatus.APPLYING:
            await _apply_or_read_again(db, row, job, kind)
        elif row.status == GoodsImportStatus.UNDOING:
            await _Change(db, job, kind, row.changed).undo()
    except (ImportNotFound, Stopped):
        return


async def _apply_or_read_again(db: Database, row: GoodsImport, job: Job, kind: FileKind) -> None:
    try:
        await _Change(db, job, kind, row.changed).apply()
    except Stale as stale:
        figures = {"note": stale.message, "done": 0}
        async with db.write() as tx:
            was, to = GoodsImportStatus.APPLYING, GoodsImportStatus.READING
            if not await queries.move(tx, job.id, was, to=to, **figures):
                raise Stopped from None
        await read_file(db, job.actor, job.id, kind, now=job.now)


@dataclass(frozen=True, slots=True)
class _Change:
    """One transaction over all rows of an import that change something."""

    db: Database
    job: Job
    kind: FileKind
    rows: int

    async def apply(self) -> None:
        """Do what the rows say."""
        async with self.db.write() as tx:
            await self.kind.lock(tx, self.job)
            done = 0
            async for rows in queries.changing_rows(tx, self.job.id):
                await self._progress(GoodsImportStatus.APPLYING, done)
                await self.kind.write(tx, self.job, rows)
                done += len(rows)
            if done != self.rows:  # a product is gone, and its rows with it
                raise Stale
            figures = {"applied_at": self.job.now, "done": done, "content": None}
            await self._end(tx, GoodsImportStatus.APPLYING, GoodsImportStatus.APPLIED, figures)
            await self._record(tx, "goods_imported", goods=done)

    async def undo(self) -> None:
        """Take them back where nobody has changed the goods since."""
        async with self.db.write() as tx:
            await self.kind.lock(tx, self.job)
            done = back = 0
            async for rows in queries.changing_rows(tx, self.job.id):
                await self._progress(GoodsImportStatus.UNDOING, done)
                back += await self.kind.take_back(tx, self.job, rows)
                done += len(rows)
            kept = self.rows - back
            figures = {"undone_at": self.job.now, "done": back, "kept": kept}
            await self._end(tx, GoodsImportStatus.UNDOING, GoodsImportStatus.UNDONE, figures)
            await self._record(tx, "goods_import_undone", goods=back, kept=kept)

    async def _progress(self, status: GoodsImportStatus, done: int) -> None:
        """Tell how far the open transaction is, in one of its own. Raises Stopped: it was cancelled."""
        async with self.db.write() as tx:
            if not await queries.move(tx, self.job.id, status, done=done):
                raise Stopped
            tx.emit(f"user:{self.job.actor.owner_id}", "import", self.job.id)

    async def _end(
        self,
        tx: WriteTx,
        was: GoodsImportStatus,
        to: GoodsImportStatus,
        figures: dict[str, object],
    ) -> None:
        if not await queries.move(tx, self.job.id, was, to=to, **figures):
            raise Stopped
        channel = f"user:{self.job.actor.owner_id}"
        tx.emit(channel, "import", self.job.id)
        tx.emit(channel, "product")

    async def _record(self, tx: WriteTx, action: str, **details: int) -> None:
        await audit.record(tx, self.job.actor, action, "goods_import", self.job.id, **details)
