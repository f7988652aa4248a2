"""A Redis that nobody serves."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff


def dead_redis() -> Redis:
    """Return a client that fails at once; its own retries would take some seven seconds a command."""
    return Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0))
