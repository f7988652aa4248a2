"""Calls to a Redis that can be done without: gone, they cost nothing; hung, one timeout."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from structlog import get_logger

_REST_SECONDS = 5.0
_log = get_logger()
_T = TypeVar("_T")


class OptionalRedis:
    """Makes calls that may fail; after one that timed out, none for five real seconds.

    Without that rest a Redis that hangs would cost each call its timeout.
    """

    def __init__(self, lost: str) -> None:
        """`lost`: the name of the log line for a call that failed."""
        self._lost = lost
        self._rests_until = 0.0

    async def call(self, ask: Callable[[], Awaitable[_T]]) -> _T | None:
        """Return the answer, None without Redis."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return await ask()
        except (RedisError, OSError) as error:
            if isinstance(error, RedisTimeout | TimeoutError):
                self._rests_until = time.monotonic() + _REST_SECONDS
            _log.warning(self._lost, error=repr(error))
            return None
