"""Payout reports of 50,000 and 200,000 lines given to a worker: seconds, memory; then the report's pages.

One line in ten differs; the small report before them warms the worker.
`python -m tests.benchmarks.long_payouts 5000` plays a smaller one.
"""

from __future__ import annotations

import asyncio
import io
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uvloop
from openpyxl import Workbook
from sqlalchemy import text

from cube_demper.core.clock import SystemClock
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.economics.payouts import service
from cube_demper.domain.economics.payouts.schemas import BUSY, DifferenceFilter, ReportView
from cube_demper.embedded import Services
from tests.benchmarks import _crowd
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._watch import resident, used
from tests.worker_process import worker_process

LINES, TOO_MANY = 50_000, 200_000
_WARM_SECONDS = 5.0
_HEAD = ("", "seconds", "of CPU", "memory on top, MB")
_COLUMNS = (
    "#", "Номер заказа (ID/RRN)", "Дата операции", "Тип операции", "Номер карты",
    "Сумма операции (т)", "Сумма к зачислению/ списанию (т)", "Комиссия за операции (т)",
    "Стоимость услуги за Kaspi Доставку", "Детали покупки", *(f"Прочее {n}" for n in range(30)),
)  # fmt: skip
_ORDERS = text(
    "INSERT INTO orders (id, store_id, kaspi_order_code, status, status_changed_at, kaspi_state,"
    " kaspi_status, source, total_price, is_kaspi_delivery, delivery_mode, ordered_at,"
    " completed_at, seen_at, seller_delivery_cost)"
    " SELECT gen_random_uuid(), s.id, (700000000 + n)::text, 'COMPLETED', :now, 'ARCHIVE',"
    " 'COMPLETED', 'api', 1990000, true, 'DELIVERY_LOCAL', :now, :now, :now,"
    " 100000"
    " FROM kaspi_stores s, generate_series(1, :count) n"
)


def main(lines: int = LINES) -> None:
    """Run and print as it goes."""
    with servers() as running:
        _crowd.fill(running, products=10, due=10, stores=1)
        uvloop.run(_run(running, lines))


@dataclass
class _Bench:
    db: Database
    actor: Actor
    store_id: UUID
    now: Any

    async def send(self, content: bytes) -> UUID:
        async with self.db.write() as tx:
            file = ("выплаты.xlsx", content)
            return await service.start_report(tx, self.actor, self.store_id, file, self.now())

    async def again(self, report_id: UUID) -> None:
        async with self.db.write() as tx:
            await service.match_again(tx, self.actor, report_id, self.now())

    async def page(self, report_id: UUID, number: int) -> None:
        async with self.db.read() as tx:
            await service.get_report(tx, self.actor, report_id)
            await service.list_differences(tx, self.actor, report_id, DifferenceFilter(), number)

    async def worked(self, report_id: UUID, worker: int) -> None:
        """Wait for the worker, and print how long it took and how much memory it had on top of before."""
        began, before, cpu, peak = time.perf_counter(), resident(worker), used(worker), 0.0
        while (await self.view(report_id)).status in BUSY:
            peak = max(peak, resident(worker) - before)
            await asyncio.sleep(0.05)
        seconds, cpu = time.perf_counter() - began, used(worker) - cpu
        _print("  by the worker", f"{seconds:.1f}", f"{cpu:.1f}", f"{peak:.0f}")
        sys.stdout.write(f"{await self.told(report_id)}\n")

    async def view(self, report_id: UUID) -> ReportView:
        async with self.db.read() as tx:
            return (await service.get_report(tx, self.actor, report_id))[0]

    async def told(self, report_id: UUID) -> str:
        async with self.db.read() as tx:
            view, sums = await service.get_report(tx, self.actor, report_id)
        kinds = ", ".join(f"{it.kind}: {it.count}" for it in view.kinds)
        return f"{view.status}: {view.total:,} lines, {sums.fine:,} fine; {kinds} {view.note}"


async def _run(running: Services, lines: int) -> None:
    db = Database(running.database_url, name="bench")
    now = SystemClock().now
    async with db.write() as tx:
        await tx.execute(_ORDERS, {"now": now(), "count": lines})
        store_id, owner = (await tx.execute(text("SELECT id, user_id FROM kaspi_stores"))).one()
    bench = _Bench(db, Actor(Role.USER, owner), store_id, now)
    addresses = {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
    async with worker_process("outbox", addresses) as child:
        await asyncio.sleep(_WARM_SECONDS)
        for count, is_wide in ((1_000, True), (lines, True), (TOO_MANY, False)):
            content = await asyncio.to_thread(_workbook, count, wide=is_wide)
            name = f"{count:,} lines, {len(content) / 1e6:.1f} MB"
            report = await _step(f"{name}: sent", bench.send, content)
            await bench.worked(report, child.pid)
            if count == lines:
                await _step("matched again", bench.again, report)
                await bench.worked(report, child.pid)
                await _step("first page of differences", lambda it: bench.page(it, 1), report)
                await _step("hundredth page", lambda it: bench.page(it, 100), report)
    await db.close()


async def _step(name: str, act: Callable[[Any], Awaitable[Any]], about: Any) -> Any:
    began = time.perf_counter()
    found = await act(about)
    _print(name, f"{time.perf_counter() - began:.2f}", "", "")
    return found


def _print(*cells: str) -> None:
    print_table(_HEAD, [(cells[0].ljust(44), *cells[1:])])


def _workbook(lines: int, *, wide: bool = True) -> bytes:
    rng, day = random.Random(20261127), f"{SystemClock().now():%d.%m.%Y}"
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_COLUMNS)
    rest = ["прочее"] * 30 if wide else []
    for number in range(1, lines + 1):
        gross = 19_900 if number % 10 else 19_900 + rng.randint(100, 900)
        fee, delivery = round(gross * 0.125, 2), 1_000
        sums = [gross, gross - fee - delivery, -fee, -delivery]
        code = str(700_000_000 + number)
        sheet.append(
            [number, code, day, "Покупка", "4400****9912", *sums, "Чайник белый, 1 шт.", *rest]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
