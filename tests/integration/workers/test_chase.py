"""Looks go where rivals move: what is learned, who is looked for elsewhere, one tempo for all workers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from cube_demper.domain.market.pulse import RATES
from cube_demper.models.catalog import Product
from cube_demper.models.market import CardPulse, LookTempo, RivalHabit
from cube_demper.models.stores import BotMode, KaspiStore

if TYPE_CHECKING:
    from worker_stage import Stage

    from workers.demping import Demping

PROMISE = 300.0


async def _check_all(worker: Demping) -> None:
    await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys)
    await worker.checker.finish()


async def _switched_on(stage: Stage) -> list[Product]:
    stage.sandbox.market.freeze_rivals()
    return [product for product in await stage.switch_on() if product.bot_active]


async def _make_lively(stage: Stage, product: Product, rate: float) -> None:
    levels = [1.0 if known == rate else 0.0 for known in RATES]
    async with stage.db.write() as tx:
        tx.add(
            CardPulse(
                card=product.external_kaspi_id or "",
                city_id="750000000",
                levels=levels,
                moves=[0.0] * 24,
                watched=[0.0] * 24,
                looked_at=stage.clock.now() - timedelta(seconds=2),
            )
        )


async def _waits(stage: Stage) -> dict[str, float]:
    return {
        product.kaspi_sku: (product.next_check_at - product.last_check_time).total_seconds()
        for product in await stage.products()
        if product.bot_active and product.last_check_time
    }


def _met_twice(stage: Stage, products: list[Product]) -> tuple[Product, Product, str]:
    """Return two goods that stand against the same rival, and who that is."""
    met: dict[str, Product] = {}
    for product in products:
        for rival in stage.sandbox.market.rivals_on(product.external_kaspi_id or ""):
            if rival.merchant.uid in met:
                return met[rival.merchant.uid], product, rival.merchant.uid
            met[rival.merchant.uid] = product
    pytest.fail("no rival sells two of these goods")


async def test_a_lively_card_is_looked_at_sooner_than_a_quiet_one(stage: Stage) -> None:
    first, second, *_ = await _switched_on(stage)
    await _make_lively(stage, first, 16.0)
    await _make_lively(stage, second, RATES[0])
    worker = await stage.worker(once=True)
    await _check_all(worker)

    waits = await _waits(stage)
    assert waits[first.kaspi_sku] < waits[second.kaspi_sku] / 5
    assert waits[second.kaspi_sku] <= PROMISE + 1


async def test_looks_teach_and_what_was_learned_outlives_the_process(stage: Stage) -> None:
    product = (await _switched_on(stage))[0]
    card = product.external_kaspi_id or ""
    rival = stage.sandbox.market.rivals_on(card)[0].merchant.uid
    price = (product.price or 0) // 100
    rates = []
    for look in range(4):
        stage.sandbox.market.set_rival(card, rival, price * (90 - look) // 100)
        await stage.set_product(product.id)
        await _check_all(await stage.worker(once=True))
        stage.clock.jump(120)
        async with stage.db.read() as tx:
            pulse = await tx.scalar(select(CardPulse).where(col(CardPulse.card) == card))
        assert pulse is not None
        rates.append(sum(map(float.__mul__, pulse.levels, RATES)))
    assert rates == sorted(rates)
    assert rates[-1] > 3 * rates[0]
    assert pulse.moved_at is not None


async def test_a_rival_that_moved_here_is_looked_for_elsewhere(stage: Stage) -> None:
    here, there, rival = _met_twice(stage, await _switched_on(stage))
    market = stage.sandbox.market
    for product in (here, there):
        card = product.external_kaspi_id or ""
        market.clear_rivals(card)
        market.set_rival(card, rival, (product.price or 0) // 100 * 95 // 100)
    worker = await stage.worker(once=True)
    await _check_all(worker)
    stage.clock.jump(90)
    async with stage.db.write() as tx:
        later = stage.clock.now() + timedelta(minutes=10)
        await tx.execute(update(Product).values(next_check_at=later))
    for product in (here, there):
        card = product.external_kaspi_id or ""
        market.set_rival(card, rival, (product.price or 0) // 100 * 90 // 100)
    await stage.set_product(here.id)

    await _check_all(worker)

    moved = {product.id: product for product in await stage.products()}[there.id]
    assert moved.looked_for == rival
    assert moved.next_check_at <= stage.clock.now()
    await _check_all(worker)
    async with stage.db.read() as tx:
        habit = await tx.scalar(select(RivalHabit).where(col(RivalHabit.merchant_id) == rival))
    assert habit is not None
    assert (habit.tried, habit.together) == (worker.checker.hastened, 1)


@pytest.mark.parametrize("trouble", ["suggests", "banned"])
async def test_goods_whose_prices_may_not_be_sent_are_in_no_hurry(
    stage: Stage, trouble: str
) -> None:
    for product in await _switched_on(stage):
        await _make_lively(stage, product, 64.0)
    if trouble == "suggests":
        await stage.set_settings(mode=BotMode.SUGGEST)
    else:
        async with stage.db.write() as tx:
            until = stage.clock.now() + timedelta(minutes=30)
            await tx.execute(update(KaspiStore).values(sends_blocked_until=until))
    await _check_all(await stage.worker(once=True))

    waits = await _waits(stage)
    assert waits
    assert all(wait > PROMISE * 0.85 for wait in waits.values())


async def test_workers_share_one_tempo(stage: Stage) -> None:
    await _switched_on(stage)
    workers = [await stage.worker(index, 2) for index in range(2)]
    await asyncio.gather(*(worker.keep_tempo() for worker in workers))
    for worker in workers:
        await worker.keep_tempo()

    async with stage.db.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(LookTempo)) == 1
    left, right = (worker.checker.in_force for worker in workers)
    assert left.tempo == right.tempo
    assert left.solved_at == right.solved_at is not None
    stage.clock.jump(61)
    await workers[1].keep_tempo()
    assert (workers[1].checker.in_force.solved_at or left.solved_at) > left.solved_at  # type: ignore[operator]


async def test_late_looks_ask_for_less_of_the_budget(stage: Stage) -> None:
    await _switched_on(stage)
    worker = await stage.worker()
    worker.checker.lateness = timedelta(seconds=90)
    await worker.keep_tempo()
    assert worker.checker.in_force.budget_share == pytest.approx(0.98)
    worker.checker.lateness = timedelta()
    for _ in range(4):
        stage.clock.jump(61)
        await worker.keep_tempo()
    assert worker.checker.in_force.budget_share > 1.0
