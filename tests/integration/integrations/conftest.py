"""Limits over a real Redis, in a time that moves only when a test says so."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count

import pytest
from fake_kaspi import PROXIES, FakeKaspi
from limits_crowd import START, SkewedClock, nothing_sent
from redis.asyncio import Redis

from cube_demper.core.clock import FixedClock
from cube_demper.core.settings import KaspiSettings
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.limits import Limits, RefillSource
from cube_demper.integrations.kaspi.limits.rules import LimitRules
from cube_demper.integrations.proxies.pool import EgressPool

_prefixes = count(1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def prefix() -> str:
    return f"limits-{next(_prefixes)}:"


@pytest.fixture
def make_limits(redis: Redis, clock: FixedClock, prefix: str) -> Callable[..., Limits]:
    """Each call is another process on the same Redis."""

    def make(
        skew_ms: int = 0,
        refill: RefillSource = nothing_sent,
        figures: LimitRules | None = None,
        client: Redis | None = None,
        instances: int = 1,
    ) -> Limits:
        return Limits(
            client or redis,
            figures or LimitRules(),
            SkewedClock(clock, skew_ms),
            refill,
            instances=instances,
            prefix=prefix,
            probe_seconds=0.0,
        )

    return make


@pytest.fixture
async def limits(make_limits: Callable[..., Limits], clock: FixedClock) -> Limits:
    """One process; its windows, full once after the cold start, are open."""
    made = make_limits()
    await made.snapshot()
    clock.move(seconds=2)
    return made


@pytest.fixture
def kaspi() -> FakeKaspi:
    return FakeKaspi()


@pytest.fixture
def pool(kaspi: FakeKaspi, clock: FixedClock) -> EgressPool:
    """Two proxies and one Kaspi behind both."""
    return EgressPool(PROXIES, clock=clock, client=kaspi.client)


@pytest.fixture
def client(limits: Limits, pool: EgressPool, clock: FixedClock) -> KaspiClient:
    return KaspiClient(KaspiSettings(), limits, pool, clock, rng=random.Random(1))
