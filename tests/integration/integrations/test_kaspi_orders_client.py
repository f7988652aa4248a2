"""The client of the official orders API: what it sends, how it reads refusals; then against the sandbox."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta

import pytest
from fake_kaspi import FakeKaspi
from limits_crowd import START

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.core.settings import KaspiSettings
from cube_demper.integrations.kaspi.errors import EgressBlocked
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.orders_client import OrdersClient
from cube_demper.integrations.proxies.pool import EgressPool
from cube_demper.sandbox.server import Sandbox

TOKEN = "the-token-of-this-store="
SINCE, DAYS = START - timedelta(days=13), timedelta(days=13)
PAGE = {"data": [{"attributes": {"pickupPointId": "30000001_PP1"}}], "meta": {"totalCount": 7}}
EMPTY = {"data": [], "meta": {"pageCount": 0, "totalCount": 0}}


@pytest.fixture
def orders(limits: Limits, pool: EgressPool, clock: FixedClock) -> OrdersClient:
    return OrdersClient(KaspiSettings(), limits, pool, clock, rng=random.Random(1))


async def test_a_request_is_what_the_guide_asks_for(orders: OrdersClient, kaspi: FakeKaspi) -> None:
    kaspi.answer(json=PAGE)
    seen = await orders.seen(TOKEN, SINCE, START)
    assert (seen.count, seen.points) == (7, ("30000001_PP1",))
    (request,) = kaspi.requests
    assert request.url.path == "/shop/api/v2/orders"
    assert request.headers["X-Auth-Token"] == TOKEN
    assert request.headers["Accept"] == "application/vnd.api+json"
    assert "Mozilla" in request.headers["User-Agent"]
    asked = dict(request.url.params)
    assert (asked["page[number]"], asked["page[size]"]) == ("0", "100")
    window = int(asked["filter[orders][creationDate][$le]"]) - int(
        asked["filter[orders][creationDate][$ge]"]
    )
    assert window == DAYS / timedelta(milliseconds=1)


async def test_a_state_without_orders_is_not_the_last_word(
    orders: OrdersClient, kaspi: FakeKaspi
) -> None:
    kaspi.answer(json=EMPTY)
    kaspi.answer(json=PAGE)
    assert (await orders.seen(TOKEN, SINCE, START)).count == 7
    states = [request.url.params["filter[orders][state]"] for request in kaspi.requests]
    assert len(set(states)) == 2


@pytest.mark.parametrize(
    ("status", "given", "kind"),
    [
        (401, {"json": {"errors": []}}, CredentialsRejected),
        (403, {"json": {"errors": []}}, CredentialsRejected),
        (403, {"html": "<html>"}, EgressBlocked),
        (429, {"json": {}}, RateLimited),
        (503, {"html": "<html>"}, Unreachable),
        (400, {"json": {"errors": []}}, Refused),
        (404, {"html": "<html>"}, ContractChanged),
        (200, {"html": "<html>"}, ContractChanged),
    ],
)
async def test_only_data_refuses_a_token_and_a_page_is_the_networks(
    orders: OrdersClient, kaspi: FakeKaspi, status: int, given: dict, kind: type[IntegrationError]
) -> None:
    for _ in range(12):
        kaspi.answer(status, **given)
    with pytest.raises(IntegrationError) as refusal:
        await orders.seen(TOKEN, SINCE, START)
    assert type(refusal.value) is kind


async def test_a_token_goes_to_no_shared_memory_in_clear(
    orders: OrdersClient, kaspi: FakeKaspi, redis: object, prefix: str
) -> None:
    kaspi.answer(json=PAGE)
    await orders.seen(TOKEN, SINCE, START)
    keys = [key async for key in redis.scan_iter(f"{prefix}*")]  # type: ignore[attr-defined]
    assert keys
    assert not [key for key in keys if TOKEN.encode() in key]


async def test_the_sandboxes_orders_are_read_and_a_remade_token_is_dead(
    clock: FixedClock, make_limits: Callable[..., Limits]
) -> None:
    pool = EgressPool([None], clock=clock)
    async with Sandbox.start(seed=7, clock=clock) as sandbox, aclosing(pool):
        limits = make_limits()
        await limits.snapshot()
        clock.move(seconds=2)
        settings = KaspiSettings(KASPI_SHOP_URL=sandbox.shop_url)
        client = OrdersClient(settings, limits, pool, clock)
        token = sandbox.make_token("30000001")
        seen = await client.seen(token, clock.now() - DAYS, clock.now())
        assert seen.count > 10
        assert seen.points == ("30000001_PP1", "30000001_PP2")
        sandbox.make_token("30000001")
        with pytest.raises(CredentialsRejected):
            await client.seen(token, clock.now() - DAYS, clock.now())
