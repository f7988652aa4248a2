"""The overview's queries for a seller with 5,000 goods and 30 days behind them, one by one and together."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import ProductFilter
from cube_demper.domain.overview import service as overview
from cube_demper.domain.stores import service as stores
from cube_demper.domain.trial import service as trial
from cube_demper.models.accounts import User
from cube_demper.models.stores import DempingSettings, KaspiStore
from tests.benchmarks._stage import print_table, servers

_GOODS, _DAYS, _A_DAY = 5_000, 30, 6_000
_TIMES = 15
_FILL_PRODUCTS = """
    INSERT INTO products (store_id, kaspi_product_id, kaspi_sku, external_kaspi_id, name, price,
        min_price, bot_active, bot_enabled_at, position, last_check_time, last_reason)
    SELECT :store, n::text, 'SKU-' || n, (100000000 + n)::text, 'Товар ' || n, 1000000 + n * 100,
        900000, true, :now, 1 + n % 5, CAST(:now AS timestamptz) - (n % 900) * interval '1 second',
        CASE n % 20 WHEN 0 THEN 'below_floor_hold' ELSE 'price_is_right' END
    FROM generate_series(1, CAST(:goods AS int)) AS n
"""
# Six in ten rows are sends, the rest decisions to hold; every store of the month has as many.
_FILL_HISTORY = """
    INSERT INTO price_history (product_id, store_id, city_id, old_price, new_price, change_reason,
        decision, status, send_id, created_at, sent_at, confirmed_at)
    SELECT p.id, p.store_id, '750000000', p.price + 1000 * (n % 7 - 3), CASE WHEN is_send THEN p.price END,
        CASE WHEN is_send THEN 'undercut' ELSE 'below_floor_hold' END,
        CAST(:decision AS jsonb),
        CASE WHEN is_send THEN 'confirmed' ELSE 'held' END,
        CASE WHEN is_send THEN gen_random_uuid() END, at, CASE WHEN is_send THEN at END,
        CASE WHEN is_send THEN at + interval '95 seconds' END
    FROM generate_series(1, CAST(:rows AS int)) AS n
    CROSS JOIN LATERAL (
        SELECT n % 10 < 6 AS is_send,
            CAST(:now AS timestamptz) - n * (interval '30 days' / CAST(:rows AS int)) AS at
    ) AS it
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS number FROM products) AS p
        ON p.number = 1 + n % CAST(:goods AS int)
"""
_DECISION = """{"action": "change", "reason": "undercut", "strategy": "standard", "step": 100,
    "place": 3, "target_place": 1}"""
_FILL_PLACES = """
    INSERT INTO place_tallies (store_id, at, bots, first, second_third, lower, at_floor)
    SELECT :store, CAST(:now AS timestamptz) - n * interval '30 minutes', 5000, 3000, 1200, 800, 90
    FROM generate_series(0, 1439) AS n
"""


def main() -> None:
    """Fill, measure, print."""
    with servers() as running:
        asyncio.run(_measure(running.database_url))


async def _measure(url: str) -> None:
    db, now = Database(url, name="bench"), datetime.now(UTC).replace(microsecond=0)
    actor, store_id = await _fill(db, now)
    day, week, month = timedelta(days=1), timedelta(days=7), timedelta(days=30)
    questions: dict[str, Callable[[Any], Awaitable[Any]]] = {
        "сутки бота": lambda tx: overview.yesterday(tx, actor, now),
        "места, сутки": lambda tx: overview.places_held(tx, actor, now, day),
        "места, 7 дней": lambda tx: overview.places_held(tx, actor, now, week),
        "места, 30 дней": lambda tx: overview.places_held(tx, actor, now, month, store_id),
        "первые шаги": lambda tx: trial.first_steps(tx, actor),
        "советы": lambda tx: trial.suggestions(tx, actor, store_id),
        "изменения за 2 суток": lambda tx: stores.day_of_bots(tx, actor, now),
        "последние изменения": lambda tx: stores.latest_changes(tx, actor),
        "список товаров и счётчики": lambda tx: catalog.list_products(tx, actor, ProductFilter()),
        "почему бот не ведёт": lambda tx: stores.why_not(tx, actor, now),
    }
    rows = [[name, *await _timed(db, ask)] for name, ask in questions.items()]
    rows.append(["подсчёт мест всех товаров (запись)", *await _tally(db, now)])
    sys.stdout.write(f"{_GOODS} товаров, {_A_DAY * _DAYS} строк истории за {_DAYS} дней\n")
    print_table(["запрос обзора", "медиана, мс", "худший, мс"], rows)
    await db.close()


async def _fill(db: Database, now: datetime) -> tuple[Actor, Any]:
    async with db.write() as tx:
        user = User(email="bench@example.kz", password_hash="-", referral_code="bench000")
        tx.add(user)
        await tx.flush()
        store = KaspiStore(user_id=user.id, merchant_id="30000001", name="Лавка", synced_at=now)
        tx.add(store)
        await tx.flush()
        tx.add(DempingSettings(store_id=store.id))
        await tx.flush()
        given = {"store": store.id, "now": now, "goods": _GOODS, "rows": _A_DAY * _DAYS}
        given["decision"] = _DECISION
        for statement in (_FILL_PRODUCTS, _FILL_HISTORY, _FILL_PLACES):
            names = [name for name in given if f":{name}" in statement]
            await tx.execute(text(statement), {name: given[name] for name in names})
    async with db.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
    return Actor(Role.USER, user.id, user.email), store.id


async def _timed(db: Database, ask: Callable[[Any], Awaitable[Any]]) -> list[str]:
    spent = []
    for _ in range(_TIMES):
        async with db.read() as tx:
            began = time.perf_counter()
            await ask(tx)
            spent.append(time.perf_counter() - began)
    return _words(spent)


async def _tally(db: Database, now: datetime) -> list[str]:
    spent = []
    for number in range(_TIMES):
        began = time.perf_counter()
        async with db.write() as tx:
            await overview.count_places(tx, SYSTEM, now + timedelta(minutes=number))
        spent.append(time.perf_counter() - began)
    return _words(spent)


def _words(spent: list[float]) -> list[str]:
    warm = spent[2:]
    return [f"{1000 * statistics.median(warm):.1f}", f"{1000 * max(warm):.1f}"]


if __name__ == "__main__":
    main()
