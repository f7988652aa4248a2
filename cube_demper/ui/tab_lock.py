"""A tab's lock in Redis that no cancellation leaves behind.

Reflex 0.10.1 ends what a page was doing when its person reloads it. Ended while the lock was being asked
for or given back, the lock stays in Redis until it expires, and the page that comes next stands still for as
long (`redis_lock_expiration`, 30 s here). Seen by reloading a page as soon as it is painted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.exceptions import RedisError
from reflex.istate.manager.redis import StateManagerRedis
from structlog import get_logger

_GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"
_log = get_logger()
_wait = StateManagerRedis._wait_lock  # noqa: SLF001 - what is mended is theirs
_lock = StateManagerRedis._lock  # noqa: SLF001
_returning: set[asyncio.Task[None]] = set()


def never_leave_locks() -> None:
    """Mend the state manager of this process; doing it again changes nothing."""
    StateManagerRedis._wait_lock = _wait_whole  # type: ignore[method-assign] # noqa: SLF001
    StateManagerRedis._lock = _locked  # type: ignore[assignment] # noqa: SLF001


async def _wait_whole(self: Any, lock_key: bytes, lock_id: bytes) -> None:
    """Wait for the lock; who is ended meanwhile keeps their place and gives it back at once."""
    waiting = asyncio.create_task(_wait(self, lock_key, lock_id))
    try:
        await asyncio.shield(waiting)
    except asyncio.CancelledError:
        giving = asyncio.create_task(_give_back(self, waiting, lock_key, lock_id))
        _returning.add(giving)
        giving.add_done_callback(_returning.discard)
        raise


async def _give_back(
    self: Any, waiting: asyncio.Task[None], lock_key: bytes, lock_id: bytes
) -> None:
    await asyncio.gather(waiting, return_exceptions=True)
    try:
        await self.redis.eval(_GIVE_BACK, 1, lock_key, lock_id)
    except RedisError as error:
        _log.warning("tab_lock_left", error=str(error))  # it expires
    self._notify_next_waiter(lock_key)


@asynccontextmanager
async def _locked(self: Any, token: Any, event_name: str | None = None) -> AsyncIterator[bytes]:
    """Hold the lock while the block runs; giving it back cannot be interrupted."""
    held = _lock(self, token, event_name)
    lock_id = await held.__aenter__()
    try:
        yield lock_id
    except BaseException as error:
        if not await asyncio.shield(held.__aexit__(type(error), error, error.__traceback__)):
            raise
    else:
        await asyncio.shield(held.__aexit__(None, None, None))
