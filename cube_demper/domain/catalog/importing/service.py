"""Use cases of a seller with files of goods; the long work is `work`, done by a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.errors import UndoExpired
from cube_demper.domain.catalog.importing import queries
from cube_demper.domain.catalog.importing.errors import ImportBusy, ImportMoved
from cube_demper.domain.catalog.importing.schemas import (
    MOST_BYTES,
    TOPIC,
    ImportRow,
    ImportView,
    message_of,
)
from cube_demper.domain.catalog.importing.sheet import VERDICTS, row_of
from cube_demper.domain.catalog.list_schemas import ProductFilter
from cube_demper.models.catalog import CostMethod, Product
from cube_demper.models.imports import GoodsImport, GoodsImportStatus, ImportKind, RowVerdict
from cube_demper.models.staff import Area

WriteRow = Callable[[Product, str, str], tuple[object, ...]]


async def start_import(
    tx: WriteTx,
    actor: Actor,
    file_name: str,
    content: bytes,
    now: datetime,
    *,
    kind: ImportKind = ImportKind.TERMS,
) -> UUID:
    """Take a file and have it read. Raises InvalidInput, ImportBusy, PermissionDenied."""
    actor.require(Area.PRICES)
    if not content:
        raise InvalidInput("Файл пустой.")
    if len(content) > MOST_BYTES:
        raise InvalidInput("Файл больше 10 МБ. Разделите его на части.")
    if await queries.busy_exists(tx, actor):
        raise ImportBusy
    await queries.forget_old(tx, actor)
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()[:120] or "Без имени"
    row = GoodsImport(
        user_id=actor.owner_id, kind=kind, file_name=name, content=content, created_at=now
    )
    tx.add(row)
    await tx.flush()
    await _ask(tx, actor, row.id, now)
    return row.id


async def apply_import(
    tx: WriteTx,
    actor: Actor,
    import_id: UUID,
    now: datetime,
    method: CostMethod = CostMethod.MANUAL,
) -> None:
    """Have the changes of a read file made, all of them or none; batches make costs by `method`.

    Raises ImportNotFound, ImportMoved, PermissionDenied.
    """
    actor.require(Area.PRICES)
    row = await queries.get_import(tx, actor, import_id, lock=True)
    if row.status != GoodsImportStatus.READY or not row.changed:
        raise ImportMoved
    row.status, row.done, row.note = GoodsImportStatus.APPLYING, 0, ""
    row.cost_method = method
    await _ask(tx, actor, import_id, now)


async def undo_import(tx: WriteTx, actor: Actor, import_id: UUID, now: datetime) -> None:
    """Have an import taken back where nobody has changed the goods since.

    Raises ImportNotFound, UndoExpired, PermissionDenied.
    """
    actor.require(Area.PRICES)
    row = await queries.get_import(tx, actor, import_id, lock=True)
    if not view_of(row).can_undo(now):
        raise UndoExpired
    row.status, row.done = GoodsImportStatus.UNDOING, 0
    await _ask(tx, actor, import_id, now)


async def cancel_import(tx: WriteTx, actor: Actor, import_id: UUID) -> None:
    """Stop an import; what is being written is rolled back.

    Raises ImportNotFound, ImportMoved (it is done), PermissionDenied.
    """
    actor.require(Area.PRICES)
    row = await queries.get_import(tx, actor, import_id, lock=True)
    if row.status not in (
        GoodsImportStatus.READING,
        GoodsImportStatus.READY,
        GoodsImportStatus.APPLYING,
    ):
        raise ImportMoved
    row.status, row.content = GoodsImportStatus.CANCELLED, None
    await tx.flush()
    tx.emit(f"user:{actor.owner_id}", "import", import_id)


async def get_import(tx: ReadTx, actor: Actor, import_id: UUID) -> ImportView:
    """Return one import. Raises ImportNotFound."""
    return view_of(await queries.get_import(tx, actor, import_id))


async def list_imports(tx: ReadTx, actor: Actor) -> tuple[ImportView, ...]:
    """Return the last imports, newest first."""
    return tuple(view_of(row) for row in await queries.list_imports(tx, actor))


async def list_rows(
    tx: ReadTx, actor: Actor, import_id: UUID, verdict: RowVerdict, page: int
) -> tuple[ImportRow, ...]:
    """Return one page of an import's rows of one kind. Raises ImportNotFound."""
    await queries.get_import(tx, actor, import_id)
    return tuple(
        ImportRow(
            number=row.number,
            sku=row.sku,
            name=row.name,
            verdict=RowVerdict(row.verdict),
            reason=row.reason,
            old=row.old,
            new=row.new,
        )
        for row in await queries.list_rows(tx, import_id, verdict, page)
    )


async def result_rows(
    tx: ReadTx, actor: Actor, import_id: UUID
) -> AsyncIterator[Sequence[tuple[object, ...]]]:
    """Yield what became of each row of a file, as rows of a sheet. Raises ImportNotFound."""
    await queries.get_import(tx, actor, import_id)
    async for rows in queries.stream_rows(tx, import_id):
        yield [(it.number, it.sku, it.name, VERDICTS[it.verdict], it.reason) for it in rows]


async def sheet_rows(
    tx: ReadTx, actor: Actor, view: ProductFilter, write: WriteRow = row_of
) -> AsyncIterator[Sequence[tuple[object, ...]]]:
    """Yield everything under a filter as rows of a sheet, a thousand at a time.

    `write` makes a row of a product, its store's name and merchant id.
    """
    async for goods in queries.stream_goods(tx, actor, view):
        yield [write(*it) for it in goods]


def view_of(row: GoodsImport) -> ImportView:
    """Return an import as pages read it."""
    return ImportView(
        id=row.id,
        kind=ImportKind(row.kind),
        file_name=row.file_name,
        status=GoodsImportStatus(row.status),
        note=row.note,
        total=row.total,
        done=row.done,
        changed=row.changed,
        same=row.same,
        refused=row.refused,
        kept=row.kept,
        created_at=row.created_at,
        applied_at=row.applied_at,
    )


async def _ask(tx: WriteTx, actor: Actor, import_id: UUID, now: datetime) -> None:
    payload = message_of(actor, import_id)
    await outbox.enqueue(tx, TOPIC, f"{import_id}:{now.isoformat()}", payload, now)
    tx.emit(f"user:{actor.owner_id}", "import", import_id)
