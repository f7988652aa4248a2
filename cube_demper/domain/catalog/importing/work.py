"""What a worker does for an import: reads it, makes its changes or takes them back.

Changes are made in one transaction whose last statement moves the import on: a process killed
anywhere leaves either all of them or none, and the next one does it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog.importing import queries
from cube_demper.domain.catalog.importing.errors import ImportNotFound, Stopped
from cube_demper.domain.catalog.importing.reading import read_file
from cube_demper.domain.catalog.importing.rules import fits, is_as
from cube_demper.domain.catalog.importing.schemas import Parse
from cube_demper.domain.catalog.journal import announce, begin_anew
from cube_demper.domain.catalog.queries import lock_own
from cube_demper.domain.catalog.switching import free_slots, lock_switches, start, stop
from cube_demper.domain.catalog.undo import write_columns
from cube_demper.models import GoodsImportRow, GoodsImportStatus, Product

_BATCH = 1_000
_CHANGED_MEANWHILE = "Пока вы смотрели, часть товаров изменилась. Проверьте ещё раз."
_Rows = Sequence[GoodsImportRow]


class _Stale(Exception):
    """Goods are not as they were when the file was read."""


async def run(db: Database, actor: Actor, import_id: UUID, parse: Parse, now: datetime) -> None:
    """Take an import one step on from where it stands; one that is cancelled or gone is left alone."""
    try:
        async with db.read() as tx:
            status = (await queries.get_import(tx, actor, import_id)).status
        if status == GoodsImportStatus.READING:
            await read_file(db, actor, import_id, parse, now=now)
        elif status == GoodsImportStatus.APPLYING:
            await _apply_or_read_again(db, actor, import_id, parse, now)
        elif status == GoodsImportStatus.UNDOING:
            await _undo(db, actor, import_id, now)
    except (ImportNotFound, Stopped):
        return


async def _apply_or_read_again(
    db: Database, actor: Actor, import_id: UUID, parse: Parse, now: datetime
) -> None:
    try:
        await _apply(db, actor, import_id, now)
    except _Stale:
        figures = {"note": _CHANGED_MEANWHILE, "done": 0}
        async with db.write() as tx:
            was, to = GoodsImportStatus.APPLYING, GoodsImportStatus.READING
            if not await queries.move(tx, import_id, was, to=to, **figures):
                raise Stopped from None
        await read_file(db, actor, import_id, parse, now=now)


async def _apply(db: Database, actor: Actor, import_id: UUID, now: datetime) -> None:
    async with db.write() as tx:
        await lock_switches(tx, actor)
        rows = await queries.changing_rows(tx, import_id)
        own = await lock_own(tx, actor, [row.product_id for row in rows if row.product_id])
        await _check_fresh(tx, actor, rows, own, now)
        for at in range(0, len(rows), _BATCH):
            await _progress(db, actor, import_id, GoodsImportStatus.APPLYING, at)
            await _write(tx, actor, rows[at : at + _BATCH], now)
        figures = {"applied_at": now, "done": len(rows), "content": None}
        await _move_on(
            tx, import_id, GoodsImportStatus.APPLYING, GoodsImportStatus.APPLIED, figures
        )
        await audit.record(tx, actor, "goods_imported", "goods_import", import_id, goods=len(rows))
        _tell(tx, actor, import_id, rows)


async def _check_fresh(
    tx: WriteTx, actor: Actor, rows: _Rows, own: dict[UUID, Product], now: datetime
) -> None:
    for row in rows:
        product = own.get(row.product_id) if row.product_id else None
        if product is None or not is_as(product, row.old) or not fits(product, row.new):
            raise _Stale
    new_bots = sum(row.new.get("bot_active") is True for row in rows)
    if new_bots and new_bots > await free_slots(tx, actor, now):
        raise _Stale


async def _write(tx: WriteTx, actor: Actor, rows: _Rows, now: datetime) -> None:
    """Write new values: bots that go off first, those that go on last, so that each has its bounds."""
    switched = {row.product_id: row.new.get("bot_active") for row in rows if row.product_id}
    off = [key for key, is_on in switched.items() if is_on is False]
    on = [key for key, is_on in switched.items() if is_on is True]
    await stop(tx, actor, off, now)
    plain = [
        (row.product_id, {name: value for name, value in row.new.items() if name != "bot_active"})
        for row in rows
        if row.product_id
    ]
    await write_columns(tx, [(key, columns) for key, columns in plain if columns])
    await start(tx, on, now)
    await begin_anew(tx, actor, [key for key, _ in plain], now)


async def _undo(db: Database, actor: Actor, import_id: UUID, now: datetime) -> None:
    async with db.write() as tx:
        await lock_switches(tx, actor)
        rows = await queries.changing_rows(tx, import_id)
        own = await lock_own(tx, actor, [row.product_id for row in rows if row.product_id])
        back = _untouched(rows, own, await free_slots(tx, actor, now))
        for at in range(0, len(back), _BATCH):
            await _progress(db, actor, import_id, GoodsImportStatus.UNDOING, at)
            await _write_back(tx, actor, back[at : at + _BATCH], now)
        figures = {"undone_at": now, "done": len(back), "kept": len(rows) - len(back)}
        await _move_on(tx, import_id, GoodsImportStatus.UNDOING, GoodsImportStatus.UNDONE, figures)
        details = {"goods": len(back), "kept": len(rows) - len(back)}
        await audit.record(tx, actor, "goods_import_undone", "goods_import", import_id, **details)
        _tell(tx, actor, import_id, back)


def _untouched(rows: _Rows, own: dict[UUID, Product], slots: int) -> list[GoodsImportRow]:
    """Choose the rows that can be taken back: as we left them, and still fitting what else holds."""
    back = []
    for row in rows:
        product = own.get(row.product_id) if row.product_id else None
        if product is None or not is_as(product, row.new) or not fits(product, row.old):
            continue
        if row.old.get("bot_active") is True:
            if slots <= 0:
                continue
            slots -= 1
        back.append(row)
    return back


async def _write_back(tx: WriteTx, actor: Actor, rows: _Rows, now: datetime) -> None:
    ids = [row.product_id for row in rows if row.product_id]
    off = [row.product_id for row in rows if row.product_id and row.old.get("bot_active") is False]
    await stop(tx, actor, off, now)
    await write_columns(tx, [(row.product_id, row.old) for row in rows if row.product_id])
    await begin_anew(tx, actor, ids, now)


async def _progress(
    db: Database, actor: Actor, import_id: UUID, status: GoodsImportStatus, done: int
) -> None:
    """Tell how far the open transaction is, in one of its own. Raises Stopped when it was cancelled."""
    async with db.write() as tx:
        if not await queries.move(tx, import_id, status, done=done):
            raise Stopped
        tx.emit(f"user:{actor.owner_id}", "import", import_id)


async def _move_on(
    tx: WriteTx,
    import_id: UUID,
    was: GoodsImportStatus,
    to: GoodsImportStatus,
    figures: dict[str, object],
) -> None:
    if not await queries.move(tx, import_id, was, to=to, **figures):
        raise Stopped


def _tell(tx: WriteTx, actor: Actor, import_id: UUID, rows: _Rows) -> None:
    tx.emit(f"user:{actor.owner_id}", "import", import_id)
    announce(tx, actor, [row.product_id for row in rows if row.product_id])
