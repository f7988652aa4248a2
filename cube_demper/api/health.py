"""Whether this app can work: database, Redis and migrations, each by name."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import cube_demper
from cube_demper.bootstrap import Services

_SECONDS = 3


async def check_health(services: Services) -> dict[str, bool]:
    """Look at everything an app needs; each part answers for itself."""
    (database, migrations), redis = await asyncio.gather(
        _check_database(services), _check_redis(services)
    )
    return {"database": database, "migrations": migrations, "redis": redis}


async def _check_database(services: Services) -> tuple[bool, bool]:
    try:
        async with asyncio.timeout(_SECONDS), services.db.read() as tx:
            found = await tx.scalar(text("SELECT version_num FROM alembic_version"))
    except (SQLAlchemyError, OSError):
        return False, False
    return True, found == newest_migration()


async def _check_redis(services: Services) -> bool:
    try:
        async with asyncio.timeout(_SECONDS):
            return bool(await services.redis.ping())  # type: ignore[misc] # its type also says «or no awaitable»
    except (RedisError, OSError):
        return False


@cache
def newest_migration() -> str | None:
    """Return the head of `alembic/`, which the database must be at."""
    config = Config()
    folder = Path(cube_demper.__file__).resolve().parent.parent / "alembic"
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config).get_current_head()
