from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from accounts_scene import Scene
from redis.asyncio import Redis
from waha_scene import Stage, waha_stage

from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.sandbox.server import Sandbox

START = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


@pytest.fixture
async def stage(
    db: Database, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """A seller, WAHA and our webhook."""
    clock = FixedClock(START)
    scene = Scene(db, clock, RedisAttempts(redis))
    async with (
        Sandbox.start(seed=1, clock=clock) as sandbox,
        waha_stage(scene, redis, sandbox, monkeypatch) as stage,
    ):
        yield stage
