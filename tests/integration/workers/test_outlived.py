"""Leases that end too early: a frozen process, a lost lock, a database away between call and write."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from records import add_decision
from sqlalchemy import text, update

from cube_demper.domain.pricing import recording, sending
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from workers.leases import LEASE

if TYPE_CHECKING:
    from worker_stage import Stage

    from workers.demping import Demping


async def _claim(worker: Demping) -> int:
    return await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys)


async def _statuses(stage: Stage) -> list[str]:
    return [row.status for row in await stage.history()]


async def test_a_check_that_outlived_its_lease_is_not_written_though_its_process_claimed_anew(
    stage: Stage,
) -> None:
    stage.sandbox.market.freeze_rivals()
    await stage.switch_on(limit=2)
    worker = await stage.worker(once=True)
    first = await _claim(worker)
    stage.clock.jump(95)
    again = await _claim(worker)

    await worker.checker.finish()

    assert (first, again, worker.checker.checked) == (2, 2, 2)
    assert len(await stage.history()) == 2


async def test_a_price_that_left_during_the_check_is_not_queued_again(stage: Stage) -> None:
    product = await stage.queue_lower()
    await stage.set_product(product.id)
    checking_worker, sending_worker = await stage.worker(once=True), await stage.worker(once=True)
    assert await _claim(checking_worker) == 1

    await stage.drain(sending_worker)
    await checking_worker.checker.finish()

    assert await _statuses(stage) == [PriceStatus.SENT]


async def test_a_send_that_came_back_to_the_queue_during_the_check_takes_no_others_with_it(
    stage: Stage,
) -> None:
    product = await stage.queue_lower()
    async with stage.db.write() as tx:
        await tx.execute(update(PriceHistory).values(status=PriceStatus.HELD))
    await stage.set_product(product.id)
    worker = await stage.worker(once=True)
    assert await _claim(worker) == 1
    async with stage.db.write() as tx:
        await tx.execute(update(PriceHistory).values(status=PriceStatus.QUEUED))

    await worker.checker.finish()

    assert await _statuses(stage) == [PriceStatus.QUEUED]
    assert worker.checker.checked == 1


async def test_a_process_frozen_between_commit_and_call_does_not_call(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.queue_lower()
    connect = aiohttp.TCPConnector.connect

    async def frozen(
        connector: aiohttp.TCPConnector, request: aiohttp.ClientRequest, *given: Any, **named: Any
    ) -> Any:
        connection = await connect(connector, request, *given, **named)
        if "upload" in request.url.path:
            stage.clock.jump(130)
        return connection

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", frozen)
    worker = await stage.worker(once=True)
    await stage.drain(worker)
    assert await _statuses(stage) == [PriceStatus.QUEUED]
    assert stage.sandbox.audit().accepted == 0
    monkeypatch.undo()
    await stage.drain(worker)

    assert await _statuses(stage) == [PriceStatus.SENT]
    assert stage.sandbox.audit().accepted == 1


async def test_who_lost_the_store_while_waiting_for_leave_sends_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.queue_lower()
    worker, other = await stage.worker(once=True), await stage.worker(once=True)
    send_prices = KaspiClient.send_prices

    async def late(client: KaspiClient, *given: Any, **named: Any) -> tuple[str, ...]:
        stage.clock.jump(LEASE.total_seconds() + 1)
        assert await other.lane._sender.leases.take(stage.store_id, "other")
        return await send_prices(client, *given, **named)

    monkeypatch.setattr(KaspiClient, "send_prices", late)
    await stage.drain(worker)

    assert await _statuses(stage) == [PriceStatus.QUEUED]
    assert stage.sandbox.audit().accepted == 0


async def test_the_lock_of_postgres_is_lost_with_its_connection(stage: Stage) -> None:
    leases = (await stage.worker(once=True)).lane._sender.leases
    async with leases.hold(stage.store_id, is_degraded=True) as lease:
        assert lease is not None
        assert await lease.renew()
        async with stage.db.write() as tx:
            await tx.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE state = 'idle in transaction' AND pid <> pg_backend_pid()"
                )
            )
        assert not await lease.renew()

    async with leases.hold(stage.store_id, is_degraded=True) as lease:
        assert lease is not None


async def test_an_accepted_price_is_written_though_the_database_was_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.queue_lower()
    accepted, failures = sending.accepted, [ConnectionRefusedError("away")]

    async def away_once(*given: Any, **named: Any) -> None:
        if failures:
            raise failures.pop()
        await accepted(*given, **named)

    monkeypatch.setattr(sending, "accepted", away_once)
    await stage.drain()

    assert await _statuses(stage) == [PriceStatus.SENT]


async def test_checks_are_kept_while_the_database_is_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.switch_on(limit=3)
    worker = await stage.worker(once=True)
    taken = await _claim(worker)
    record = recording.record

    async def away(*_given: Any) -> int:
        raise ConnectionRefusedError("away")

    monkeypatch.setattr(recording, "record", away)
    with pytest.raises(ConnectionRefusedError):
        await worker.checker.finish()
    monkeypatch.setattr(recording, "record", record)
    await worker.checker.finish()

    assert worker.checker.checked == taken == 3


async def test_a_check_that_cannot_be_written_takes_no_others_with_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = (await stage.switch_on(limit=3))[0]
    worker = await stage.worker(once=True)
    taken = await _claim(worker)
    record = recording.record

    async def refuse(tx: Any, outcomes: Any, *given: Any) -> int:
        if any(outcome.due.product.id == bad.id for outcome in outcomes):
            raise ValueError("cannot be written")
        return await record(tx, outcomes, *given)

    monkeypatch.setattr(recording, "record", refuse)
    await worker.checker.finish()

    assert worker.checker.checked == taken - 1


async def test_an_empty_window_does_not_say_that_a_send_was_lost(stage: Stage) -> None:
    await stage.queue_lower()
    stage.sandbox.fault("reset_after", "process", count=1)
    worker = await stage.worker(once=True)
    await stage.drain(worker)
    stage.clock.jump(125)
    stage.sandbox.fault("empty", "offers")
    await worker.confirm()
    assert await _statuses(stage) == [PriceStatus.UNKNOWN]
    stage.sandbox.faults.clear()
    stage.clock.jump(130)
    await worker.confirm()

    assert await _statuses(stage) == [PriceStatus.CONFIRMED]
    assert stage.sandbox.audit().sent_twice == []


async def test_a_send_that_no_window_shows_ends_without_a_second_attempt(stage: Stage) -> None:
    await stage.queue_lower()
    stage.sandbox.fault("reset_after", "process", count=1)
    worker = await stage.worker(once=True)
    await stage.drain(worker)
    stage.sandbox.fault("empty", "offers")
    for wait in (125, 120, 305):
        stage.clock.jump(wait)
        await worker.confirm()

    (row,) = await stage.history()
    assert (row.status, row.attempt) == (PriceStatus.SUPERSEDED, 1)
    assert "не видно" in (row.note or "")


async def test_an_older_price_yields_to_a_newer_one_on_its_way(stage: Stage) -> None:
    product = await stage.queue_lower()
    stage.sandbox.fault("reset", "process", count=1)
    worker = await stage.worker(once=True)
    await stage.drain(worker)
    now = stage.clock.now()
    async with stage.db.write() as tx:
        await add_decision(
            tx,
            product,
            PriceStatus.UNKNOWN,
            new_price=product.price,
            sent_at=now + timedelta(seconds=5),
            confirm_at=now + timedelta(minutes=9),
            created_at=now,
        )
    stage.clock.jump(125)
    await worker.confirm()

    assert await _statuses(stage) == [PriceStatus.SUPERSEDED, PriceStatus.UNKNOWN]


async def test_a_session_replaced_during_the_call_is_not_taken_for_expired(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.queue_lower()
    worker = await stage.worker(once=True)
    stage.sandbox.sessions.expire("seller@example.kz")
    send_prices = KaspiClient.send_prices

    async def signed_in_meanwhile(client: KaspiClient, *given: Any, **named: Any) -> Any:
        await stage.sign_in()
        return await send_prices(client, *given, **named)

    async with stage.db.write() as tx:
        await tx.execute(update(Product).values(supply_read_at=stage.clock.now()))
    monkeypatch.setattr(KaspiClient, "send_prices", signed_in_meanwhile)
    await stage.drain(worker)
    monkeypatch.undo()
    stage.clock.jump(3)
    await stage.drain(worker)

    assert await _statuses(stage) == [PriceStatus.SENT]
