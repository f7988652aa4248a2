"""Actions on orders against the sandbox: done once, refused in words, found out about when unanswered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from doing_scene import DoingScene
from worker_stage import Stage

from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.models.orders import Order, OrderStatus, StatusStep
from cube_demper.sandbox.order_deeds import Deed
from cube_demper.sandbox.order_lives import Way


@pytest.fixture
def scene(stage: Stage) -> DoingScene:
    return DoingScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


ENDED = (ActionStatus.CONFIRMED, None)


async def _walk(scene: DoingScene, way: Way) -> Order:
    (order,) = await scene.open_shop(way)
    action = await scene.do(order, ActionKind.ACCEPT)
    assert (action.status, action.refusal) == ENDED
    return await scene.order(order)


async def test_accepted_and_assembled_in_the_history_and_once_at_kaspi(scene: DoingScene) -> None:
    order = await _walk(scene, Way.CITY)
    assert order.status == OrderStatus.ACCEPTED_BY_MERCHANT
    action = await scene.do(order, ActionKind.ASSEMBLE, spaces=2)
    assert (action.status, action.refusal) == ENDED
    order = await scene.order(order)
    assert (order.is_assembled, scene.deed(order).spaces) == (True, 2)
    steps = [(it.step, it.new_status) for it in await scene.history(order.id)]
    assert steps == [
        (StatusStep.FIRST, OrderStatus.APPROVED),
        (StatusStep.FORWARD, OrderStatus.ACCEPTED_BY_MERCHANT),
    ]
    assert [it["status"] for it in await scene.news()] == ["APPROVED", "ACCEPTED_BY_MERCHANT"]
    assert [it["to"] for it in scene.requests(order)] == ["ACCEPTED_BY_MERCHANT", "ASSEMBLE"]


async def test_handed_over_by_the_buyers_code_after_a_wrong_one(scene: DoingScene) -> None:
    order = await _walk(scene, Way.PICKUP)
    await scene.do(order, ActionKind.SEND_CODE)
    code = scene.deed(order).code
    wrong = "0000" if code != "0000" else "1111"
    action = await scene.do(order, ActionKind.COMPLETE, code=wrong)
    assert (action.status, action.refusal) == (ActionStatus.REFUSED, ActionRefusal.WRONG_CODE)
    assert action.code is None
    action = await scene.do(order, ActionKind.COMPLETE, code=code)
    assert (action.status, action.refusal) == ENDED
    order = await scene.order(order)
    assert (order.status, order.completed_at is not None) == (OrderStatus.COMPLETED, True)
    assert not await scene.notices()


async def test_three_wrong_codes_and_a_new_one_is_needed(scene: DoingScene) -> None:
    order = await _walk(scene, Way.PICKUP)
    await scene.do(order, ActionKind.SEND_CODE)
    for _ in range(3):
        await scene.do(order, ActionKind.COMPLETE, code="00000")
    with pytest.raises(InvalidInput, match="новый код"):
        await scene.ask(order, ActionKind.COMPLETE, code="1234")
    await scene.do(order, ActionKind.SEND_CODE)
    action = await scene.do(order, ActionKind.COMPLETE, code=scene.deed(order).code)
    assert (action.status, action.refusal) == ENDED


async def test_a_code_that_is_too_old_is_said_so(scene: DoingScene) -> None:
    order = await _walk(scene, Way.PICKUP)
    await scene.do(order, ActionKind.SEND_CODE)
    code = scene.deed(order).code
    scene.stage.clock.jump(16 * 60)
    action = await scene.do(order, ActionKind.COMPLETE, code=code)
    assert action.refusal == ActionRefusal.CODE_SPENT


async def test_cancelled_with_kaspis_reason(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    reason = "MERCHANT_OUT_OF_STOCK"
    action = await scene.do(order, ActionKind.CANCEL, reason=reason, comment="Разбили на складе")
    assert (action.status, action.refusal) == ENDED
    order = await scene.order(order)
    assert (order.status, order.cancellation_reason) == (OrderStatus.CANCELLED, reason)


async def test_pieces_are_taken_out_of_an_order(scene: DoingScene) -> None:
    order = await _walk(scene, Way.CITY)
    item = (await scene.items(order.id))[0]
    reason = "MERCHANT_OUT_OF_STOCK"
    asked = {"entry_number": item.entry_number, "remained": Decimal(0), "reason": reason}
    action = await scene.do(order, ActionKind.REDUCE, **asked)
    assert (action.status, action.refusal) == ENDED
    assert (await scene.items(order.id))[0].quantity == 0


async def test_cancelled_by_the_buyer_meanwhile(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    overlay = {"state": "ARCHIVE", "status": "CANCELLED", "tab": "ARCHIVED"}
    scene.change(order.kaspi_order_code, overlay)
    action = await scene.do(order, ActionKind.ACCEPT)
    assert (action.status, action.refusal) == (ActionStatus.REFUSED, ActionRefusal.CANCELLED)
    assert (await scene.order(order)).status == OrderStatus.CANCELLED
    (notice,) = await scene.notices()
    assert order.kaspi_order_code in notice.title


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("status_after", ActionKind.ACCEPT),
        ("status_after", ActionKind.CANCEL),
        ("hang_after", ActionKind.ACCEPT),
        ("reset_after", ActionKind.CANCEL),
        ("truncated", ActionKind.ACCEPT),
    ],
)
async def test_unanswered_after_it_was_done_is_found_by_reading(
    scene: DoingScene, fault: str, kind: ActionKind
) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    scene.stage.sandbox.fault(fault, "order_actions", count=1, status=502)
    given = {"reason": "BUYER_NOT_REACHABLE"} if kind is ActionKind.CANCEL else {}
    await scene.do(order, kind, **given)
    for seconds in (30, 70):
        scene.stage.clock.jump(seconds)
        await scene.act()
    action = await scene.last(order.id)
    assert (action.status, action.refusal) == ENDED
    assert len(scene.requests(order)) == 1


@pytest.mark.parametrize("fault", ["status", "html", "reset"])
async def test_unanswered_and_not_done_is_tried_once_more_after_a_look(
    scene: DoingScene, fault: str
) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    scene.stage.sandbox.fault(fault, "order_actions", count=1, status=503)
    action = await scene.do(order, ActionKind.ACCEPT)
    assert action.status == ActionStatus.UNKNOWN
    scene.stage.clock.jump(60)
    await scene.act()
    assert (await scene.last(order.id)).attempts == 1
    assert not scene.requests(order)
    for seconds in (100, 70):
        scene.stage.clock.jump(seconds)
        await scene.act()
    action = await scene.last(order.id)
    assert (action.status, action.attempts) == (ActionStatus.CONFIRMED, 2)
    assert len(scene.requests(order)) == 1


async def test_an_unanswered_handing_over_that_did_not_happen_is_not_repeated(
    scene: DoingScene,
) -> None:
    order = await _walk(scene, Way.PICKUP)
    await scene.do(order, ActionKind.SEND_CODE)
    scene.stage.sandbox.fault("status", "order_actions", count=1, status=503)
    await scene.do(order, ActionKind.COMPLETE, code=scene.deed(order).code)
    scene.stage.clock.jump(200)
    await scene.act()
    action = await scene.last(order.id)
    assert (action.status, action.refusal) == (ActionStatus.REFUSED, ActionRefusal.NOT_DONE)


async def test_busy_kaspi_is_waited_for(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    scene.stage.sandbox.fault("status", "order_actions", count=1, status=429, retry_after=5)
    action = await scene.do(order, ActionKind.ACCEPT)
    assert (action.status, action.attempts) == (ActionStatus.REQUESTED, 1)
    scene.stage.clock.jump(10)
    await scene.act()
    assert (await scene.last(order.id)).status == ActionStatus.CONFIRMED


async def test_without_a_token_the_cabinet_packs_and_the_rest_is_said(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY, with_token=False)
    with pytest.raises(Conflict, match="токен"):
        await scene.ask(order, ActionKind.ACCEPT)
    now = int(scene.stage.clock.now().timestamp() * 1000)
    scene.stage.sandbox.world.order_deeds[order.kaspi_order_code] = Deed(accepted=now)
    await scene.later(minutes=11)
    order = await scene.order(order)
    action = await scene.do(order, ActionKind.ASSEMBLE, spaces=1)
    assert (action.status, action.refusal) == ENDED
    assert (await scene.order(order)).is_assembled


async def test_a_dead_token_is_noted_and_ends_what_only_it_could_do(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    await scene.ask(order, ActionKind.ACCEPT)
    scene.stage.sandbox.make_token(scene.stage.merchant)
    await scene.act()
    scene.stage.clock.jump(5)
    await scene.act()
    action = await scene.last(order.id)
    assert (action.status, action.refusal) == (ActionStatus.REFUSED, ActionRefusal.NO_TOKEN)


async def test_pressed_twice_it_is_done_once(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    await scene.ask(order, ActionKind.ACCEPT)
    await scene.ask(order, ActionKind.ACCEPT)
    with pytest.raises(Conflict, match="другое действие"):
        await scene.ask(order, ActionKind.CANCEL, reason="MERCHANT_OUT_OF_STOCK")
    await scene.act()
    assert len(scene.requests(order)) == 1
