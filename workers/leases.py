"""Who may send for a store now: a short lease in Redis, a Postgres advisory lock while Redis is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from cube_demper.core.clock import Clock
from cube_demper.core.ids import new_token
from cube_demper.db.session import Database

LEASE = timedelta(seconds=60)

# The value is `token|end in seconds of our clock`: a lease ends by our clock, not by Redis's.
_TAKE = """
local held = redis.call('GET', KEYS[1])
if held then
  local token, till = held:match('^(.-)|(.+)$')
  if token ~= ARGV[1] and tonumber(till) > tonumber(ARGV[2]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1] .. '|' .. ARGV[3], 'EX', ARGV[4])
return 1
"""
_RELEASE = """
local held = redis.call('GET', KEYS[1])
if held and held:match('^(.-)|') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class Lease:
    """A held right to send. `renew` before every batch: False means stop at once."""

    def __init__(self, leases: StoreLeases, store_id: UUID) -> None:
        """Belong to one store; `token` makes it ours."""
        self._leases, self._store_id, self.token = leases, store_id, new_token()

    async def renew(self) -> bool:
        """Hold the lease for another minute, if it is still ours."""
        return await self._leases.take(self._store_id, self.token)


class StoreLeases:
    """Leases on stores' send queues."""

    def __init__(self, redis: Redis, db: Database, clock: Clock) -> None:
        """Use Redis first and Postgres while Redis is gone."""
        self._redis, self._db, self._clock = redis, db, clock

    @asynccontextmanager
    async def hold(self, store_id: UUID, *, is_degraded: bool) -> AsyncIterator[Lease | None]:
        """Hold a store's send queue, or get None when somebody else does.

        `is_degraded`: Redis is gone, so the lock is Postgres's and lives with its transaction.
        """
        if is_degraded:
            async with self._advisory(store_id) as lease:
                yield lease
            return
        lease = Lease(self, store_id)
        if not await lease.renew():
            yield None
            return
        try:
            yield lease
        finally:
            await self._release(store_id, lease.token)

    async def take(self, store_id: UUID, token: str) -> bool:
        """Take or renew a lease; without Redis there is none."""
        now = self._clock.now()
        try:
            taken = await self._redis.eval(  # type: ignore[misc] # redis-py types it for both kinds
                _TAKE, 1, _key(store_id), token, str(now.timestamp()),
                str((now + LEASE).timestamp()), str(int(LEASE.total_seconds())),
            )  # fmt: skip
        except (RedisError, OSError):
            return False
        return bool(taken)

    async def _release(self, store_id: UUID, token: str) -> None:
        try:
            await self._redis.eval(_RELEASE, 1, _key(store_id), token)  # type: ignore[misc]
        except (RedisError, OSError):
            return  # it ends by itself

    @asynccontextmanager
    async def _advisory(self, store_id: UUID) -> AsyncIterator[Lease | None]:
        # The transaction begins with the first statement and ends, without a commit, with the block.
        async with self._db.engine.connect() as connection:
            row = await connection.execute(
                text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))"),
                {"key": _key(store_id)},
            )
            yield _Locked(self, store_id, connection) if row.scalar_one() else None


class _Locked(Lease):
    """Held by the Postgres transaction around it: for as long as that lives."""

    def __init__(self, leases: StoreLeases, store_id: UUID, connection: AsyncConnection) -> None:
        super().__init__(leases, store_id)
        self._connection = connection

    async def renew(self) -> bool:
        try:
            await self._connection.execute(text("SELECT 1"))
        except (OSError, SQLAlchemyError):
            return False
        return True


def _key(store_id: UUID) -> str:
    return f"send:{store_id}"
