"""kill -9 of the orders worker in the middle of a first import: it goes on, nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from orders_scene import OrdersScene
from sqlalchemy import func, select
from sqlmodel import col
from worker_process import Nursery, stage_environment
from worker_stage import Stage

from cube_demper.models.orders import Order, OrderItem, OrderStatusHistory
from cube_demper.sandbox.seeding import SMALL_PLAN, WorldPlan

pytestmark = pytest.mark.slow
_KILLS, _DAYS = 3, 200
"""Some eight hundred orders; the import of a whole year is test_orders_import's."""


@pytest.fixture
def plan() -> WorldPlan:
    since = (datetime.now(UTC) - timedelta(days=_DAYS)).date()
    young = [replace(store, orders_since=since) for store in SMALL_PLAN.stores]
    return replace(SMALL_PLAN, stores=tuple(young))


@pytest.fixture
def speed() -> float:
    return 20


async def _doubles(stage: Stage) -> tuple[int, int]:
    """Return how many orders have more than one first line of history, and items more than one row."""
    firsts = (
        select(col(OrderStatusHistory.order_id))
        .where(col(OrderStatusHistory.old_status).is_(None))
        .group_by(col(OrderStatusHistory.order_id))
        .having(func.count() > 1)
    )
    items = (
        select(col(OrderItem.order_id))
        .group_by(col(OrderItem.order_id), col(OrderItem.sku))
        .having(func.count() > 1)
    )
    async with stage.db.read() as tx:
        return (
            len((await tx.scalars(firsts)).all()),
            len((await tx.scalars(items)).all()),
        )


async def test_killed_again_and_again_the_import_comes_to_its_end(
    stage: Stage, nursery: Nursery
) -> None:
    scene = OrdersScene(stage)
    await scene.begin()
    reached = 0
    for _ in range(_KILLS):
        async with nursery.worker("orders", stage_environment(stage)) as child:
            while await scene.count(Order) < reached + 100:
                assert child.returncode is None
                await asyncio.sleep(0.02)
            child.send_signal(signal.SIGKILL)
            await child.wait()
        reached = await scene.count(Order)
    assert (await scene.poll()).import_finished_at is None
    async with nursery.worker("orders", stage_environment(stage)) as child:
        while (await scene.poll()).import_finished_at is None:
            assert child.returncode is None
            await asyncio.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0
    orders = await scene.orders()
    assert {life.code for life in scene.lives(_DAYS - 1)} <= orders.keys()
    assert await scene.count(OrderStatusHistory) >= len(orders)
    assert await _doubles(stage) == (0, 0)
    begun = (await scene.poll()).import_started_at
    born = {str(row.id) for row in orders.values() if begun and row.ordered_at >= begun}
    assert {it["order_id"] for it in await scene.news()} <= born
