"""The desk of support in a browser: people and chats whose events reach open pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
import pytest
from playwright.async_api import Page
from redis.asyncio import Redis
from support_scene import Desk

from cube_demper.bootstrap import EVENTS_CHANNEL
from cube_demper.core.clock import SystemClock
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import BrowserEvent, Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.embedded import Services

SitDown = Callable[..., Awaitable[tuple[Actor, Page]]]


@pytest.fixture
async def desk(db: Database, services: Services, database_url: str) -> AsyncIterator[Desk]:
    """People and chats, whose events reach open pages as those of the apps do."""
    redis = Redis.from_url(services.redis_url)

    async def publish(events: list[BrowserEvent]) -> None:
        for it in events:
            await redis.publish(EVENTS_CHANNEL, orjson.dumps([it.channel, it.kind, it.id]))

    told = Database(database_url, publish=publish, name="desk")
    yield Desk(told, SystemClock().now())
    await told.close()
    await redis.aclose()


@pytest.fixture
def sit_down(desk: Desk, sign_in: Any) -> SitDown:
    """Return a function that hires somebody and opens an address of the support app as them."""

    async def come(name: str, path: str, **how: bool) -> tuple[Actor, Page]:
        actor = await desk.hire(name)
        return actor, await sign_in(desk.people[name], path, app=CubeApp.SUPPORT, **how)

    return come
