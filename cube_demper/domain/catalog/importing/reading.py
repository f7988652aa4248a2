"""Reading a file: each row is held against our goods, chunk by chunk, and what it would do is kept.

Killed anywhere it begins again; nothing of the goods changes here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing import queries
from cube_demper.domain.catalog.importing.errors import Stopped
from cube_demper.domain.catalog.importing.schemas import Draft, FileKind
from cube_demper.models.imports import GoodsImportStatus, RowVerdict


async def read_file(
    db: Database, actor: Actor, import_id: UUID, kind: FileKind, *, now: datetime
) -> None:
    """Read the file of an import and keep what each row would do; a bad file is refused in words."""
    async with db.write() as tx:
        content = await queries.read_content(tx, actor, import_id)
        await queries.forget_rows(tx, import_id)
    try:
        rows = await asyncio.to_thread(_rows, kind, content)
    except InvalidInput as error:
        refusal = {"note": error.message, "content": None}
        await _finish(db, actor, import_id, GoodsImportStatus.REFUSED, **refusal)
        return
    async with db.read() as tx:
        reading = await kind.begin(tx, actor, rows, now)
    counts: Counter[RowVerdict] = Counter()
    for chunk in reading.chunks():
        async with db.write() as tx:
            drafts = await reading.drafts(tx, chunk)
            counts.update(draft.outcome.verdict for draft in drafts)
            was, done = GoodsImportStatus.READING, counts.total()
            if not await queries.move(tx, import_id, was, total=reading.total, done=done):
                raise Stopped
            await queries.add_rows(tx, [_row(import_id, draft, now) for draft in drafts])
            tx.emit(f"user:{actor.owner_id}", "import", import_id)
    figures = {"changed": RowVerdict.CHANGE, "same": RowVerdict.SAME, "refused": RowVerdict.REFUSED}
    counted = {name: counts[verdict] for name, verdict in figures.items()}
    await _finish(db, actor, import_id, GoodsImportStatus.READY, **counted)


def _rows(kind: FileKind, content: bytes) -> Sequence[Any]:
    rows = kind.read(content)
    if not rows:
        raise InvalidInput("В файле есть только заголовок: ни одной строки с товаром.")
    return rows


def _row(import_id: UUID, draft: Draft, now: datetime) -> dict[str, Any]:
    product, outcome = draft.product, draft.outcome
    return {
        "import_id": import_id,
        "number": draft.number,
        "sku": draft.sku,
        "name": product.name if product else "",
        "product_id": product.id if product else None,
        "verdict": outcome.verdict,
        "reason": outcome.reason,
        "old": outcome.old,
        "new": outcome.new,
        "created_at": now,
    }


async def _finish(
    db: Database, actor: Actor, import_id: UUID, to: GoodsImportStatus, **values: Any
) -> None:
    async with db.write() as tx:
        if not await queries.move(tx, import_id, GoodsImportStatus.READING, to=to, **values):
            raise Stopped
        tx.emit(f"user:{actor.owner_id}", "import", import_id)
