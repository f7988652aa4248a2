"""What leaves, what must not, and what a lost answer leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from records import add_decision, limit_bots
from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.operations import Notification
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore
from workers.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from worker_stage import Stage

    from cube_demper.domain.pricing.sending import Send
    from cube_demper.domain.stores.schemas import ReadyStore

ASTANA = "710000000"


async def _set_city_prices(stage: Stage, product: Product, price: int | None) -> None:
    """Have the cities' prices just been read as `price` tiyn."""
    async with stage.db.write() as tx:
        await tx.execute(
            update(ProductCityPrice)
            .where(col(ProductCityPrice.product_id) == product.id)
            .values(price=price)
        )
        await tx.execute(
            update(Product)
            .where(col(Product.id) == product.id)
            .values(supply_read_at=stage.clock.now())
        )


async def test_a_floor_raised_after_the_decision_stops_the_send(stage: Stage) -> None:
    product = await stage.queue_lower()
    await stage.set_product(product.id, min_price=product.price)

    await stage.drain()

    row = (await stage.history())[-1]
    assert row.status == PriceStatus.SUPERSEDED
    assert "границы" in (row.note or "")
    assert stage.sandbox.audit().accepted == 0


async def test_a_bot_stopped_after_the_decision_sends_nothing(stage: Stage) -> None:
    await stage.queue_lower()
    worker = await stage.worker(once=True)
    ready = await worker._ready(is_forced=True)
    await stage.set_settings(is_enabled=False)

    worker.lane.start(ready, {store.id: False for store in ready})
    await worker.lane.wait()

    assert (await stage.history())[-1].status == PriceStatus.SUPERSEDED
    assert stage.sandbox.audit().accepted == 0


@pytest.mark.parametrize("is_by_hand", [False, True])
async def test_a_plan_that_got_smaller_after_the_claim_sends_nothing_past_its_limit(
    stage: Stage, is_by_hand: bool
) -> None:
    await stage.queue_lower()
    worker = await stage.worker(once=True)
    ready = await worker._ready(is_forced=True)
    async with stage.db.write() as tx:
        await limit_bots(tx, 0)
        if is_by_hand:
            await tx.execute(update(PriceHistory).values(approved_at=stage.clock.now()))

    worker.lane.start(ready, {store.id: False for store in ready})
    await worker.lane.wait()

    row = (await stage.history())[-1]
    assert stage.sandbox.audit().accepted == int(is_by_hand)
    assert ("не помещается в тариф" in (row.note or "")) is not is_by_hand


async def test_a_lost_answer_is_unknown_until_a_look_and_is_not_sent_again(stage: Stage) -> None:
    product = await stage.queue_lower()
    stage.sandbox.fault("reset_after", "process", count=1)

    await stage.drain()

    row = (await stage.history(product.id))[-1]
    assert row.status == PriceStatus.UNKNOWN
    stage.clock.jump(125)
    worker = await stage.worker(once=True)
    await worker.confirm()
    assert (await stage.history(product.id))[-1].status == PriceStatus.CONFIRMED
    report = stage.sandbox.audit()
    assert (report.accepted, report.sent_twice) == (1, [])


async def test_a_send_that_never_arrived_gets_one_new_attempt(stage: Stage) -> None:
    product = await stage.queue_lower()
    stage.sandbox.fault("reset", "process", count=1)
    await stage.drain()
    assert (await stage.history(product.id))[-1].status == PriceStatus.UNKNOWN

    stage.clock.jump(125)
    worker = await stage.worker(once=True)
    await worker.confirm()
    row = (await stage.history(product.id))[-1]
    assert (row.status, row.attempt) == (PriceStatus.QUEUED, 1)
    await worker.send()
    await worker.lane.wait()

    row = (await stage.history(product.id))[-1]
    assert (row.status, row.attempt) == (PriceStatus.SENT, 2)
    assert stage.sandbox.audit().accepted == 1


async def test_a_price_that_kaspi_never_shows_is_tried_twice_then_told(stage: Stage) -> None:
    product = await stage.queue_lower()
    stage.sandbox.fault("ignored", "process", count=2)
    worker = await stage.worker(once=True)
    for _ in range(2):
        await worker.send()
        await worker.lane.wait()
        for wait in (95, 150, 305):
            stage.clock.jump(wait)
            await worker.confirm()

    row = (await stage.history(product.id))[-1]
    assert (row.status, row.attempt) == (PriceStatus.REFUSED, 2)
    async with stage.db.read() as tx:
        told = (await tx.scalars(select(Notification))).all()
    assert [note.kind for note in told] == ["price_not_shown"]


async def test_an_expired_session_stops_the_store_and_tells_the_seller_once(stage: Stage) -> None:
    await stage.queue_lower()
    stage.sandbox.sessions.expire("seller@example.kz")

    await stage.drain()
    await stage.drain()

    assert (await stage.history())[-1].status == PriceStatus.QUEUED
    async with stage.db.read() as tx:
        store = await tx.scalar(select(KaspiStore))
        told = (await tx.scalars(select(Notification))).all()
    assert store is not None
    assert (store.needs_reauth, store.reauth_reason) == (True, "credentials_missing")
    assert [note.kind for note in told] == ["needs_reauth"]


