from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import load_settings
from cube_demper.db.session import Database
from cube_demper.sandbox import demo
from cube_demper.sandbox.seeding import SMALL_PLAN
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.world import World


@pytest.fixture
async def product(
    *,
    db: Database,
    redis: Redis,
    database_url: str,
    redis_url: str,
    port_base: int,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Services]:
    for name, value in {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "CUBE_PORT_BASE": str(port_base),
        "KASPI_SHOP_URL": f"http://127.0.0.1:{port_base + 10}",
        "KASPI_MERCHANT_URL": f"http://127.0.0.1:{port_base + 11}",
    }.items():
        monkeypatch.setenv(name, value)
    services = build_services(load_settings(), name="demo-test")
    yield services
    await services.close()


@pytest.fixture
async def sandbox(port_base: int) -> AsyncIterator[Sandbox]:
    async with Sandbox.start(port_base=port_base, plan=SMALL_PLAN) as running:
        yield running


async def rows(services: Services, query: str) -> list[tuple[object, ...]]:
    async with services.db.read() as tx:
        return [tuple(row) for row in await tx.execute(text(query))]


def on_sale(world: World) -> int:
    return sum(good.is_on_sale for goods in world.stores.values() for good in goods.values())


async def test_it_fills_stores_goods_bounds_and_bots(product: Services, sandbox: Sandbox) -> None:
    await demo.fill(product)
    found = await rows(
        product,
        "SELECT s.merchant_id, s.name, d.is_enabled, d.mode, d.work_hours_start, s.home_city_id "
        "FROM kaspi_stores s JOIN demping_settings d ON d.store_id = s.id ORDER BY 1",
    )
    assert found == [
        ("30000001", "Тестовая лавка", True, "auto", None, "750000000"),
        ("30000002", "Второй прилавок", True, "auto", None, "750000000"),
    ]
    goods = await rows(product, "SELECT bot_active, min_price, max_price, price FROM products")
    assert len(goods) == on_sale(sandbox.world)
    assert 0.5 < sum(bool(bot) for bot, *_ in goods) / len(goods) < 0.95
    assert any(low is None for _, low, _, _ in goods)
    assert all(low < price < high for _, low, high, price in goods if low is not None)  # type: ignore[operator]
    assert await rows(product, "SELECT count(*) FROM proxies") == [(8,)]


async def test_the_second_time_it_touches_nothing(product: Services, sandbox: Sandbox) -> None:
    await demo.fill(product)
    async with product.db.write() as tx:
        await tx.execute(text("UPDATE products SET min_price = NULL, bot_active = false"))
        await tx.execute(text("UPDATE demping_settings SET mode = 'suggest'"))
    before = await rows(product, "SELECT id, guid FROM kaspi_stores ORDER BY id")
    people = await rows(product, "SELECT id, email FROM users ORDER BY id")
    await demo.fill(product)
    assert await rows(product, "SELECT id, guid FROM kaspi_stores ORDER BY id") == before
    assert await rows(product, "SELECT DISTINCT bot_active, min_price FROM products") == [
        (False, None)
    ]
    assert await rows(product, "SELECT DISTINCT mode FROM demping_settings") == [("suggest",)]
    assert await rows(product, "SELECT id, email FROM users ORDER BY id") == people


async def test_dead_cookies_are_renewed(product: Services, sandbox: Sandbox) -> None:
    await demo.fill(product)
    sandbox.sessions.expire("seller@example.kz")
    async with product.db.write() as tx:
        await tx.execute(text("UPDATE kaspi_stores SET needs_reauth = true"))
    await demo.fill(product)
    stores = await rows(
        product,
        "SELECT guid->>'cookies', needs_reauth FROM kaspi_stores WHERE merchant_id LIKE '3000000%'",
    )
    assert len(stores) == 2
    for cookies, needs_reauth in stores:
        assert not needs_reauth
        listed = json.loads(product.secrets.decrypt(str(cookies)))
        sid = next(cookie["value"] for cookie in listed if cookie["name"] == "mc-sid")
        assert sandbox.sessions.account_of(sid) is not None


async def test_without_a_sandbox_it_says_so(product: Services) -> None:
    with pytest.raises(ConfigurationError, match="Песочница не отвечает"):
        await demo.fill(product)
