"""A tab of the seller's app without a browser: states, and the socket's handshake with its cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import reflex as rx
from accounts_scene import Scene
from redis.asyncio import Redis
from web_stage import connect, web_services

from cube_demper import bootstrap
from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.integrations.attempts.client import RedisAttempts

NewTab = Callable[..., Any]


@pytest.fixture
def scene(db: Database, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Scene:
    clock = FixedClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    scene = Scene(db, clock, RedisAttempts(redis))
    services = web_services(scene, redis)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    return scene


@pytest.fixture
def new_tab(scene: Scene) -> NewTab:
    """Return a function that opens a tab at an address, with a session's token."""

    def open_tab(token: str | None = None, address: str = "/products?bot=on") -> Any:
        root = rx.State()
        connect(root, token, address)
        return root

    return open_tab
