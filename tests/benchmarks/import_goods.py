"""A file of 5,000 rows from bytes to a preview, applied and taken back; and bulk changes of 5,000 goods."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

import uvloop
from openpyxl import Workbook
from sqlalchemy import text

from cube_demper.core.clock import SystemClock
from cube_demper.db.session import Database, ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import (
    Bound,
    BoundChange,
    BulkChange,
    BulkReport,
    StrategyChange,
)
from cube_demper.domain.catalog.importing import service, work
from cube_demper.domain.catalog.list_schemas import ProductFilter, Selection
from tests.benchmarks import _crowd
from tests.benchmarks._stage import print_table, servers
from workers.imports import KINDS

GOODS = 5_000
_ALL = Selection(everything=ProductFilter())
Line = tuple[str, str, str]
_T = TypeVar("_T")


def main() -> None:
    """Run and print."""
    with servers() as services:
        _crowd.fill(services, products=GOODS, due=GOODS, stores=1)
        uvloop.run(_measure(services.database_url))


async def _measure(url: str) -> None:
    db = Database(url, name="bench")
    async with db.read() as tx:
        actor = Actor(Role.USER, await tx.scalar(text("SELECT user_id FROM kaspi_stores")))
        skus = list(await tx.scalars(text("SELECT kaspi_sku FROM products")))
    sys.stdout.write(f"{GOODS} goods; load of this machine {os.getloadavg()[0]:.1f}\n")
    lines = [*await _bulk(db, actor), *await _import(db, actor, skus)]
    print_table(("", "seconds", "required"), lines)
    await db.close()


async def _bulk(db: Database, actor: Actor) -> list[Line]:
    now = SystemClock().now()
    lines: list[Line] = []

    async def change(asked: BulkChange) -> BulkReport:
        async with db.write() as tx:
            return await catalog.bulk_change(tx, actor, _ALL, asked, now)

    async def preview(asked: BulkChange) -> BulkReport:
        async with db.read() as tx:
            return await catalog.preview_bulk(tx, actor, _ALL, asked, now)

    by_share = BoundChange(Bound.MIN, percent=85)
    await _timed(lines, "bulk: preview of min. prices", lambda: preview(by_share))
    report = await _timed(lines, "bulk: min. price 15 % below", lambda: change(by_share))
    await _timed(lines, "bulk: strategy", lambda: change(StrategyChange("stay_top_n", 3)))

    async def undo() -> int:
        async with db.write() as tx:
            return await catalog.undo(tx, actor, report.undo_id or actor.owner_id, now)

    await _timed(lines, "bulk: undo", undo)

    async def switch() -> BulkReport:
        async with db.write() as tx:
            return await catalog.switch_bot(tx, actor, _ALL, on=False, now=now)

    await _timed(lines, "bulk: bots off", switch)
    return lines


async def _import(db: Database, actor: Actor, skus: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    now = SystemClock().now()
    content = _workbook(skus)

    async def start() -> UUID:
        async with db.write() as tx:
            return await service.start_import(tx, actor, "goods.xlsx", content, now)

    import_id = await start()

    async def step() -> None:
        await work.run(db, actor, import_id, KINDS, now)

    await _timed(lines, "import: file to preview", step, "30")
    async with db.write() as tx:
        await service.apply_import(tx, actor, import_id, now)
    await _timed(lines, "import: applied", step, "30")
    async with db.write() as tx:
        await service.undo_import(tx, actor, import_id, now)
    await _timed(lines, "import: taken back", step, "30")

    async def export() -> int:
        async with db.read() as tx:
            return await _count(tx, actor)

    await _timed(lines, "export: rows of the sheet", export)
    return lines


async def _count(tx: ReadTx, actor: Actor) -> int:
    return sum([len(rows) async for rows in service.sheet_rows(tx, actor, ProductFilter())])


async def _timed(
    lines: list[Line], what: str, act: Callable[[], Awaitable[_T]], required: str = "1.5"
) -> _T:
    began = time.perf_counter()
    found = await act()
    lines.append((what, f"{time.perf_counter() - began:.2f}", required))
    return found


def _workbook(skus: Sequence[str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Артикул", "Мин. цена", "Макс. цена", "Стратегия"])
    for number, sku in enumerate(skus):
        sheet.append([sku, 250_000 + number, 400_000 + number, "Топ-5"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


if __name__ == "__main__":
    main()