async def test_a_429_stops_the_store_for_every_process_and_loses_nothing(stage: Stage) -> None:
    await stage.queue_lower()
    stage.sandbox.fault("status", "process", status=429, count=1)

    await stage.drain()
    await stage.drain()

    assert (await stage.history())[-1].status == PriceStatus.QUEUED
    async with stage.db.read() as tx:
        until = await tx.scalar(select(col(KaspiStore.sends_blocked_until)))
    assert until is not None
    assert 1700 < (until - stage.clock.now()).total_seconds() <= 1800
    requests = [e for e in stage.sandbox.journal.entries if e.get("route") == "process"]
    assert len(requests) == 1


async def test_a_429_is_kept_though_a_newer_decision_was_queued_during_the_call(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await stage.queue_lower()
    stage.sandbox.fault("status", "process", status=429, count=1)
    take = Sender._take

    async def overtaken(self: Sender, store: ReadyStore, ids: Sequence[UUID]) -> Sequence[Send]:
        taken = await take(self, store, ids)
        async with stage.db.write() as tx:
            now = stage.clock.now()
            await add_decision(
                tx, product, PriceStatus.QUEUED, new_price=product.price, created_at=now
            )
        return taken

    monkeypatch.setattr(Sender, "_take", overtaken)
    await stage.drain()

    statuses = [row.status for row in await stage.history(product.id)]
    assert sorted(statuses) == [PriceStatus.QUEUED, PriceStatus.SUPERSEDED]
    async with stage.db.read() as tx:
        assert await tx.scalar(select(col(KaspiStore.sends_blocked_until))) is not None


async def test_a_city_that_the_bot_does_not_keep_goes_out_at_its_own_last_price(
    stage: Stage,
) -> None:
    product = await stage.queue_lower()
    await _set_city_prices(stage, product, 800_000)

    await stage.drain()

    sent = [e for e in stage.sandbox.journal.entries if e["kind"] == "accepted"][-1]
    row = (await stage.history(product.id))[-1]
    assert sent["city_prices"] == {"750000000": (row.new_price or 0) // 100, ASTANA: 8_000}
    assert set(sent["city_prices"]) == {"750000000", ASTANA}


async def test_while_a_citys_price_is_unknown_nothing_is_sent_and_a_sync_is_asked_for(
    stage: Stage,
) -> None:
    product = await stage.queue_lower()
    await _set_city_prices(stage, product, None)

    await stage.drain()

    row = (await stage.history(product.id))[-1]
    waiting = next(p for p in await stage.products() if p.id == product.id)
    assert row.status == PriceStatus.SUPERSEDED
    assert "неизвестна" in (row.note or "")
    assert waiting.next_check_at > stage.clock.now()
    assert stage.sandbox.audit().accepted == 0


async def test_an_active_city_below_its_own_floor_is_never_sent_along(stage: Stage) -> None:
    product = await stage.queue_lower()
    async with stage.db.write() as tx:
        await tx.execute(
            update(ProductCityPrice)
            .where(col(ProductCityPrice.product_id) == product.id)
            .values(bot_active=True, price=500_000, min_price=700_000, max_price=900_000)
        )
        await tx.execute(
            update(Product)
            .where(col(Product.id) == product.id)
            .values(supply_read_at=stage.clock.now())
        )

    await stage.drain()

    assert (await stage.history(product.id))[-1].status == PriceStatus.SUPERSEDED
    assert stage.sandbox.audit().accepted == 0


async def test_a_row_is_added_only_when_action_reason_or_target_changed(stage: Stage) -> None:
    stage.sandbox.market.freeze_rivals()
    await stage.set_settings(mode="suggest")
    await stage.switch_on(limit=3)
    worker = await stage.worker(once=True)
    await worker.run_bounded()
    first = len(await stage.history())
    for product in await stage.products():
        await stage.set_product(product.id)
    stage.clock.jump(25)
    await worker.run_bounded()

    assert first == 3
    rows: list[PriceHistory] = await stage.history()
    second_look = [row for row in rows[first:] if row.change_reason.endswith("_to_max")]
    assert len(rows) == first + len(second_look)


async def test_a_queue_belongs_to_one_process_until_that_one_leaves_it_lying(stage: Stage) -> None:
    await stage.queue_lower()
    owner = stage.store_id.int % 2
    other = await stage.worker(index=1 - owner, count=2, once=True)
    await stage.drain(other)
    assert (await stage.history())[-1].status == PriceStatus.QUEUED

    stage.clock.jump(6)
    await stage.drain(other)
    assert (await stage.history())[-1].status == PriceStatus.SENT


async def test_a_process_sends_its_own_stores_at_once(stage: Stage) -> None:
    await stage.queue_lower()
    await stage.drain(await stage.worker(index=stage.store_id.int % 2, count=2, once=True))
    assert (await stage.history())[-1].status == PriceStatus.SENT
