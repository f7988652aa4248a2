"""Files of 5,000, 60,000 and 200,000 rows: seconds, memory, and how long the event loop stood still.

Memory is the most that the process took above what it had before the step; a page waits as long as
the loop stands. `python -m tests.benchmarks.long_imports 5000` plays the largest sellers' files alone.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import uvloop
from openpyxl import Workbook
from sqlalchemy import text

from cube_demper.core.clock import SystemClock
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog.importing import service, work
from cube_demper.domain.catalog.importing.schemas import ImportView
from cube_demper.models.catalog import CostMethod
from cube_demper.models.imports import ImportKind
from tests.benchmarks import _crowd
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._watch import watched
from workers.imports import KINDS

GOODS, MANY, TOO_MANY = 5_000, 60_000, 200_000
_HEAD = ("", "seconds", "memory, MB", "longest stall, ms", "came to")
_HEADS = {
    ImportKind.TERMS: ("Артикул", "Название", "Мин. цена", "Макс. цена", "Стратегия"),
    ImportKind.BATCHES: ("Артикул", "Дата", "Количество", "Цена закупки", "Примечание"),
}


def main(goods: int = MANY) -> None:
    """Run and print as it goes."""
    with servers() as running:
        _crowd.fill(running, products=goods, due=goods, stores=1)
        uvloop.run(_Bench(running.database_url).run(goods))


class _Bench:
    """One seller with many goods."""

    def __init__(self, url: str) -> None:
        self._db = Database(url, name="bench")
        self._now = SystemClock().now

    async def run(self, goods: int) -> None:
        async with self._db.read() as tx:
            owner = await tx.scalar(text("SELECT user_id FROM kaspi_stores"))
            skus = list(await tx.scalars(text("SELECT kaspi_sku FROM products")))
        self._actor = Actor(Role.USER, owner)
        await self._refused(skus)
        for count in dict.fromkeys((GOODS, goods)):
            for kind in (ImportKind.TERMS, ImportKind.BATCHES):
                await self._play(kind, skus[:count])
        await self._db.close()

    async def _refused(self, skus: Sequence[str]) -> None:
        names = [skus[n % len(skus)] for n in range(TOO_MANY)]
        content = _workbook(ImportKind.TERMS, names)
        size = f"{TOO_MANY:,} rows, {len(content) / 1e6:.1f} MB"
        started = await self._step(f"upload (web): {size}", lambda: self._start(content))
        await self._step("read (worker)", lambda: self._go_on(started))

    async def _play(self, kind: ImportKind, skus: Sequence[str]) -> None:
        content = _workbook(kind, skus)
        name = f"{kind}, {len(skus):,} rows"
        import_id = await self._step(f"{name}: upload", lambda: self._start(content, kind))
        await self._step(f"{name}: read", lambda: self._go_on(import_id))
        async with self._db.write() as tx:
            method = CostMethod.FIFO
            await service.apply_import(tx, self._actor, import_id, self._now(), method)
        await self._step(f"{name}: applied", lambda: self._go_on(import_id))
        async with self._db.write() as tx:
            await service.undo_import(tx, self._actor, import_id, self._now())
        await self._step(f"{name}: taken back", lambda: self._go_on(import_id))

    async def _start(self, content: bytes, kind: ImportKind = ImportKind.TERMS) -> UUID:
        async with self._db.write() as tx:
            return await service.start_import(
                tx, self._actor, "a.xlsx", content, self._now(), kind=kind
            )

    async def _go_on(self, import_id: UUID) -> ImportView:
        await work.run(self._db, self._actor, import_id, KINDS, self._now())
        async with self._db.read() as tx:
            return await service.get_import(tx, self._actor, import_id)

    async def _step(self, name: str, act: Callable[[], Awaitable[Any]]) -> Any:
        async with watched() as watch:
            began = time.perf_counter()
            found = await act()
            seconds = time.perf_counter() - began
        told = f"{found.status}: {found.note or found.changed}" if _is_view(found) else ""
        figures = (f"{seconds:.1f}", f"{watch.memory:.0f}", f"{watch.stall * 1000:.0f}", told)
        print_table(_HEAD, [(name.ljust(44), *figures)])
        return found


def _is_view(found: object) -> bool:
    return isinstance(found, ImportView)


def _workbook(kind: ImportKind, skus: Sequence[str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_HEADS[kind])
    for number, sku in enumerate(skus):
        if kind is ImportKind.TERMS:
            name = f"Влажные полотенца Солнышко {number} шт"
            sheet.append([sku, name, 250_000 + number, 400_000 + number, "Топ-5"])
        else:
            sheet.append([sku, "20.11.2026", 10, 6_000 + number, "поставка"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
