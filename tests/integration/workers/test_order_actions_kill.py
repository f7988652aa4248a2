"""kill -9 of the orders worker while it acts on many orders: each is done, none is done twice."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter

import pytest
from doing_scene import DoingScene
from sqlalchemy import func, select
from sqlmodel import col
from worker_process import Nursery, stage_environment
from worker_stage import Stage

from cube_demper.domain.orders.doing import selections
from cube_demper.domain.orders.doing.queries import OPEN
from cube_demper.domain.orders.doing.schemas import Request
from cube_demper.domain.orders.doing.selections import Selection
from cube_demper.models.doing import ActionKind, ActionStatus, OrderAction
from cube_demper.models.orders import OrderStatus
from cube_demper.sandbox.order_lives import Way

pytestmark = pytest.mark.slow
_ORDERS, _KILLS = 60, 4


@pytest.fixture
def speed() -> float:
    return 20


async def _count(scene: DoingScene, *statuses: ActionStatus) -> int:
    query = select(func.count()).where(col(OrderAction.status).in_(statuses))
    async with scene.stage.db.read() as tx:
        return await tx.scalar(query) or 0


async def test_killed_again_and_again_every_order_is_accepted_once(
    stage: Stage, nursery: Nursery
) -> None:
    scene = DoingScene(stage)
    orders = await scene.open_shop(*[Way.CITY] * _ORDERS)
    chosen = Selection(ids=tuple(order.id for order in orders))
    async with stage.db.write() as tx:
        await selections.start(
            tx,
            scene.actor,
            chosen,
            Request(ActionKind.ACCEPT),
            secrets=stage.services.secrets,
            now=stage.clock.now(),
        )
    done = 0
    for _ in range(_KILLS):
        async with nursery.worker("orders", stage_environment(stage)) as child:
            while await _count(scene, ActionStatus.CONFIRMED) < done + 8:
                assert child.returncode is None
                await asyncio.sleep(0.01)
            child.send_signal(signal.SIGKILL)
            await child.wait()
        done = await _count(scene, ActionStatus.CONFIRMED)
    async with nursery.worker("orders", stage_environment(stage)) as child:
        while await _count(scene, *OPEN):
            assert child.returncode is None
            await asyncio.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0
    accepted = Counter(it["order"] for it in scene.requests(accepted=True))
    assert set(accepted) == {order.kaspi_order_code for order in orders}
    assert set(accepted.values()) == {1}
    # A refused request is one that was repeated without a look at what the first had done.
    assert not [it for it in scene.requests() if it.get("refusal")]
    assert await _count(scene, ActionStatus.CONFIRMED) == _ORDERS
    await scene.later(minutes=11)
    statuses = {row.status for row in (await scene.orders()).values()}
    assert statuses == {OrderStatus.ACCEPTED_BY_MERCHANT}
