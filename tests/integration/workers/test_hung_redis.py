"""A Redis that takes connections and never answers: it costs one timeout, not one for every look."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from fake_kaspi import FakeKaspi
from limits_crowd import START
from redis.asyncio import Redis

from cube_demper.core.clock import FixedClock
from cube_demper.core.settings import KaspiSettings
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import LimitRules, Refill
from cube_demper.integrations.proxies.pool import EgressPool
from workers.looking import MarketWatch, Question


class Hung:
    """Counts what it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            self.asked += 1
        writer.close()


@pytest.fixture
async def hung() -> AsyncIterator[tuple[Hung, Redis]]:
    server = Hung()
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        redis = Redis(host="127.0.0.1", port=port, socket_timeout=0.2)
        yield server, redis
        await redis.aclose()


async def test_looks_go_on_without_it(redis: Redis, hung: tuple[Hung, Redis]) -> None:
    server, sleeping = hung
    clock = FixedClock(START)

    async def nothing() -> Refill:
        return Refill()

    limits = Limits(redis, LimitRules(), clock, nothing, prefix="hung:")
    pool = EgressPool([None], clock=clock, client=FakeKaspi().client)
    client = KaspiClient(KaspiSettings(), limits, pool, clock, rng=random.Random(1))
    watch = MarketWatch(client, sleeping, clock)

    await watch.look(Question("1", "750000000", frozenset()))
    asked = server.asked
    for card in range(2, 12):
        _, is_fresh = await watch.look(Question(str(card), "750000000", frozenset()))
        assert is_fresh

    assert asked > 0
    assert server.asked == asked
