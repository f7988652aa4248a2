"""A store that Kaspi stopped for 30 minutes delays no other store's product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cube_demper.models.pricing import PriceStatus

if TYPE_CHECKING:
    from worker_stage import Stage

SECOND = "30000002"
INTERVALS = 5
"""Five minutes each: they and the work in between stay within the ban."""


async def _waits(stage: Stage, store_id: UUID) -> list[timedelta]:
    """Let some intervals pass; return how late each due product was looked at."""
    worker = await stage.worker(once=True)
    waits = []
    for _ in range(INTERVALS):
        due = {p.id: p.next_check_at for p in await stage.products(store_id)}
        stage.clock.jump(300)
        began = stage.clock.now()
        await worker.run_bounded()
        waits += [
            checked - due[product.id]
            for product in await stage.products(store_id)
            if product.bot_active and due[product.id] <= began
            for checked in _checked_since(product.last_check_time, began)
        ]
    return waits


def _checked_since(checked: datetime | None, began: datetime) -> Sequence[datetime]:
    return [checked] if checked is not None and checked >= began else []


async def test_a_ban_of_30_minutes_makes_no_other_store_wait(stage: Stage) -> None:
    await stage.switch_on()
    second = await stage.second_store()
    normal = await _waits(stage, second)
    known = stage.sandbox.journal.last_number
    stage.sandbox.fault("status", "pricefeed", store=stage.merchant, status=429, count=1)

    with_ban = await _waits(stage, second)

    refused = next(e for e in stage.sandbox.journal.since(known) if e.get("status") == 429)
    accepted = {e["store"] for e in stage.sandbox.journal.since(refused["n"], kind="accepted")}
    queued = {row.store_id for row in await stage.history() if row.status == PriceStatus.QUEUED}
    assert (accepted, queued) == ({SECOND}, {stage.store_id})
    assert len(with_ban) == len(normal) > 0
    assert max(with_ban) <= max(normal) + timedelta(minutes=1)
