"""A payout report of 50,000 lines, and one of 200,000: seconds, memory, stalls; then its pages.

One line in ten differs. `python -m tests.benchmarks.long_payouts 5000` plays a smaller one.
"""

from __future__ import annotations

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
from cube_demper.domain.economics.payouts import service, work
from cube_demper.domain.economics.payouts.schemas import DifferenceFilter
from cube_demper.integrations.spreadsheets.reader import payout_lines
from tests.benchmarks import _crowd
from tests.benchmarks._stage import print_table, servers
from tests.benchmarks._watch import watched

LINES, TOO_MANY = 50_000, 200_000
_HEAD = ("", "seconds", "memory, MB", "longest stall, ms")
_COLUMNS = (
    "#", "Номер заказа (ID/RRN)", "Дата операции", "Тип операции", "Номер карты",
    "Сумма операции (т)", "Сумма к зачислению/ списанию (т)", "Комиссия за операции (т)",
    "Стоимость услуги за Kaspi Доставку", "Детали покупки", *(f"Прочее {n}" for n in range(30)),
)  # fmt: skip
_ORDERS = text(
    "INSERT INTO orders (id, store_id, kaspi_order_code, status, status_changed_at, kaspi_state,"
    " kaspi_status, source, total_price, is_kaspi_delivery, delivery_mode, ordered_at,"
    " completed_at, seen_at)"
    " SELECT gen_random_uuid(), s.id, (700000000 + n)::text, 'COMPLETED', :now, 'ARCHIVE',"
    " 'COMPLETED', 'api', 1990000, true, 'DELIVERY_LOCAL', :now, :now, :now"
    " FROM kaspi_stores s, generate_series(1, :count) n"
)


def main(lines: int = LINES) -> None:
    """Run and print as it goes."""
    with servers() as running:
        _crowd.fill(running, products=10, due=10, stores=1)
        uvloop.run(_run(running.database_url, lines))


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

    async def work(self, report_id: UUID) -> None:
        await work.run(self.db, self.actor, report_id, payout_lines, self.now())

    async def page(self, report_id: UUID, number: int) -> None:
        async with self.db.read() as tx:
            await service.get_report(tx, self.actor, report_id)
            await service.list_differences(tx, self.actor, report_id, DifferenceFilter(), number)

    async def again(self, report_id: UUID) -> None:
        async with self.db.write() as tx:
            await service.match_again(tx, self.actor, report_id, self.now())
        await self.work(report_id)

    async def told(self, report_id: UUID) -> str:
        async with self.db.read() as tx:
            view, sums = await service.get_report(tx, self.actor, report_id)
        kinds = ", ".join(f"{it.kind}: {it.count}" for it in view.kinds)
        return f"{view.status}: {view.total:,} lines, {sums.fine:,} fine; {kinds} {view.note}"


async def _run(url: str, lines: int) -> None:
    db = Database(url, name="bench")
    now = SystemClock().now
    async with db.write() as tx:
        await tx.execute(_ORDERS, {"now": now(), "count": lines})
        store_id, owner = (await tx.execute(text("SELECT id, user_id FROM kaspi_stores"))).one()
    bench = _Bench(db, Actor(Role.USER, owner), store_id, now)
    content = _workbook(lines)
    report = await _step(
        f"{lines:,} lines, {len(content) / 1e6:.1f} MB: upload", bench.send, content
    )
    await _step("read and matched (worker)", bench.work, report)
    sys.stdout.write(f"{await bench.told(report)}\n")
    await _step("matched again (worker)", bench.again, report)
    await _step("first page of differences", lambda it: bench.page(it, 1), report)
    await _step("hundredth page", lambda it: bench.page(it, 100), report)
    refused = await bench.send(_workbook(TOO_MANY, wide=False))
    await _step(f"{TOO_MANY:,} lines: refused (worker)", bench.work, refused)
    sys.stdout.write(f"{await bench.told(refused)}\n")
    await db.close()


async def _step(name: str, act: Callable[[Any], Awaitable[Any]], about: Any) -> Any:
    async with watched() as watch:
        began = time.perf_counter()
        found = await act(about)
        seconds = time.perf_counter() - began
    figures = (f"{seconds:.2f}", f"{watch.memory:.0f}", f"{watch.stall * 1000:.0f}")
    print_table(_HEAD, [(name.ljust(44), *figures)])
    return found


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
