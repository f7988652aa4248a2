from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from accounts_scene import Scene
from card_stage import CardStage, card_stage
from redis.asyncio import Redis
from tiptoppay_stage import Till, open_till

from cube_demper.db.session import Database
from cube_demper.integrations.attempts.client import RedisAttempts


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    async with open_till() as opened:
        yield opened


@pytest.fixture
async def stage(
    till: Till, db: Database, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CardStage]:
    scene = Scene(db, till.clock, RedisAttempts(redis))
    async with card_stage(scene, redis, till, monkeypatch) as opened:
        yield opened
