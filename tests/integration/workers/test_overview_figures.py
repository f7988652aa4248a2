"""The overview of a store that the bot really works for, counted again row by row."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.domain.overview import service as overview
from cube_demper.domain.stores import service as stores
from cube_demper.models.pricing import PriceHistory, PriceStatus

if TYPE_CHECKING:
    from worker_stage import Stage

ALMATY = "750000000"


def _moves(rows: list[PriceHistory]) -> dict[UUID, list[PriceHistory]]:
    """Return the home city's prices that left and were taken, by product, oldest first."""
    moves: dict[UUID, list[PriceHistory]] = defaultdict(list)
    left = [it for it in rows if it.sent_at and it.status != PriceStatus.REFUSED]
    for row in sorted(left, key=lambda it: (it.sent_at, it.created_at)):
        if row.city_id == ALMATY and row.old_price != row.new_price:
            moves[row.product_id].append(row)
    return moves


async def _agree(stage: Stage) -> int:
    """Compare every number of the day with the history itself; return how many changes there were."""
    actor, now = Actor(Role.USER, stage.user_id, "seller@example.kz"), stage.clock.now()
    async with stage.db.read() as tx:
        day = await overview.yesterday(tx, actor, now)
        told = await stores.day_of_bots(tx, actor, now)
        counts = (await catalog.list_products(tx, actor, ProductFilter())).counts
    rows, goods = await stage.history(), await stage.products()
    moves = _moves(rows)
    assert all(now - it[0].sent_at < timedelta(days=1) for it in moves.values() if it[0].sent_at)
    shifts = [(it[-1].new_price or 0) - (it[0].old_price or 0) for it in moves.values()]
    assert day.shift == sum(shifts)
    assert day.cheaper == sum(it < 0 for it in shifts)
    assert day.dearer == sum(it > 0 for it in shifts)
    assert day.moved == len(moves)
    assert day.unseen == sum(it[-1].status != PriceStatus.CONFIRMED for it in moves.values())
    ways = [(it.new_price or 0) > (it.old_price or 0) for one in moves.values() for it in one]
    assert (day.raised, day.lowered) == (sum(ways), len(ways) - sum(ways))
    taken = {it.send_id for it in rows if it.sent_at and it.status != PriceStatus.REFUSED}
    assert told.changes == len(taken) >= day.raised + day.lowered
    on = [it for it in goods if it.bot_active]
    assert counts[ProductTab.BOT_ON] == len(on)
    assert counts[ProductTab.FIRST] == sum(it.position == 1 for it in on)
    return told.changes


async def test_a_lively_first_day_adds_up_before_and_after_the_window_shows_it(
    stage: Stage,
) -> None:
    await stage.switch_on()
    worker = await stage.worker(once=True)
    await worker.run_bounded()
    first = await _agree(stage)  # nothing is on the window yet: the numbers must agree all the same
    assert first > 0
    for _ in range(3):
        stage.clock.jump(400)
        again = await stage.worker(once=True)
        await again.confirm()
        await again.run_bounded()
        await _agree(stage)
    stage.clock.jump(95)
    await worker.confirm()
    assert await _agree(stage) >= first
