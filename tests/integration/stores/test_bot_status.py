"""The status strip: workers, backlog, budget and honest speed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import uuid4

from records import NOON, add_decision, add_product, add_store, add_user, seller

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.stores import service
from cube_demper.domain.stores.schemas import BotStatus
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan
from cube_demper.models.operations import WorkerHeartbeat
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode


async def _status(db: Database, user: User) -> BotStatus:
    async with db.read() as tx:
        return await service.bot_status(tx, seller(user), NOON, changes_limit=250)


async def _beat(
    tx: WriteTx, index: int, seen_at: datetime, *, name: str = "demping", pid: int = 1
) -> None:
    tx.add(
        WorkerHeartbeat(
            name=name,
            instance_index=index,
            instance_count=2,
            process=f"host:{index}{pid}",
            started_at=NOON,
            seen_at=seen_at,
        )
    )
    await tx.flush()


async def test_worker_is_alive_within_15_seconds_and_missed_after(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        await _beat(tx, 0, NOON - timedelta(seconds=14))
        await _beat(tx, 1, NOON - timedelta(seconds=16))
        await _beat(tx, 0, NOON, name="orders")
    status = await _status(db, user)
    assert [worker.is_alive for worker in status.workers] == [True, False]
    assert (status.workers_alive, status.workers_expected) == (1, 2)


async def test_dead_process_whose_shard_lives_again_is_not_shown(db: Database) -> None:
    ago = NOON - timedelta(seconds=40)
    async with db.write() as tx:
        user = await add_user(tx)
        for index, seen_at, pid in (
            (0, ago, 1),
            (0, NOON, 2),
            (1, ago, 3),
            (1, ago, 4),
            (7, ago, 5),
        ):
            await _beat(tx, index, seen_at, pid=pid)
    workers = (await _status(db, user)).workers
    assert [(it.instance_index, it.is_alive) for it in workers] == [(0, True), (1, False)]


async def test_worker_silent_for_long_is_no_longer_expected(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        await _beat(tx, 0, NOON - timedelta(hours=1))
    assert (await _status(db, user)).workers == ()


async def test_changes_are_counted_by_send_over_30_minutes(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        product = await add_product(tx, await add_store(tx, user))
        first, second, old = uuid4(), uuid4(), uuid4()
        for send_id, minutes, city in (
            (first, 1, "750000000"),
            (first, 1, "710000000"),
            (second, 29, "750000000"),
            (old, 31, "750000000"),
        ):
            await add_decision(
                tx,
                product,
                PriceStatus.CONFIRMED,
                send_id=send_id,
                city_id=city,
                sent_at=NOON - timedelta(minutes=minutes),
            )
        await add_decision(tx, product, PriceStatus.QUEUED)
        await add_decision(
            tx, await add_product(tx, await add_store(tx, await add_user(tx))), PriceStatus.SENDING
        )
    (store,) = (await _status(db, user)).stores
    assert (store.changes_used, store.queued, store.sending) == (2, 1, 0)


async def test_backlog_counts_due_and_overdue_goods_only_of_bots_with_a_card(
    db: Database,
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        await add_product(tx, store)
        await add_product(tx, store, next_check_at=NOON - timedelta(minutes=5))
        await add_product(tx, store, next_check_at=NOON + timedelta(minutes=5))
        await add_product(tx, store, claimed_until=NOON + timedelta(seconds=30))
        await add_product(tx, store, external_kaspi_id=None)
        await add_product(tx, store, bot_active=False)
    (store_status,) = (await _status(db, user)).stores
    assert (store_status.bots, store_status.due, store_status.overdue) == (5, 2, 1)


async def test_speed_is_said_only_when_it_is_slower_than_the_setting(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        slow = await add_store(tx, user, name="А", bot={"check_interval_minutes": 15})
        fine = await add_store(tx, user, name="Б", bot={"check_interval_minutes": 15})
        for store, minutes in ((slow, 22), (fine, 15)):
            for late in range(3):
                looked = NOON - timedelta(minutes=late)
                await add_product(
                    tx,
                    store,
                    last_check_time=looked,
                    next_check_at=looked + timedelta(minutes=minutes),
                )
            await add_product(
                tx, store, last_check_time=NOON - timedelta(hours=9), check_failures=9
            )
    speeds = [store.speed_minutes for store in (await _status(db, user)).stores]
    assert speeds == [22, None]


async def test_night_does_not_count_as_slowness(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(
            tx, user, bot={"work_hours_start": time(11, 55), "work_hours_end": time(21)}
        )
        await add_product(tx, store, last_check_time=NOON - timedelta(hours=15))
    (status,) = (await _status(db, user)).stores
    assert status.speed_minutes is None
    assert status.last_look_at == NOON - timedelta(hours=15)


async def test_store_says_its_mode_in_effect_and_when_it_opens(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx, plan=Plan.FREE)
        hours = {"work_hours_start": time(13), "work_hours_end": time(21)}
        await add_store(tx, user, bot={"mode": BotMode.AUTO} | hours)
    status = await _status(db, user)
    (store,) = status.stores
    assert store.store.mode is BotMode.AUTO
    assert store.effective_mode is BotMode.SUGGEST
    assert not store.is_open
    assert store.opens_at == NOON + timedelta(hours=1)
    assert status.working == ()
