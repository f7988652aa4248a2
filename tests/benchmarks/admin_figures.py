"""The admins' figures and the lists behind them, each within 300 ms, for 10,000 sellers and their year.

1,000,000 goods, 5,000,000 rows of price history of 30 days, a year of payments, days, sign-ins, syncs, and
1,000,000 WhatsApp messages, of which a hundredth failed. Times are of one question alone, after a first one.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts import directory
from cube_demper.domain.accounts.directory_schemas import PeopleFilter
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import reading as audit
from cube_demper.domain.audit.reading import AuditFilter
from cube_demper.domain.billing import administration as payments
from cube_demper.domain.billing.administration import Wanted
from cube_demper.domain.partners import administration as partners
from cube_demper.domain.statistics import collecting, reading
from cube_demper.domain.statistics.errors import list_errors
from cube_demper.domain.statistics.schemas import ErrorKind
from cube_demper.domain.stores import administration as stores
from cube_demper.domain.stores.staff_schemas import StoreState
from tests.benchmarks._stage import print_table, servers

_SELLERS, _GOODS, _ROWS, _TIMES = 10_000, 1_000_000, 5_000_000, 7
_COLLECTING, _BOX = "сбор за день (процесс billing)", SecretBox(["benchmark"])
ADMIN = Actor(Role.ADMIN, uuid4())
_FILL = (
    """
    INSERT INTO users (email, password_hash, full_name, referral_code, role, locale, last_seen_at,
        created_at)
    SELECT 'seller' || n || '@example.kz', '-', 'Продавец ' || n, lpad(to_hex(n), 8, '0'), 'user', 'ru',
        CAST(:now AS timestamptz) - n * interval '1 minute',
        CAST(:now AS timestamptz) - n * interval '52 minutes'
    FROM generate_series(1, CAST(:sellers AS int)) AS n
    """,
    """
    INSERT INTO subscriptions (user_id, plan, status, current_period_start, current_period_end, price,
        next_step_at)
    SELECT id, CASE WHEN random() < 0.6 THEN 'basic' ELSE 'pro' END, 'active',
        CAST(:now AS timestamptz) - interval '9 days', CAST(:now AS timestamptz) + interval '21 days',
        999900, :now
    FROM users
    """,
    """
    INSERT INTO payments (user_id, plan, purpose, method, status, amount, invoice_id, paid_at, created_at,
        service_from, service_to, quote)
    SELECT u.id, 'basic', 'renew', 'card', CASE WHEN m = 0 AND random() < 0.02 THEN 'failed' ELSE 'paid' END,
        999900, 'CD-' || upper(substr(md5(u.id::text || m), 1, 12)), at, at, at, at + interval '30 days', '{}'
    FROM users AS u CROSS JOIN generate_series(0, 11) AS m
    CROSS JOIN LATERAL (
        SELECT CAST(:now AS timestamptz) - m * interval '30 days' - random() * interval '9 days' AS at
    ) AS moments
    """,
    """
    INSERT INTO kaspi_stores (user_id, merchant_id, name, channel, guid, home_city_id,
        ai_send_delay_minutes, ai_max_messages_per_day)
    SELECT id, 30000000 + row_number() OVER (), 'Магазин ' || full_name, 'cabinet', '{"v": 1}', '750000000',
        10, 50
    FROM users
    """,
    """
    INSERT INTO demping_settings (store_id, is_enabled, mode)
    SELECT id, random() < 0.9, 'auto' FROM kaspi_stores
    """,
    """
    INSERT INTO products (store_id, kaspi_product_id, kaspi_sku, external_kaspi_id, name, price, min_price,
        bot_active, last_check_time, check_failures, last_error)
    SELECT s.id, n::text, 'SKU-' || n, (100000000 + n)::text, 'Товар ' || n, 1000000, 900000, n % 4 > 0,
        CAST(:now AS timestamptz) - (n % 900) * interval '1 second', (n % 500 = 0)::int,
        CASE WHEN n % 500 = 0 THEN 'Kaspi не ответил' END
    FROM generate_series(1, CAST(:goods AS int)) AS n
    JOIN (SELECT id, row_number() OVER () AS number FROM kaspi_stores) AS s
        ON s.number = 1 + n % CAST(:sellers AS int)
    """,
    """
    INSERT INTO price_history (product_id, store_id, city_id, old_price, new_price, change_reason, decision,
        status, send_id, created_at, sent_at)
    SELECT p.id, p.store_id, '750000000', p.price, CASE WHEN is_send THEN 990000 END,
        CASE WHEN is_send THEN 'undercut' ELSE 'below_floor_hold' END, '{}',
        CASE WHEN n % 1000 = 0 THEN 'refused' WHEN is_send THEN 'confirmed' ELSE 'held' END,
        CASE WHEN is_send THEN gen_random_uuid() END, at, CASE WHEN is_send THEN at END
    FROM generate_series(1, CAST(:rows AS int)) AS n
    CROSS JOIN LATERAL (
        SELECT n % 10 < 6 AS is_send,
            CAST(:now AS timestamptz) - n * (interval '30 days' / CAST(:rows AS int)) AS at
    ) AS it
    JOIN (SELECT id, store_id, price, row_number() OVER () AS number FROM products) AS p
        ON p.number = 1 + (n * 7919::bigint) % CAST(:goods AS int)
    """,
    """
    INSERT INTO statistics_days (day, changed, refused, suggested, errors, stores, bots, goods, paying,
        trials, mrr)
    SELECT CAST(:now AS date) - n, 100000, 160, 0, '{"sign_in": 12, "send": 160}', 9000, 750000, 1000000,
        10000, 0, 9999000000
    FROM generate_series(0, 364) AS n
    """,
    """
    INSERT INTO kaspi_logins (user_id, store_id, account_hash, account, step, state, refusal, started_at,
        expires_at, ended_at)
    SELECT s.user_id, s.id, md5(s.id::text || n), 's***@example.kz',
        CASE WHEN n % 4 = 0 THEN 'refused' ELSE 'done' END,
        '', CASE WHEN n % 4 = 0 THEN 'wrong_password' END, at, at, at
    FROM kaspi_stores AS s CROSS JOIN generate_series(0, 23) AS n
    CROSS JOIN LATERAL (SELECT CAST(:now AS timestamptz) - (n + random()) * interval '15 days' AS at) AS it
    """,
    """
    INSERT INTO catalog_syncs (store_id, state, started_at, finished_at, trouble)
    SELECT s.id, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'done' END, at, at,
        CASE WHEN n % 10 = 0 THEN 'Kaspi не отвечает' ELSE '' END
    FROM kaspi_stores AS s CROSS JOIN generate_series(0, 99) AS n
    CROSS JOIN LATERAL (SELECT CAST(:now AS timestamptz) - (n + random()) * interval '3.6 days' AS at) AS it
    """,
    """
    INSERT INTO whatsapp_contacts (user_id, phone, phone_hash)
    SELECT id, 'x', decode(md5(id::text), 'hex') FROM users
    """,
    """
    INSERT INTO whatsapp_messages (user_id, contact_id, kind, is_outgoing, body, short_id, status,
        happened_at, created_at, error)
    SELECT c.user_id, c.id, NULL, true, 'x', 'M' || n,
        CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'sent' END, at, at,
        CASE WHEN n % 100 = 0 THEN 'номера нет в WhatsApp' END
    FROM generate_series(1, 1000000) AS n
    JOIN (SELECT id, user_id, row_number() OVER () AS number FROM whatsapp_contacts) AS c
        ON c.number = 1 + n % CAST(:sellers AS int)
    CROSS JOIN LATERAL (SELECT CAST(:now AS timestamptz) - n * interval '31 seconds' AS at) AS it
    """,
)


def main() -> None:
    """Fill, measure, print."""
    with servers() as running:
        asyncio.run(_measure(running.database_url))


async def _measure(url: str) -> None:
    db, now = Database(url, name="bench"), datetime.now(UTC).replace(microsecond=0)
    await _fill(db, now)
    collected = await _timed(lambda: _collect(db, now), times=3)
    day = timedelta(days=1)
    questions: dict[str, Callable[[Any], Awaitable[Any]]] = {
        "обзор, 30 дней": lambda tx: reading.report(tx, ADMIN, 30, now),
        "обзор, год": lambda tx: reading.report(tx, ADMIN, 365, now),
        "машина сейчас": lambda tx: reading.machine(tx, ADMIN, now, changes_limit=250),
        "магазины": lambda tx: stores.list_stores(tx, ADMIN, now),
        "магазины, поиск": lambda tx: stores.list_stores(tx, ADMIN, now, search="seller99"),
        "платежи": lambda tx: payments.list_payments(tx, ADMIN, Wanted(), 1),
        "магазины, страница 100": lambda tx: stores.list_stores(tx, ADMIN, now, page=100),
        "платежи, страница 1000": lambda tx: payments.list_payments(tx, ADMIN, Wanted(), 1000),
        "платежи, поиск": lambda tx: payments.list_payments(tx, ADMIN, Wanted(search="seller9"), 1),
        "партнёры": lambda tx: partners.list_partners(tx, ADMIN, now),
        "выплаты партнёрам": lambda tx: partners.list_payouts(tx, ADMIN, _BOX),
        "журнал": lambda tx: audit.page(tx, ADMIN, AuditFilter(), cursor=""),
        "люди сейчас": lambda tx: directory.page(
            tx,
            ADMIN,
            PeopleFilter(seen_since=now - reading.ONLINE_WITHIN),
            cursor="",
            secrets=_BOX,
            now=now,
        ),
    }
    for kind in ErrorKind:
        questions[f"ошибки за 30 дней: {kind}"] = lambda tx, kind=kind: list_errors(
            tx, ADMIN, kind, now - 30 * day, 1
        )
    for state in StoreState:
        questions[f"магазины: {state}"] = lambda tx, state=state: stores.list_stores(
            tx, ADMIN, now, state=state
        )
    for tab in ("paid", "waiting", "failed", "refunded"):
        questions[f"платежи: {tab}"] = lambda tx, tab=tab: payments.list_payments(
            tx, ADMIN, Wanted(tab=tab), 1
        )

    def asking(ask: Callable[[Any], Awaitable[Any]]) -> Callable[[], Awaitable[None]]:
        async def once() -> None:
            async with db.read() as tx:
                await ask(tx)

        return once

    rows = [(_COLLECTING, *collected)]
    rows += [(name, *await _timed(asking(ask))) for name, ask in questions.items()]
    shown = [
        [
            name,
            f"{median:.0f}",
            f"{worst:.0f}",
            "" if name == _COLLECTING else f"{median / 300:.2f}",
        ]
        for name, median, worst in rows
    ]
    sys.stdout.write(
        f"{_SELLERS} продавцов, {_GOODS} товаров, {_ROWS} записей о ценах; "
        f"нагрузка машины {os.getloadavg()[0]:.1f}\n"
    )
    print_table(["Вопрос", "Медиана, мс", "Худшее, мс", "К 300 мс"], shown)
    await db.close()


async def _fill(db: Database, now: datetime) -> None:
    given = {"now": now, "sellers": _SELLERS, "goods": _GOODS, "rows": _ROWS}
    for statement in _FILL:
        asked = {name: value for name, value in given.items() if f":{name}" in statement}
        async with db.write() as tx:
            await tx.execute(text(statement), asked)
    async with db.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE"))


async def _collect(db: Database, now: datetime) -> None:
    async with db.write() as tx:
        await collecting.collect(tx, SYSTEM, now)


async def _timed(once: Callable[[], Awaitable[None]], times: int = _TIMES) -> tuple[float, float]:
    """Return the median and the worst of some runs after a first one, in milliseconds."""
    taken = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        await once()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken[1:]), max(taken[1:])


if __name__ == "__main__":
    main()
