"""What everything stands on: database, Redis, migrations, clock, keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import text

from cube_demper.bootstrap import Services
from cube_demper.core.errors import ConfigurationError
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, judge, note

_MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "alembic"
_OLDEST_POSTGRES: Final = 150_000
_WORST_OFFSET_SECONDS: Final = 2
_TRIES: Final = 5


async def look_at_database(tx: ReadTx) -> tuple[Finding, ...]:
    """Version, pgvector and the time of an empty question."""
    version = int(await tx.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    shown = await tx.scalar(text("SELECT current_setting('server_version')"))
    vector = await tx.scalar(
        text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
    )
    took = await _milliseconds(lambda: tx.execute(text("SELECT 1")))
    return (
        judge(f"Postgres {shown}, ответ за {took} мс", is_good=version >= _OLDEST_POSTGRES),
        good(f"pgvector {vector}")
        if vector
        else note("pgvector не установлен: юрист сравнивает каждый вектор, поиск медленнее"),
    )


async def look_at_redis(services: Services) -> tuple[Finding, ...]:
    """Whether Redis answers, and how fast."""
    try:
        took = await _milliseconds(lambda: services.redis.echo("?"))
        version = (await services.redis.info("server")).get("redis_version", "?")
    except (RedisError, OSError) as error:
        return (bad(f"Redis не отвечает: воркеры работают медленно и осторожно ({error})"),)
    return (good(f"Redis {version}, ответ за {took} мс"),)


async def look_at_migrations(tx: ReadTx) -> tuple[Finding, ...]:
    """Whether the database is at the newest migration."""
    heads = ScriptDirectory(str(_MIGRATIONS)).get_heads()
    current = await current_revisions(tx)
    if current == set(heads):
        return (good(f"База на последней миграции: {', '.join(heads)}"),)
    has = ", ".join(sorted(current)) or "ни одной"
    return (bad(f"В базе {has}, нужна {', '.join(heads)}. Выполните cube migrate"),)


async def current_revisions(tx: ReadTx) -> set[str]:
    """Return the migrations that the database is at; empty when it has never been migrated."""
    if await tx.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return set()
    return set((await tx.scalars(text("SELECT version_num FROM alembic_version"))).all())


async def look_at_clock(services: Services) -> tuple[Finding, ...]:
    """How far this machine's time is from the database's."""
    before = datetime.now(UTC)
    database = await services.db.now()
    middle = before + (datetime.now(UTC) - before) / 2
    offset = (middle - database).total_seconds()
    found = judge(
        f"Часы машины и базы расходятся на {abs(offset):.2f} с".replace(".", ","),
        is_good=abs(offset) <= _WORST_OFFSET_SECONDS,
    )
    if services.settings.clock:
        return (found, note(f"Время ускорено: CUBE_CLOCK={services.settings.clock}"))
    return (found,)


async def look_at_secrets(services: Services, tx: ReadTx) -> tuple[Finding, ...]:
    """Open what is stored with the keys at hand.

    Raises ConfigurationError when a key is missing: with wrong keys nothing else is worth reading.
    """
    stored = (await tx.scalars(text(_ENCRYPTED))).all()
    for secret in stored:
        try:
            services.secrets.decrypt(secret)
        except ConfigurationError:
            raise ConfigurationError(
                "Неверный SECRET_KEYS: ни один ключ не открывает сохранённые входы и прокси"
            ) from None
    return (good(f"Ключи SECRET_KEYS открывают всё сохранённое: {len(stored)}"),)


_ENCRYPTED: Final = """
SELECT secret FROM (
    SELECT guid->>'cookies' AS secret FROM kaspi_stores
    UNION ALL SELECT guid->>'password' FROM kaspi_stores
    UNION ALL SELECT url FROM proxies
    UNION ALL SELECT token FROM orders_tokens
    UNION ALL SELECT offered FROM orders_tokens
    UNION ALL (SELECT customer_name FROM orders ORDER BY created_at DESC LIMIT 100)
) AS secrets WHERE secret IS NOT NULL
"""


async def _milliseconds(ask: Callable[[], Awaitable[object]]) -> str:
    times = []
    for _ in range(_TRIES):
        start = perf_counter()
        await ask()
        times.append((perf_counter() - start) * 1000)
    return f"{median(times):.1f}".replace(".", ",")
