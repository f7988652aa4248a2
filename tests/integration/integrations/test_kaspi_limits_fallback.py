"""Redis gone: every process keeps to its share of every limit, and returns by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from limits_crowd import START, Crowd, fullest, granted, waits, wish
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisGone

from cube_demper.core.clock import FixedClock
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import Host, Refill, RequestKind, WaitReason

SECOND = timedelta(seconds=1)
EIGHT = tuple(f"e{n}" for n in range(8))
SEND = wish(host=Host.CABINET, store="s1", changes=1)


class Cut(Redis):
    """A client whose cable can be pulled."""

    is_cut = False

    async def execute_command(self, *args: object, **options: object) -> object:
        if self.is_cut:
            raise RedisGone("cut")
        return await super().execute_command(*args, **options)


@pytest.fixture
async def cable(redis: Redis, redis_url: str) -> AsyncIterator[Cut]:
    client = Cut.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
async def alone(make_limits: Callable[..., Limits], cable: Cut, clock: FixedClock) -> Limits:
    """One of two processes, just cut off; its empty windows have passed."""
    limits = make_limits(client=cable, instances=2)
    await limits.snapshot()
    clock.move(seconds=2)
    cable.is_cut = True
    assert (await waits(limits, wish())).seconds == pytest.approx(1.02)
    clock.move(seconds=3)
    return limits


async def test_first_comes_one_empty_window(
    make_limits: Callable[..., Limits], cable: Cut, clock: FixedClock
) -> None:
    limits = make_limits(client=cable)
    await limits.snapshot()
    clock.move(seconds=2)
    for _ in range(8):
        await granted(limits, wish())
    cable.is_cut = True

    assert (await waits(limits, wish())).seconds == pytest.approx(1.02)
    assert limits.is_degraded


@pytest.mark.parametrize(
    ("kind", "per_second"),
    [
        (RequestKind.REPRICE, 18),
        (RequestKind.ORDERS, 6),
        (RequestKind.SYNC, 3),
        (RequestKind.SIGN_IN, 3),
    ],
)
async def test_process_keeps_to_its_kinds_share_of_the_budget(
    alone: Limits, clock: FixedClock, kind: RequestKind, per_second: int
) -> None:
    crowd = Crowd(clock)
    await crowd.run([(alone, wish(kind, host=Host.CABINET))] * 30, 3)

    assert fullest([at for at, _ in crowd.grants], SECOND) == per_second


async def test_and_of_every_egress_and_never_to_none(alone: Limits, clock: FixedClock) -> None:
    crowd = Crowd(clock)
    await crowd.run([(alone, wish())] * 10 + [(alone, wish(RequestKind.SYNC))] * 10, 10)
    looks = [at for at, grant in crowd.grants if grant.wish.kind is RequestKind.REPRICE]
    syncs = [at for at, grant in crowd.grants if grant.wish.kind is RequestKind.SYNC]

    assert fullest(looks, SECOND) == 2  # 8 x 60 % / 2 = 2.4
    assert 3 <= len(syncs) <= 4  # 8 x 10 % / 2 = one in 2.5 s


async def test_and_of_the_price_feed_of_a_store(alone: Limits, clock: FixedClock) -> None:
    crowd = Crowd(clock)
    await crowd.run([(alone, SEND)] * 2, 20)

    assert 8 <= len(crowd.grants) <= 9  # 1.5 a second x 60 % / 2


async def test_and_of_what_postgres_says_is_left_of_250_changes(
    make_limits: Callable[..., Limits], cable: Cut, clock: FixedClock
) -> None:
    async def refill() -> Refill:
        return Refill(sends={"s1": [START - timedelta(minutes=1)] * 150})

    limits = make_limits(client=cable, refill=refill, instances=2)
    cable.is_cut = True
    snapshot = await limits.store_snapshot("s1")

    assert (snapshot.used, snapshot.room) == (150, 30)  # (250 - 150) x 60 % / 2
    clock.move(seconds=5)
    assert (await waits(limits, wish(host=Host.CABINET, store="s1", changes=31))).reason is (
        WaitReason.CHANGES
    )
    await granted(limits, wish(host=Host.CABINET, store="s1", changes=30))
    assert (await limits.store_snapshot("s1")).room == 0
    clock.move(minutes=31)
    assert (await limits.store_snapshot("s1")).room == 75


async def test_without_postgres_too_a_store_waits_a_whole_window(
    make_limits: Callable[..., Limits], cable: Cut, clock: FixedClock
) -> None:
    async def refill() -> Refill:
        raise OSError("no database")

    limits = make_limits(client=cable, refill=refill)
    cable.is_cut = True
    wait = await waits(limits, SEND)

    assert (wait.reason, wait.seconds) == (WaitReason.CHANGES, pytest.approx(1800))
    clock.move(seconds=2)
    await granted(limits, wish())  # looks go on
    clock.move(minutes=31)
    await granted(limits, SEND)


async def test_bans_and_breakers_stay_in_force(
    make_limits: Callable[..., Limits], cable: Cut, clock: FixedClock
) -> None:
    limits = make_limits(client=cable)
    await limits.snapshot()
    clock.move(seconds=2)
    await limits.ban_store("s1", timedelta(minutes=30))
    for _ in range(5):
        await limits.failed(await granted(limits, wish()))
    cable.is_cut = True

    assert (await waits(limits, SEND)).reason is WaitReason.STORE_BAN
    assert (await waits(limits, wish())).reason is WaitReason.BREAKER
    clock.move(seconds=61)
    trial = await granted(limits, wish())
    assert trial.is_trial
    clock.move(seconds=2)
    assert (await waits(limits, wish())).reason is WaitReason.BREAKER
    await limits.worked(trial)
    await granted(limits, wish())


async def test_returns_by_itself_and_fills_redis_anew(
    alone: Limits, cable: Cut, clock: FixedClock
) -> None:
    await granted(alone, SEND)
    cable.is_cut = False

    assert (await waits(alone, wish())).reason is WaitReason.COLD
    assert not alone.is_degraded
    clock.move(seconds=2)
    for _ in range(8):
        await granted(alone, wish())


async def test_ban_made_while_redis_was_gone_reaches_the_others(
    make_limits: Callable[..., Limits], alone: Limits, cable: Cut, clock: FixedClock
) -> None:
    await alone.ban_store("s1", timedelta(minutes=30))
    cable.is_cut = False
    await alone.snapshot()

    assert await make_limits().store_blocked_until("s1") == clock.now() + timedelta(minutes=30)


async def test_snapshot_says_that_it_is_one_process_alone(alone: Limits) -> None:
    await granted(alone, wish())
    snapshot = await alone.snapshot(("direct",))

    assert snapshot.is_degraded
    assert (snapshot.used, snapshot.egresses[0].used) == (1, 1)
