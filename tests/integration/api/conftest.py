"""The seller's app without its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from accounts_scene import Scene
from redis.asyncio import Redis
from web_stage import Site, build_site, web_services

from cube_demper import bootstrap
from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.integrations.attempts.client import RedisAttempts


@pytest.fixture
def scene(db: Database, redis: Redis) -> Scene:
    clock = FixedClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    return Scene(db, clock, RedisAttempts(redis))


@pytest.fixture
async def site(scene: Scene, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    services = web_services(scene, redis)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    built = build_site(services, scene)
    yield built
    await built.client.aclose()
