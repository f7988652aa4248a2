"""A sliding window of tries in Redis. With Redis gone nobody is let in unlimited: the try is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog import get_logger

from cube_demper.core.ids import new_token
from cube_demper.domain.accounts.errors import LimitsUnavailable

# KEYS[1] the counter; ARGV now, window (ms of our clock), limit, id of this try. Returns ms to wait.
_HIT = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return math.max(1, oldest[2] + ARGV[2] - ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""
_log = get_logger()


class RedisAttempts:
    """The product's `Attempts`."""

    def __init__(self, redis: Redis) -> None:
        """Count in `redis`."""
        self._redis = redis
        self._hit = redis.register_script(_HIT)

    async def hit(self, key: str, limit: int, window: timedelta, now: datetime) -> timedelta | None:
        """Count a try; return the wait when the window is full. Raises LimitsUnavailable."""
        milliseconds = [int(now.timestamp() * 1000), int(window.total_seconds() * 1000)]
        values = [str(value) for value in (*milliseconds, limit, new_token())]
        try:
            wait = int(await self._hit(keys=[key], args=values))
        except (RedisError, OSError) as error:
            _log.exception("attempts_not_counted", error=str(error))
            raise LimitsUnavailable from None
        return timedelta(milliseconds=wait) if wait else None

    async def forget(self, key: str) -> None:
        """Empty a counter; one that stays only makes the next wait come earlier."""
        try:
            await self._redis.delete(key)
        except (RedisError, OSError) as error:
            _log.warning("attempts_not_forgotten", error=str(error))
