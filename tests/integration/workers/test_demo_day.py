"""The demo day: orders go through all that can happen, and each buyer hears of each event once."""

from __future__ import annotations

import pytest
from demo_day import EVENTS, begin_day
from worker_stage import Stage

from cube_demper.domain.messaging.gate_schemas import TriggerEvent
from cube_demper.models.orders import Order, OrderStatus


@pytest.fixture
def speed() -> float:
    return 120


async def test_every_buyer_is_told_of_every_event_once(stage: Stage) -> None:
    day = await begin_day(stage)
    await day.play()
    table = await day.table()
    assert [line.event for line in table] == list(EVENTS)
    assert [(it.missing, it.twice, it.wrong) for it in table] == [(0, 0, 0)] * len(EVENTS)
    assert {it.event: it.arrived for it in table} == {
        TriggerEvent.ORDER_APPROVED: 18,
        TriggerEvent.ORDER_SHIPPED: 11,
        TriggerEvent.ORDER_DELIVERED: 2,
        TriggerEvent.ORDER_COMPLETED: 10,
        TriggerEvent.REVIEW_REQUEST: 5,
    }
    assert await day.untracked() == 0
    assert set(await day.dropped()) == {"cancelled"}
    orders = (await day.scene.orders()).values()
    assert _statuses(list(orders)) == {
        OrderStatus.COMPLETED: 5,
        OrderStatus.CANCELLED: 8,
        OrderStatus.RETURNED: 5,
    }


def _statuses(orders: list[Order]) -> dict[str, int]:
    return {
        status: sum(it.status == status for it in orders) for status in {it.status for it in orders}
    }
