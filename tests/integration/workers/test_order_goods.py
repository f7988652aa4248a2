"""Goods of a pre-order that come, and parcels that come back: told to Kaspi once, and seen in the order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doing_scene import DoingScene
from worker_stage import Stage

from cube_demper.core.errors import Conflict
from cube_demper.domain.orders import listing
from cube_demper.domain.orders.list_schemas import OrderQuery
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.models.orders import Order, OrderStatus
from cube_demper.sandbox.faults import FaultKind
from cube_demper.sandbox.order_lives import End, Life, Way

ENDED = (ActionStatus.CONFIRMED, None)
HOUR_MS = 3_600_000


@pytest.fixture
def scene(stage: Stage) -> DoingScene:
    return DoingScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


def _relive(scene: DoingScene, **changes: object) -> None:
    """Give the planted order another life."""
    world = scene.stage.sandbox.world
    for key, lives in world.order_days.items():
        changed: tuple[Life, ...] = tuple(replace(it, **changes) for it in lives)  # type: ignore[arg-type]
        world.order_days[key] = changed


async def _tabs(scene: DoingScene) -> dict[str, int]:
    services = scene.stage.services
    async with scene.stage.db.read() as tx:
        page = await listing.list_orders(tx, scene.actor, OrderQuery(), secrets=services.secrets)
    return dict(page.counts)


async def _pre_order(scene: DoingScene) -> Order:
    (order,) = await scene.open_shop(Way.REGION)
    _relive(scene, is_pre_order=True)
    assert (await _done(scene, order, ActionKind.ACCEPT)) == ENDED
    return await scene.order(order)


async def _done(
    scene: DoingScene, order: Order, kind: ActionKind, **given: object
) -> tuple[str, str | None]:
    action = await scene.do(order, kind, **given)
    return action.status, action.refusal


async def test_a_pre_order_is_packed_once_its_goods_have_come(scene: DoingScene) -> None:
    order = await _pre_order(scene)
    assert order.is_pre_order
    assert await _tabs(scene) == {"pre_order": 1}
    with pytest.raises(Conflict):
        await scene.ask(order, ActionKind.ASSEMBLE, spaces=1)
    assert await _done(scene, order, ActionKind.ARRIVE) == ENDED
    assert (await scene.order(order)).goods_came_at is not None
    assert await _tabs(scene) == {"packing": 1}
    with pytest.raises(Conflict):
        await scene.ask(order, ActionKind.ARRIVE)
    assert await _done(scene, order, ActionKind.ASSEMBLE, spaces=1) == ENDED
    assert [it["to"] for it in scene.requests(order)] == [
        "ACCEPTED_BY_MERCHANT", "ARRIVED", "ASSEMBLE",
    ]  # fmt: skip


async def test_a_lost_answer_about_goods_is_a_question_and_is_not_asked_twice(
    scene: DoingScene,
) -> None:
    order = await _pre_order(scene)
    scene.stage.sandbox.fault(FaultKind.RESET_AFTER, "order_actions", count=1)
    action = await scene.do(order, ActionKind.ARRIVE)
    assert action.status == ActionStatus.UNKNOWN
    for seconds in (5, 20, 60, 80):
        scene.stage.clock.jump(seconds)
        await scene.act()
    action = await scene.last(order.id)
    assert (action.status, action.refusal) == (ActionStatus.REFUSED, ActionRefusal.UNSURE)
    assert len([it for it in scene.requests(order) if it["to"] == "ARRIVED"]) == 1


async def test_a_parcel_that_came_back_is_taken_back(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    await scene.do(order, ActionKind.ACCEPT)
    now = int(scene.stage.clock.now().timestamp() * 1000)
    _relive(
        scene,
        end=End.CANCELLED_ON_WAY,
        accepted=now - 4 * HOUR_MS,
        assembled=now - 3 * HOUR_MS,
        handed=now - 2 * HOUR_MS,
        ended=now - HOUR_MS,
        closed=now + 40 * HOUR_MS,
    )
    scene.stage.sandbox.world.order_deeds.clear()
    await scene.later(minutes=11)
    assert (await scene.order(order)).kaspi_status == "CANCELLING"
    assert await _done(scene, order, ActionKind.TAKE_BACK) == ENDED
    assert (await scene.order(order)).status == OrderStatus.CANCELLED
    with pytest.raises(Conflict):
        await scene.ask(order, ActionKind.TAKE_BACK)
