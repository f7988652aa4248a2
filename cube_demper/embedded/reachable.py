"""One clear line for a database or a Redis that does not answer, before anybody sees a traceback."""

from __future__ import annotations

from urllib.parse import urlsplit

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cube_demper.core.errors import ConfigurationError

_SECONDS = 10


async def require_reachable(database_url: str, redis_url: str | None = None) -> None:
    """Connect to each once. Raises ConfigurationError naming the variable, never the password."""
    plain = f"postgresql://{database_url.partition('://')[2]}"  # whatever driver it names
    try:
        connection = await asyncpg.connect(plain, timeout=_SECONDS)
        await connection.close()
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _unreachable("DATABASE_URL", database_url, error) from None
    if redis_url is not None:
        client = Redis.from_url(redis_url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
        try:
            await client.ping()  # type: ignore[misc] # its type also says «or no awaitable»
        except (OSError, RedisError) as error:
            raise _unreachable("REDIS_URL", redis_url, error) from None
        finally:
            await client.aclose()


def _unreachable(variable: str, url: str, error: Exception) -> ConfigurationError:
    parts = urlsplit(url)
    reason = str(error).strip().split("\n")[0] or type(error).__name__
    return ConfigurationError(
        f"{variable}: {parts.hostname}:{parts.port} недоступен ({reason}); "
        "проверьте адрес или запустите make up без него"
    )
