"""While an operator has switched the sending of prices off nothing leaves, and nothing is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.switches import service as switches
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.steering import Switch

if TYPE_CHECKING:
    from worker_stage import Stage


async def _turn(stage: Stage, *, is_on: bool) -> None:
    async with stage.db.write() as tx:
        await switches.turn(tx, SYSTEM, Switch.PRICE_SENDING, is_on=is_on, reason="Авария Kaspi")


async def test_prices_wait_in_the_queue_and_leave_when_it_is_on_again(stage: Stage) -> None:
    await stage.queue_lower()
    await _turn(stage, is_on=False)
    await stage.drain()
    assert [row.status for row in await stage.history()] == [PriceStatus.QUEUED]
    assert stage.sandbox.audit().accepted == 0

    await _turn(stage, is_on=True)
    await stage.drain()
    assert [row.status for row in await stage.history()] == [PriceStatus.SENT]
    assert stage.sandbox.audit().accepted == 1
