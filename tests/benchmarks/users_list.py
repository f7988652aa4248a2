"""The admins' list of people at 1,000,000 rows: any page, any search, filters together; with the plans.

Figures of the issue: a page within 100 ms, filters together within 300 ms. After some cases with their plans
every filter, pair and triple of filters is asked for the newest page, one 500 days deep, and back from there.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

from sqlalchemy import event, text

from cube_demper.core.crypto import SecretBox
from cube_demper.core.ids import new_id
from cube_demper.db.keyset import Cursor
from cube_demper.db.session import Database
from cube_demper.domain.accounts import directory
from cube_demper.domain.accounts.directory_schemas import PeopleFilter
from cube_demper.domain.accounts.schemas import Actor, Role
from tests.benchmarks._stage import print_table, servers

_PEOPLE, _TIMES = 1_000_000, 15
_BOX = SecretBox(["benchmark"])
_ADMIN = Actor(Role.ADMIN, new_id(), "boss@example.kz")
# One in a hundred is blocked, one in three has a store, one in five never confirmed. Who pays came long ago
# (a quarter of the oldest fifth), trials are the newest 10,000, stores fell out among the oldest 20,000: a
# list of the newest has far to go to them, which estimates of a planner know nothing of.
_FILL = (
    "SET LOCAL session_replication_role = replica",
    """
    INSERT INTO users (id, email, password_hash, full_name, role, locale, referral_code, is_blocked,
        email_confirmed_at, created_at, last_seen_at)
    SELECT md5('user' || n)::uuid, lower(given[1 + n % 40]) || n || '@' || host[1 + n % 5], '-',
        given[1 + n % 40] || ' ' || family[1 + (n / 7) % 50] || chr(1072 + n % 32),
        CASE WHEN n % 25000 = 1 THEN 'admin' WHEN n % 5000 = 2 THEN 'support' ELSE 'user' END, 'ru',
        lpad(to_hex(n), 8, '0'), n % 100 = 7, CASE WHEN n % 5 > 0 THEN now() END,
        now() - n * interval '90 seconds', CASE WHEN n % 3 > 0 THEN now() - n * interval '1 second' END
    FROM generate_series(1, {people}) AS n,
        (SELECT array_agg('Имя' || chr(1072 + a % 32) || chr(1072 + a * 7 % 32)) AS given
            FROM generate_series(1, 40) AS a) AS names,
        (SELECT array_agg('Фам' || chr(1072 + b % 32) || chr(1072 + b * 5 % 32)) AS family
            FROM generate_series(1, 50) AS b) AS families,
        (SELECT ARRAY['mail.kz', 'gmail.com', 'inbox.kz', 'yandex.kz', 'mail.ru'] AS host) AS hosts
    """,
    """
    INSERT INTO subscriptions (user_id, plan, is_trial, status, current_period_start, current_period_end)
    SELECT md5('user' || n)::uuid, CASE WHEN n % 5 = 0 THEN 'basic' ELSE 'pro' END, n <= 10000, 'active',
        now() - interval '1 day', now() + interval '29 days'
    FROM generate_series(1, {people}) AS n WHERE n <= 10000 OR n > {people} * 0.8 AND n % 4 = 1
    """,
    """
    INSERT INTO payments (user_id, plan, purpose, method, status, amount, invoice_id, paid_at, quote)
    SELECT md5('user' || n)::uuid, 'pro', 'renew', 'card', 'paid', 1999000, 'CD-' || n, now(), '{{}}'
    FROM generate_series(1, {people}) AS n WHERE n > {people} * 0.75 AND n % 4 = 1
    """,
    """
    INSERT INTO kaspi_stores (user_id, merchant_id, name, channel, home_city_id, needs_reauth,
        ai_send_delay_minutes, ai_max_messages_per_day, points)
    SELECT md5('user' || n)::uuid, (30000000 + n)::text, 'Магазин', 'cabinet', '750000000',
        n > {people} * 0.98 AND n % 40 = 1, 0, 0, '[]'
    FROM generate_series(1, {people}) AS n WHERE n % 3 = 1
    """,
    """
    SELECT note_facts_of_user(id) FROM users WHERE id IN (SELECT user_id FROM subscriptions
        UNION SELECT user_id FROM payments UNION SELECT user_id FROM kaspi_stores)
    """,
)
_CHOICES: dict[str, tuple[Any, ...]] = {
    "tab": ("user", "support", "admin", "blocked", "deleted"),
    "plan": ("free", "basic", "pro", "trial", "left"),
    "stores": ("with", "without", "lost"),
    "email": ("yes", "no"),
    "since": (timedelta(days=1), timedelta(days=90)),
    "seen_since": (timedelta(minutes=5),),
    "search": (
        "и", "имя", "имябз", "имябз фамде", "имябз12", "a1b2c3", "+7 701 000 00 01", "никтоневстречал",
    ),
}  # fmt: skip
_TOGETHER, _AGAIN = 3, 25


def main() -> None:
    """Fill, measure, print."""
    with servers() as running:
        asyncio.run(_measure(running.database_url))


async def _measure(url: str) -> None:
    db, now = Database(url, name="bench"), datetime.now(UTC)
    started = time.perf_counter()
    async with db.write() as tx:
        for statement in _FILL:
            await tx.execute(
                text(statement.format(people=_PEOPLE).replace(":", "\\:").replace("\\:\\:", "::"))
            )
    async with db.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
            text("VACUUM ANALYZE")
        )
    _say(f"{_PEOPLE:,} people filled in {time.perf_counter() - started:.0f} s")
    rows = [await _row(db, name, asked, cursor, now) for name, asked, cursor in _cases(now)]
    print_table(["", "rows", "median ms", "worst ms", "plan of the page's query"], rows)
    _say(f"load of the machine: {os.getloadavg()[0]:.1f}")
    for count in range(_TOGETHER + 1):
        await _all_together(db, count, now)
    await db.close()


async def _all_together(db: Database, count: int, now: datetime) -> None:
    """Ask with every choice of so many filters: the newest, deep, back; the slowest of them again."""
    cases = [
        (asked, cursor)
        for names in combinations(_CHOICES, count)
        for chosen in product(*(_CHOICES[it] for it in names))
        for asked in [_filter(dict(zip(names, chosen, strict=True)), now)]
        for cursor in ("", _deep(now), f"<{_deep(now)}")
    ]
    took = [(await _ask(db, asked, cursor, now), asked, cursor) for asked, cursor in cases]
    slowest = sorted(took, key=lambda it: -it[0])[:_AGAIN]
    again = [
        (statistics.median([await _ask(db, asked, cursor, now) for _ in range(3)]), asked, cursor)
        for _, asked, cursor in slowest
    ]
    worst, asked, cursor = max(again, key=lambda it: it[0])
    required = 100 if count < 2 else 300
    place = {"": "newest", "<": "back"}.get(cursor[:1], "deep")
    _say(
        f"{count} filters, {len(cases)} ways: median {statistics.median(it[0] for it in took):.0f} ms, "
        f"{sum(it[0] > required for it in took)} over {required} ms at once, "
        f"{sum(it[0] > required for it in again)} again; the worst again {worst:.0f} ms "
        f"(ratio {worst / required:.2f}): {place} {_words(asked)}; load {os.getloadavg()[0]:.1f}"
    )


async def _ask(db: Database, asked: PeopleFilter, cursor: str, now: datetime) -> float:
    async with db.read() as tx:
        began = time.perf_counter()
        await directory.page(tx, _ADMIN, asked, cursor=cursor, secrets=_BOX, now=now)
        return (time.perf_counter() - began) * 1000


def _filter(chosen: dict[str, Any], now: datetime) -> PeopleFilter:
    return PeopleFilter(
        **{name: now - it if isinstance(it, timedelta) else it for name, it in chosen.items()}
    )


def _words(asked: PeopleFilter) -> str:
    return ", ".join(f"{name} {it}" for name, it in asdict(asked).items() if it)


def _deep(now: datetime) -> str:
    return str(Cursor(now - timedelta(days=500), new_id()))


def _cases(now: datetime) -> list[tuple[str, PeopleFilter, str]]:
    deep, day = _deep(now), timedelta(days=1)
    return [
        ("first page", PeopleFilter(), ""),
        ("500,000 rows deep", PeopleFilter(), deep),
        ("and back from there", PeopleFilter(), f"<{deep}"),
        ("e-mail's beginning", PeopleFilter(search="имябз12"), ""),
        ("a whole e-mail", PeopleFilter(search="имябз1200@mail.kz"), ""),
        ("id's beginning", PeopleFilter(search="a1b2c3"), ""),
        ("a name of 25,000", PeopleFilter(search="имябз"), ""),
        ("two words of a name", PeopleFilter(search="имябз фамде"), ""),
        ("a name of nobody", PeopleFilter(search="никтоневстречал"), ""),
        ("a phone", PeopleFilter(search="+7 701 000 00 01"), ""),
        ("blocked", PeopleFilter(tab="blocked"), ""),
        ("admins", PeopleFilter(tab="admin"), ""),
        ("BASIC", PeopleFilter(plan="basic"), ""),
        ("FREE + store lost", PeopleFilter(plan="free", stores="lost"), ""),
        ("blocked + PRO + store", PeopleFilter(tab="blocked", plan="pro", stores="with"), ""),
        (
            "blocked + BASIC + store lost",
            PeopleFilter(tab="blocked", plan="basic", stores="lost"),
            "",
        ),
        (
            "trial + not confirmed + store lost",
            PeopleFilter(plan="trial", email="no", stores="lost"),
            "",
        ),
        ("name + PRO + not confirmed", PeopleFilter(search="имябз", plan="pro", email="no"), ""),
        (
            "name + blocked + month",
            PeopleFilter(search="имябз", tab="blocked", since=now - 30 * day),
            "",
        ),
        ("support + store (nobody)", PeopleFilter(tab="support", stores="lost"), ""),
    ]


async def _row(
    db: Database, name: str, asked: PeopleFilter, cursor: str, now: datetime
) -> list[str]:
    took = [await _ask(db, asked, cursor, now) for _ in range(_TIMES)]
    async with db.read() as tx:
        page = await directory.page(tx, _ADMIN, asked, cursor=cursor, secrets=_BOX, now=now)
    plan = await _plan(db, asked, cursor, now)
    return [name, str(len(page.rows)), f"{statistics.median(took):.1f}", f"{max(took):.1f}", plan]


async def _plan(db: Database, asked: PeopleFilter, cursor: str, now: datetime) -> str:
    """Return the scans that Postgres chose for the page's first query."""
    seen: list[tuple[str, Any]] = []

    def keep(_c: Any, _cur: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(db.engine.sync_engine, "before_cursor_execute", keep)
    try:
        async with db.read() as tx:
            await directory.page(tx, _ADMIN, asked, cursor=cursor, secrets=_BOX, now=now)
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", keep)
    statement, parameters = next(it for it in seen if "FROM users" in it[0])
    async with db.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        lines = [row[0] for row in await raw.fetch(f"EXPLAIN {statement}", *parameters)]
    scans = [line.strip(" ->").partition("  (cost")[0] for line in lines if "Scan" in line]
    return "; ".join(dict.fromkeys(scans))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
