"""A store that wants more changes than Kaspi takes: what leaves, in which order, what is kept back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlmodel import col

from cube_demper.domain.pricing.worth import URGENT
from cube_demper.models.pricing import PriceHistory, PriceStatus

if TYPE_CHECKING:
    from worker_stage import Stage

LIMIT = 10


def _cut(stage: Stage) -> None:
    """Let Kaspi take ten changes in 30 minutes."""
    settings = stage.services.settings
    kaspi = settings.kaspi.model_copy(update={"changes_per_30_min": LIMIT})
    stage.services = replace(stage.services, settings=settings.model_copy(update={"kaspi": kaspi}))


async def _queue(stage: Stage, count: int) -> None:
    """Queue falls of different size for the first goods; nothing is sent."""
    stage.sandbox.market.freeze_rivals()
    chosen = [p for p in await stage.switch_on(limit=count) if p.bot_active]
    for number, product in enumerate(chosen):
        card = product.external_kaspi_id or ""
        rival = stage.sandbox.market.rivals_on(card)[0]
        stage.sandbox.market.clear_rivals(card)
        price = (product.price or 0) // 100 * (80 + number % 15) // 100
        stage.sandbox.market.set_rival(card, rival.merchant.uid, price)
    await _check(stage)


async def _check(stage: Stage) -> None:
    worker = await stage.worker(once=True)
    while await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys):
        await worker.checker.finish()


async def _drain(stage: Stage, processes: int = 1) -> None:
    workers = [await stage.worker(once=True) for _ in range(processes)]
    for _ in range(2):
        await asyncio.gather(*(worker.send() for worker in workers))
        await asyncio.gather(*(worker.lane.wait() for worker in workers))


def _by_status(rows: list[PriceHistory], status: PriceStatus) -> list[PriceHistory]:
    return [row for row in rows if row.status == status]


async def test_those_worth_most_leave_and_the_reserve_stays_with_several_processes(
    stage: Stage,
) -> None:
    _cut(stage)
    await _queue(stage, 20)
    queued = _by_status(await stage.history(), PriceStatus.QUEUED)
    assert len(queued) >= LIMIT
    assert len({row.worth for row in queued}) > 1

    await _drain(stage, processes=3)

    rows = await stage.history()
    sent, waiting = _by_status(rows, PriceStatus.SENT), _by_status(rows, PriceStatus.QUEUED)
    assert (len(sent), len(waiting)) == (LIMIT - 1, len(queued) - LIMIT + 1)
    assert min(row.worth for row in sent) >= max(row.worth for row in waiting)
    assert stage.sandbox.audit().accepted == LIMIT - 1


async def test_a_price_below_the_floor_leaves_from_the_reserve_at_once(stage: Stage) -> None:
    _cut(stage)
    await _queue(stage, 20)
    await _drain(stage)
    waiting = _by_status(await stage.history(), PriceStatus.QUEUED)[0]
    product = next(p for p in await stage.products() if p.id == waiting.product_id)
    floor = (product.price or 0) // 100 * 105 // 100 * 100
    await stage.set_product(product.id, min_price=floor, max_price=floor * 2)
    stage.clock.jump(25)
    await _check(stage)

    await _drain(stage)

    (raised,) = (r for r in await stage.history(product.id) if r.status == PriceStatus.SENT)
    assert (raised.change_reason, raised.new_price) == ("raised_to_floor", floor)
    assert raised.worth >= URGENT
    assert stage.sandbox.audit().accepted == LIMIT


async def test_a_newer_target_takes_over_the_wait_of_the_one_it_replaces(stage: Stage) -> None:
    await _queue(stage, 1)
    (first,) = _by_status(await stage.history(), PriceStatus.QUEUED)
    product = next(p for p in await stage.products() if p.id == first.product_id)
    stage.clock.jump(120)
    card = product.external_kaspi_id or ""
    rival = stage.sandbox.market.rivals_on(card)[0]
    stage.sandbox.market.set_rival(card, rival.merchant.uid, (product.price or 0) // 100 * 9 // 10)
    await stage.set_product(product.id)
    await _check(stage)

    (second,) = _by_status(await stage.history(), PriceStatus.QUEUED)
    assert second.id != first.id
    assert second.queued_at == first.queued_at


async def test_a_change_that_waits_rises_when_it_becomes_a_move_into_the_bounds(
    stage: Stage,
) -> None:
    await _queue(stage, 1)
    (row,) = _by_status(await stage.history(), PriceStatus.QUEUED)
    async with stage.db.write() as tx:
        await tx.execute(update(PriceHistory).where(col(PriceHistory.id) == row.id).values(worth=0))
    stage.clock.jump(25)
    await stage.set_product(row.product_id)
    await _check(stage)
    (again,) = _by_status(await stage.history(), PriceStatus.QUEUED)
    assert (again.id, again.worth) == (row.id, row.worth)
    product = next(p for p in await stage.products() if p.id == row.product_id)
    target = row.new_price or 0
    await stage.set_product(product.id, min_price=target // 200 * 100, max_price=target)
    stage.clock.jump(25)
    await _check(stage)

    (risen,) = _by_status(await stage.history(), PriceStatus.QUEUED)
    assert (risen.id, risen.new_price) == (row.id, target)
    assert risen.worth >= URGENT > row.worth
