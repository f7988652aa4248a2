"""The stage that account tests play on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from accounts_scene import Scene
from redis.asyncio import Redis

from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.integrations.attempts.client import RedisAttempts


@pytest.fixture
def scene(db: Database, redis: Redis) -> Scene:
    """Nobody yet, at noon in Almaty and two hours."""
    clock = FixedClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    return Scene(db, clock, RedisAttempts(redis))
