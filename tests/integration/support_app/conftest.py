"""A tab of the support app without a browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import reflex as rx
from accounts_scene import Scene
from records import NOON
from redis.asyncio import Redis
from support_scene import Desk
from web_stage import connect, web_services

from cube_demper import bootstrap
from cube_demper.core.clock import FixedClock
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.accounts import UserSession
from cube_demper.ui.presence import presence

NewTab = Callable[[Actor, str], Awaitable[Any]]


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


@pytest.fixture
def new_tab(desk: Desk, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> NewTab:
    """Return a function that opens a tab at an address as somebody of support."""
    scene = Scene(desk.db, FixedClock(NOON), RedisAttempts(redis))
    services = web_services(scene, redis)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    monkeypatch.setenv("CUBE_APP", CubeApp.SUPPORT)
    presence.cache_clear()

    async def open_tab(who: Actor, address: str) -> Any:
        token = new_token()
        async with desk.db.write() as tx:
            tx.add(
                UserSession(
                    token_hash=token_hash(token),
                    app=CubeApp.SUPPORT,
                    user_id=who.user_id,
                    expires_at=NOON + timedelta(hours=9),
                )
            )
        root = rx.State()
        connect(root, token, address, CubeApp.SUPPORT)
        return root

    return open_tab
