"""The orders worker against the sandbox: the life of orders, and what stops it. The stores are young."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from orders_scene import OrdersScene
from sqlalchemy import select
from sqlmodel import col
from worker_stage import Stage

from cube_demper.core.settings import KaspiSettings
from cube_demper.domain.orders.statuses import is_forward
from cube_demper.models.operations import Notification
from cube_demper.models.orders import (
    Order,
    OrderItem,
    OrderSource,
    OrderStatus,
    OrderStatusHistory,
    OrdersToken,
    StatusStep,
)
from cube_demper.models.polling import PollProblem
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.seeding import SMALL_PLAN, WorldPlan

#: Days: enough for a life of every kind; the import of a year is test_orders_import's.
_AGE = 30


@pytest.fixture
def plan() -> WorldPlan:
    since = (datetime.now(UTC) - timedelta(days=_AGE)).date()
    young = [replace(store, orders_since=since) for store in SMALL_PLAN.stores]
    return replace(SMALL_PLAN, stores=tuple(young))


@pytest.fixture
def scene(stage: Stage) -> OrdersScene:
    return OrdersScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


async def test_orders_live_and_each_status_is_news_once(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    begun = (await scene.poll()).import_started_at
    assert begun is not None
    for _ in range(40):
        await scene.later(hours=3)
    orders = await scene.orders()
    born = [row for row in orders.values() if row.ordered_at >= begun]
    assert {row.status for row in born} >= {OrderStatus.COMPLETED, OrderStatus.DELIVERY}
    told = [(it["order_id"], it["status"]) for it in await scene.news()]
    assert len(told) == len(set(told))
    assert {it["order_id"] for it in await scene.news()} >= {str(row.id) for row in born}
    for row in born:
        lines = await scene.history(row.id)
        assert lines[0].step == StatusStep.FIRST
        for before, line in itertools.pairwise(lines):
            assert line.old_status == before.new_status
            assert is_forward(OrderStatus(before.new_status), OrderStatus(line.new_status))
        assert lines[-1].new_status == row.status
    again = await scene.count(OrderStatusHistory)
    await scene.later(seconds=1)
    assert await scene.count(OrderStatusHistory) == again


async def test_a_dead_token_is_told_once_and_the_cabinet_takes_over(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    scene.stage.sandbox.make_token(scene.stage.merchant)
    await scene.later(hours=1)
    await scene.later(hours=1)
    assert await scene.problem() is PollProblem.TOKEN
    assert (await scene.poll()).source == OrderSource.CABINET
    async with scene.stage.db.read() as tx:
        token = (await tx.scalars(select(OrdersToken))).one()
        kind = col(Notification.kind) == "orders_stopped"
        told = (await tx.scalars(select(Notification).where(kind))).all()
    assert token.rejected_at is not None
    assert len(told) == 1
    assert "токен" in told[0].title


async def test_without_token_and_session_it_says_so(scene: OrdersScene) -> None:
    await scene.begin(with_token=False)
    scene.stage.sandbox.sessions.expire("seller@example.kz")
    await scene.work()
    assert await scene.problem() is PollProblem.SIGNED_OUT
    async with scene.stage.db.read() as tx:
        store = await tx.get_one(KaspiStore, scene.stage.store_id)
    assert store.needs_reauth
    assert (await scene.poll()).next_poll_at > scene.stage.clock.now() + timedelta(minutes=5)


async def test_staff_without_the_right_read_nothing(scene: OrdersScene) -> None:
    await scene.begin(with_token=False)
    scene.stage.sandbox.world.accounts["seller@example.kz"].sees_orders = False
    await scene.work()
    assert await scene.problem() is PollProblem.NO_RIGHT


@pytest.mark.parametrize(
    ("fault", "given", "problem"),
    [
        ("status", {"status": 503}, PollProblem.SILENT),
        ("html", {}, PollProblem.CHANGED),
        ("status", {"status": 429, "retry_after": 300}, PollProblem.CROWDED),
        ("truncated", {}, PollProblem.CHANGED),
    ],
)
async def test_a_failing_kaspi_is_said_in_the_stores_row_and_got_over(
    scene: OrdersScene, fault: str, given: dict[str, int], problem: PollProblem
) -> None:
    await scene.begin()
    await scene.work()
    scene.stage.sandbox.fault(fault, "orders", **given)
    await scene.later(hours=1)
    poll = await scene.poll()
    assert (poll.problem, poll.failures > 0) == (problem, True)
    known = await scene.count(Order)
    scene.stage.sandbox.faults.clear()
    await scene.later(hours=2)
    assert (await scene.problem(), (await scene.poll()).failures) == (None, 0)
    assert await scene.count(Order) >= known


async def test_an_order_that_disappears_is_kept_and_marked(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    life = scene.lives(2)[0]
    scene.change(life.code, None)
    await scene.later(hours=1)
    assert (await scene.orders())[life.code].missing_since is not None
    scene.stage.sandbox.world.order_changes.clear()
    await scene.later(hours=1)
    assert (await scene.orders())[life.code].missing_since is None


async def test_an_empty_answer_condemns_no_order(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    scene.stage.sandbox.fault("empty", "orders")
    await scene.later(hours=1)
    assert not [row for row in (await scene.orders()).values() if row.missing_since]


async def test_a_state_that_nobody_knows_is_kept_and_told(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    live = (OrderStatus.DELIVERY, OrderStatus.ACCEPTED_BY_MERCHANT, OrderStatus.APPROVED)
    rows = (await scene.orders()).values()
    row = next(it for it in rows if it.status in live and it.kaspi_state == "KASPI_DELIVERY")
    scene.change(row.kaspi_order_code, {"status": "ON_THE_MOON", "state": "KASPI_DELIVERY"})
    await scene.later(minutes=11)
    await scene.later(minutes=11)
    odd = (await scene.orders())[row.kaspi_order_code]
    assert (odd.status, odd.is_clear, odd.kaspi_status) == (row.status, False, "ON_THE_MOON")
    unclear = [it for it in await scene.history(row.id) if it.step == StatusStep.UNCLEAR]
    assert len(unclear) == 1
    scene.stage.sandbox.world.order_changes.clear()
    await scene.later(minutes=11)
    assert (await scene.orders())[row.kaspi_order_code].is_clear


async def test_once_reads_what_was_due_and_shards_share_the_stores(scene: OrdersScene) -> None:
    await scene.begin()
    second = await scene.stage.second_store()
    await scene.begin(with_token=False)
    workers = [await scene.worker(index, 2, once=True) for index in range(2)]
    for worker in workers:
        await worker.run_bounded()
    async with scene.stage.db.read() as tx:
        stores = set((await tx.scalars(select(col(Order.store_id)).distinct())).all())
    assert stores == {scene.stage.store_id, second}
    keys = [set(worker._keys) for worker in workers]
    assert not keys[0] & keys[1]


async def test_entries_left_out_of_a_list_are_asked_for(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    async with scene.stage.db.write() as tx:
        for item in (await tx.scalars(select(OrderItem))).all():
            await tx.delete(item)
    scene.stage.sandbox.fault("nulls", "orders_list", fields=("included",))
    await scene.later(hours=1)
    for life in scene.lives(6):
        row = (await scene.orders())[life.code]
        assert len(await scene.items(row.id)) == len(life.lines)


def test_the_interval_is_a_setting() -> None:
    assert KaspiSettings().orders_interval == 600
