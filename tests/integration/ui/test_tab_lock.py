"""Events of a tab that are ended at any moment leave no lock behind them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest
from redis.asyncio import Redis
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from cube_demper.ui import tab_lock


@pytest.fixture
def mended() -> Iterator[None]:
    before = StateManagerRedis._wait_lock, StateManagerRedis._lock
    tab_lock.never_leave_locks()
    yield
    StateManagerRedis._wait_lock, StateManagerRedis._lock = before  # type: ignore[method-assign]


async def _hold(manager: Any, token: Any) -> None:
    async with manager._lock(token):
        await asyncio.sleep(random.uniform(0, 0.002))


async def _left(redis: Redis) -> list[bytes]:
    return [key async for key in redis.scan_iter("*_lock")]


@pytest.mark.usefixtures("mended")
async def test_events_ended_at_any_moment_leave_no_lock(redis: Redis) -> None:
    manager = StateManagerRedis(redis=redis, lock_expiration=60_000, lock_warning_threshold=50_000)
    for number in range(150):
        token = BaseStateToken(ident=f"tab{number}", cls=State)
        events = [asyncio.create_task(_hold(manager, token)) for _ in range(4)]
        for event in events:
            await asyncio.sleep(random.uniform(0, 0.0015))
            event.cancel()
        await asyncio.gather(*events, return_exceptions=True)
    async with asyncio.timeout(20):
        while await _left(redis):  # noqa: ASYNC110 - the server's
            await asyncio.sleep(0.05)
    last = BaseStateToken(ident="tab0", cls=State)
    async with asyncio.timeout(5):
        await _hold(manager, last)
    await manager.close()
