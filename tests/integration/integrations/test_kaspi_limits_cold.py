"""A Redis that forgot: it is filled from Postgres before the first send, and counts as full once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from limits_crowd import START, granted, waits, wish
from redis.asyncio import Redis

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import Unreachable
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import (
    Granted,
    Host,
    Refill,
    Wait,
    WaitReason,
    Wish,
)


def send(changes: int) -> Wish:
    return wish(host=Host.CABINET, store="s1", changes=changes)


class Memory:
    """What Postgres would answer, and how often it was asked."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self.asked = 0
        self.is_down = False
        self.sends = {"s1": [START - timedelta(minutes=20)] * 200}
        self.bans = {"s2": START + timedelta(minutes=10)}

    async def __call__(self) -> Refill:
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.is_down:
            raise OSError("no database")
        return Refill(sends=self.sends, bans=self.bans)


@pytest.fixture
def memory(clock: FixedClock) -> Memory:
    return Memory(clock)


async def test_flushed_redis_forgets_neither_sends_nor_bans(
    make_limits: Callable[..., Limits], memory: Memory, clock: FixedClock
) -> None:
    limits = make_limits(refill=memory)
    snapshot = await limits.store_snapshot("s1")

    assert (snapshot.used, snapshot.room) == (200, 50)
    assert await limits.store_blocked_until("s2") == START + timedelta(minutes=10)
    clock.move(seconds=2)
    assert (await waits(limits, send(51))).reason is WaitReason.CHANGES
    await granted(limits, send(50))


async def test_every_other_window_counts_as_full_once(
    make_limits: Callable[..., Limits], clock: FixedClock
) -> None:
    limits = make_limits()
    wait = await waits(limits, wish())

    assert (wait.reason, wait.seconds) == (WaitReason.COLD, pytest.approx(1.02))
    clock.move(seconds=wait.seconds)
    await granted(limits, wish())


async def test_one_process_fills_and_the_others_wait_for_it(
    make_limits: Callable[..., Limits], memory: Memory
) -> None:
    processes = [make_limits(refill=memory) for _ in range(4)]
    answers = await asyncio.gather(*(limits.take(wish()) for limits in processes * 3))

    assert memory.asked == 1
    assert all(isinstance(answer, Wait) for answer in answers)


async def test_flush_in_the_middle_of_work_is_noticed_by_the_next_request(
    redis: Redis, make_limits: Callable[..., Limits], memory: Memory, clock: FixedClock
) -> None:
    limits = make_limits(refill=memory)
    await limits.snapshot()
    clock.move(seconds=2)
    for _ in range(8):
        await granted(limits, wish())
    await redis.flushall()

    assert (await waits(limits, wish())).reason is WaitReason.COLD
    assert memory.asked == 2


async def test_restart_that_kept_old_data_is_not_trusted(
    redis: Redis, make_limits: Callable[..., Limits], memory: Memory, clock: FixedClock
) -> None:
    limits = make_limits(refill=memory)
    await limits.snapshot()
    clock.move(seconds=2)
    await redis.script_flush()  # what a restart does to scripts, whatever it does to data

    assert (await waits(limits, wish())).reason is WaitReason.COLD
    assert memory.asked == 2


async def test_marker_of_a_faster_clock_does_not_stop_work_for_days(
    make_limits: Callable[..., Limits], clock: FixedClock
) -> None:
    sped_up = make_limits(skew_ms=86_400_000)
    await sped_up.snapshot()
    limits = make_limits()

    assert (await waits(limits, wish())).reason is WaitReason.COLD
    clock.move(seconds=2)
    await granted(limits, wish())


async def test_ban_made_by_a_faster_clock_does_not_outlive_it(
    make_limits: Callable[..., Limits],
) -> None:
    await make_limits(skew_ms=86_400_000).ban_store("s1", timedelta(minutes=30))

    assert await make_limits().store_blocked_until("s1") is None


async def test_without_postgres_nothing_is_granted_and_another_may_try(
    make_limits: Callable[..., Limits], memory: Memory, clock: FixedClock
) -> None:
    limits = make_limits(refill=memory)
    memory.is_down = True
    with pytest.raises(Unreachable):
        await limits.take(wish())

    memory.is_down = False
    assert (await waits(limits, wish())).reason is WaitReason.COLD
    clock.move(seconds=2)
    assert isinstance(await limits.take(wish()), Granted)


async def test_ban_known_to_a_process_survives_a_flush(
    redis: Redis, make_limits: Callable[..., Limits], clock: FixedClock
) -> None:
    limits = make_limits()
    await limits.ban_store("s1", timedelta(minutes=30))
    await redis.flushall()

    assert await limits.store_blocked_until("s1") == clock.now() + timedelta(minutes=30)
