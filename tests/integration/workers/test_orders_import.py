"""The first import of a store's orders: a year, by the token and by the cabinet."""

from __future__ import annotations

import pytest
from orders_scene import OrdersScene
from sqlalchemy import select
from sqlmodel import col
from worker_stage import Stage

from cube_demper.domain.orders.people import read_phone
from cube_demper.models.catalog import Product
from cube_demper.models.orders import OrderSource, OrderStatus, OrderStatusHistory

DEPTH = 365


@pytest.fixture
def scene(stage: Stage) -> OrdersScene:
    return OrdersScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


async def test_the_first_import_brings_a_year_and_tells_nobody(scene: OrdersScene) -> None:
    began = scene.stage.clock.now()
    await scene.begin()
    await scene.work()
    poll, orders = await scene.poll(), await scene.orders()
    assert poll.import_finished_at is not None
    expected = {life.code: life for life in scene.lives(DEPTH - 1)}
    assert expected.keys() <= orders.keys()
    # What was ordered or moved while the import ran is news, and nothing else.
    async with scene.stage.db.read() as tx:
        steps = select(col(OrderStatusHistory.order_id)).where(
            col(OrderStatusHistory.old_status).is_not(None)
        )
        present = set(await tx.scalars(steps))
    present |= {it.id for it in orders.values() if it.ordered_at >= began}
    assert {it["order_id"] for it in await scene.news()} <= {str(it) for it in present}
    assert len(present) < len(orders) / 20
    assert poll.imported > len(expected) * 0.9
    life = next(
        it
        for it in expected.values()
        if len(it.lines) > 1 and all(line.good.is_on_sale for line in it.lines)
    )
    row = orders[life.code]
    assert row.total_price == life.total * 100
    assert row.customer_phone is not None
    assert life.phone not in row.customer_phone
    secrets = scene.stage.services.secrets
    assert secrets.decrypt(row.customer_phone) == read_phone(life.phone)
    assert row.customer_phone_hash == secrets.fingerprint(f"+7{life.phone}")
    items = await scene.items(row.id)
    assert [item.sku for item in items] == [line.good.sku for line in life.lines]
    assert sum(item.total_price for item in items) == row.total_price
    async with scene.stage.db.read() as tx:
        product = await tx.get_one(Product, items[0].product_id)
    assert product.kaspi_sku == items[0].sku


async def test_without_a_token_the_cabinet_tells_without_phones(scene: OrdersScene) -> None:
    await scene.begin(with_token=False)
    await scene.work()
    orders = await scene.orders()
    assert len(orders) >= len(scene.lives(DEPTH - 1)) * 0.9
    row = next(row for row in orders.values() if row.status == OrderStatus.COMPLETED)
    assert (row.source, row.kaspi_order_id) == (OrderSource.CABINET, None)
    assert (row.customer_phone, row.customer_name is None) == (None, False)
    assert await scene.items(row.id)
    before = len(orders)
    await scene.begin()
    await scene.later(hours=1)
    orders = await scene.orders()
    recent = [it for it in orders.values() if it.source == OrderSource.API]
    assert len(orders) - before < 4
    assert recent
    assert all(it.kaspi_order_id and it.customer_phone for it in recent)
