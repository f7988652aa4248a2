"""One store's trouble is not another's; one look serves all; a lease is held by one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import col

from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import KaspiStore

if TYPE_CHECKING:
    from worker_stage import Stage

SECOND = "30000002"


async def test_a_ban_of_one_store_does_not_starve_the_others(stage: Stage) -> None:
    await stage.switch_on()
    second = await stage.second_store()
    worker = await stage.worker(until_idle=True)
    await worker.kaspi.limits.ban_store(stage.merchant, timedelta(minutes=30))

    await worker.run_bounded()

    rows = await stage.history()
    first_rows = [row for row in rows if row.store_id != second]
    other_rows = [row for row in rows if row.store_id == second]
    assert {row.status for row in first_rows} <= {PriceStatus.QUEUED, PriceStatus.HELD}
    assert any(row.status == PriceStatus.SENT for row in other_rows)
    assert not any(row.status == PriceStatus.QUEUED for row in other_rows)


async def test_a_store_that_needs_sign_in_costs_the_others_nothing(stage: Stage) -> None:
    await stage.switch_on()
    second = await stage.second_store()
    async with stage.db.write() as tx:
        await tx.execute(
            update(KaspiStore)
            .where(col(KaspiStore.id) == stage.store_id)
            .values(needs_reauth=True, reauth_reason="sms_required")
        )
    worker = await stage.worker(until_idle=True)

    await worker.run_bounded()

    assert {row.store_id for row in await stage.history()} == {second}


async def test_stores_that_sell_the_same_card_use_one_look(stage: Stage) -> None:
    stage.sandbox.market.freeze_rivals()
    await stage.switch_on()
    await stage.second_store()
    worker = await stage.worker(once=True)
    other = await stage.worker(once=True)
    before = len([e for e in stage.sandbox.journal.entries if e.get("route") == "offers"])

    await asyncio.gather(worker.run_bounded(), other.run_bounded())

    asked = [e for e in stage.sandbox.journal.entries if e.get("route") == "offers"][before:]
    cards = [(e["card"], e["city"]) for e in asked]
    assert len(cards) == len(set(cards))
    assert worker.checker.checked + other.checker.checked == len(cards) + 4


async def test_the_users_own_other_store_is_no_rival(stage: Stage) -> None:
    await stage.switch_on()
    await stage.second_store()
    shared = {p.external_kaspi_id for p in await stage.products()} & {
        card.id
        for card in stage.sandbox.world.cards.values()
        if sum(listing.merchant.uid in {SECOND, stage.merchant} for listing in card.listings) == 2
    }
    assert shared
    for card in shared:
        stage.sandbox.market.clear_rivals(card or "")
    worker = await stage.worker(until_idle=True)

    await worker.run_bounded()

    on_shared = {p.id for p in await stage.products() if p.external_kaspi_id in shared}
    rows = [row for row in await stage.history() if row.product_id in on_shared]
    assert rows
    assert {row.competitor_price for row in rows} == {None}


async def test_a_worker_whose_lease_is_gone_writes_nothing(stage: Stage) -> None:
    await stage.switch_on(limit=2)
    worker = await stage.worker(once=True)
    await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys)
    async with stage.db.write() as tx:
        await tx.execute(update(Product).values(claimed_by=uuid4()))

    await worker.checker.finish()

    assert await stage.history() == []


async def test_two_copies_of_one_shard_check_each_product_once(stage: Stage) -> None:
    stage.sandbox.market.freeze_rivals()
    bots = [p for p in await stage.switch_on() if p.bot_active]
    first, second = await stage.worker(once=True), await stage.worker(once=True)

    await asyncio.gather(first.run_bounded(), second.run_bounded())

    assert first.checker.checked + second.checker.checked == len(bots)
    assert stage.sandbox.audit().sent_twice == []


async def test_only_one_process_drains_a_store(stage: Stage) -> None:
    worker, other = await stage.worker(once=True), await stage.worker(once=True)
    leases = worker.lane._sender.leases
    async with leases.hold(stage.store_id, is_degraded=False) as mine:
        assert mine is not None
        async with other.lane._sender.leases.hold(stage.store_id, is_degraded=False) as theirs:
            assert theirs is None
    async with leases.hold(stage.store_id, is_degraded=True) as mine:
        assert mine is not None
        async with leases.hold(stage.store_id, is_degraded=True) as theirs:
            assert theirs is None


async def test_an_idle_worker_takes_over_a_dead_shard_after_a_minute(stage: Stage) -> None:
    bots = [p for p in await stage.switch_on() if p.bot_active]
    worker = await stage.worker(index=0, count=2)
    others = [p for p in bots if (p.shard_key or 0) % 2 == 1]
    assert others

    await worker.claim()
    await worker.checker.finish()
    assert worker.checker.checked == len(bots) - len(others)
    await worker.claim()
    await worker.checker.finish()
    assert worker.checker.checked == len(bots) - len(others)
    stage.clock.jump(61)
    await worker.claim()
    await worker.checker.finish()

    assert worker.checker.checked == len(bots)


async def test_a_failed_look_moves_on_instead_of_staying_at_the_head_of_the_queue(
    stage: Stage,
) -> None:
    product = next(p for p in await stage.switch_on(limit=1) if p.bot_active)
    stage.sandbox.fault("html", "offers")
    worker = await stage.worker(once=True)

    await worker.run_bounded()

    failed = next(p for p in await stage.products() if p.id == product.id)
    assert failed.next_check_at > stage.clock.now()
    assert failed.claimed_until is None
    assert failed.last_error
    assert await stage.history() == []


async def test_garbage_from_kaspi_sends_no_price(stage: Stage) -> None:
    await stage.switch_on()
    worker = await stage.worker(until_idle=True)
    for kind in ("truncated", "nulls", "empty", "own_missing"):
        stage.sandbox.faults.clear()
        stage.sandbox.fault(kind, "offers", store=stage.merchant if kind == "own_missing" else None)
        for product in await stage.products():
            await stage.set_product(product.id)
        stage.clock.jump(25)
        await worker.run_bounded()

    rows = await stage.history()
    assert {row.status for row in rows} <= {PriceStatus.HELD}
    assert stage.sandbox.audit().accepted == 0


async def test_terms_changed_during_a_check_are_looked_at_anew(stage: Stage) -> None:
    product = next(p for p in await stage.switch_on(limit=1) if p.bot_active)
    worker = await stage.worker(once=True)
    await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys)
    edited_at = stage.clock.now()
    async with stage.db.write() as tx:
        await tx.execute(update(Product).values(next_check_at=edited_at))

    await worker.checker.finish()

    after = next(p for p in await stage.products() if p.id == product.id)
    assert (after.next_check_at, after.claimed_until) == (edited_at, None)
