"""The kinds of fault, each a function that lets it happen and ends it. Real seconds where not said.

`KINDS` is in the order in which the table shows them.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable

from faults.stage import EMAIL, FIRST, SECOND, SPEED, FaultStage
from sqlalchemy import func, select
from sqlmodel import col

from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore

Fault = Callable[[FaultStage, random.Random], Awaitable[None]]
KINDS: dict[str, Fault] = {}
_NAMES = ("first", "second")
_INDEX = {"first": 0, "second": 1, "twin": 0}


def kind(fault: Fault) -> Fault:
    """Give a fault its name."""
    KINDS[fault.__name__] = fault
    return fault


@kind
async def worker_killed(stage: FaultStage, chance: random.Random) -> None:
    """`kill -9` of one worker, three times, started again as `cube up` does."""
    for _ in range(3):
        name = chance.choice(_NAMES)
        async with stage.lock(name):
            await _worst_moment(stage, chance)
            await stage.crew.kill(name)
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            await stage.crew.start(name, _INDEX[name])
        await asyncio.sleep(chance.uniform(0.1, 0.4))


@kind
async def both_workers_killed(stage: FaultStage, chance: random.Random) -> None:
    """`kill -9` of both at once: nobody is there for a while."""
    async with stage.lock("first"), stage.lock("second"):
        await _worst_moment(stage, chance)
        await asyncio.gather(*(stage.crew.kill(name) for name in _NAMES))
        await asyncio.sleep(chance.uniform(0.1, 1.0))
        for name in _NAMES:
            await stage.crew.start(name, _INDEX[name])


@kind
async def worker_stopped(stage: FaultStage, chance: random.Random) -> None:
    """A deploy: SIGTERM, and a new process at once."""
    name = chance.choice(_NAMES)
    async with stage.lock(name):
        code = await stage.crew.stop(name)
        if code not in (0, -signal.SIGTERM):  # the latter: before it had begun to work
            stage.broken.append(f"{name}: после SIGTERM код {code}")
        await stage.crew.start(name, _INDEX[name])


@kind
async def worker_frozen(stage: FaultStage, chance: random.Random) -> None:
    """SIGSTOP past every lease (60, 90 and 120 s of the clock), the other works on, SIGCONT."""
    name = chance.choice(_NAMES)
    async with stage.lock(name):
        await _worst_moment(stage, chance)
        stage.crew.freeze(name)
        await asyncio.sleep(0.2)
        await stage.leap(chance.uniform(2.5, 6.0), steps=3)
        stage.crew.wake(name)


@kind
async def machine_slept(stage: FaultStage, chance: random.Random) -> None:
    """Everything of ours stops for minutes and wakes at once."""
    async with stage.lock("first"), stage.lock("second"):
        for name in _NAMES:
            stage.crew.freeze(name)
        stage.clock.leap(60 * chance.uniform(2, 15))
        await asyncio.sleep(0.1)
        for name in _NAMES:
            stage.crew.wake(name)


@kind
async def clock_jumped(stage: FaultStage, chance: random.Random) -> None:
    """Everybody's clock jumps ahead by minutes in the middle of work."""
    for _ in range(2):
        stage.clock.leap(60 * chance.uniform(1, 10))
        await asyncio.sleep(chance.uniform(0.1, 0.4))


@kind
async def clocks_apart(stage: FaultStage, chance: random.Random) -> None:
    """One process's clock is some seconds ahead of the others' or behind, then right again."""
    name = chance.choice(_NAMES)
    async with stage.lock(name):
        await stage.crew.kill(name)
        skew = chance.choice((-1, 1)) * chance.uniform(1, 15)
        await stage.crew.start(name, _INDEX[name], skew=skew)
        await asyncio.sleep(1.2)
        await stage.crew.kill(name)
        await stage.crew.start(name, _INDEX[name])


@kind
async def shard_twice(stage: FaultStage, chance: random.Random) -> None:
    """A second copy of shard 0 runs for a while and is killed."""
    async with stage.lock("twin"):
        await stage.crew.start("twin", _INDEX["twin"])
        await asyncio.sleep(chance.uniform(0.8, 1.5))
        await stage.crew.kill("twin")


@kind
async def redis_gone(stage: FaultStage, chance: random.Random) -> None:
    """Redis ends, and comes back empty."""
    async with stage.lock("redis"):
        await stage.servers.stop_redis()
        await asyncio.sleep(chance.uniform(0.3, 1.3))
        await stage.servers.start_redis()


@kind
async def redis_emptied(stage: FaultStage, chance: random.Random) -> None:
    """FLUSHALL, some times in a row."""
    for _ in range(chance.randint(1, 4)):
        async with stage.lock("redis"):
            await stage.servers.empty_redis()
        await asyncio.sleep(chance.uniform(0.05, 0.4))


@kind
async def redis_hung(stage: FaultStage, chance: random.Random) -> None:
    """Redis takes connections and does not answer."""
    async with stage.lock("redis"):
        stage.servers.freeze_redis(is_frozen=True)
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        stage.servers.freeze_redis(is_frozen=False)


@kind
async def postgres_restarted(stage: FaultStage, chance: random.Random) -> None:
    """A restart in order: every connection is ended, none is taken for a while."""
    async with stage.lock("postgres"):
        await stage.servers.stop_postgres(is_crash=False)
        await asyncio.sleep(chance.uniform(0.0, 0.7))
        await stage.servers.start_postgres()


@kind
async def postgres_crashed(stage: FaultStage, chance: random.Random) -> None:
    """Postgres dies in the middle of everything and recovers."""
    async with stage.lock("postgres"):
        await stage.servers.stop_postgres(is_crash=True)
        await asyncio.sleep(chance.uniform(0.0, 0.5))
        await stage.servers.start_postgres()


@kind
async def started_without_postgres(stage: FaultStage, chance: random.Random) -> None:
    """A worker is killed and started again while Postgres is away."""
    name = chance.choice(_NAMES)
    async with stage.lock(name), stage.lock("postgres"):
        await stage.servers.stop_postgres(is_crash=False)
        await stage.crew.kill(name)
        await stage.crew.start(name, _INDEX[name])
        await asyncio.sleep(chance.uniform(0.3, 1.0))
        await stage.servers.start_postgres()


@kind
async def kaspi_5xx(stage: FaultStage, chance: random.Random) -> None:
    """Minutes of 500, 502 or 503 from one host or from all."""
    route = chance.choice(("shop", "pricefeed", "cabinet", "*"))
    await _spoiled(stage, chance, "status", route, status=chance.choice((500, 502, 503)))


@kind
async def kaspi_slow(stage: FaultStage, chance: random.Random) -> None:
    """Answers come many seconds late."""
    await _spoiled(
        stage, chance, "slow", chance.choice(("*", "pricefeed")), delay=chance.uniform(5, 60)
    )


@kind
async def answers_lost(stage: FaultStage, chance: random.Random) -> None:
    """Changes are taken, or not, and the connection breaks before the answer."""
    await _spoiled(stage, chance, chance.choice(("reset", "reset_after")), "pricefeed")


@kind
async def changes_ignored(stage: FaultStage, chance: random.Random) -> None:
    """Kaspi says it took a change and never shows it."""
    await _spoiled(stage, chance, "ignored", "pricefeed", count=chance.randint(1, 3))


@kind
async def garbage_for_hours(stage: FaultStage, chance: random.Random) -> None:
    """Two hours of pages, cut JSON, nulls and empty lists where data should be."""
    kinds = ["html", "truncated", "nulls", "empty"]
    chance.shuffle(kinds)
    for spoil in kinds:
        fault = stage.sandbox.fault(spoil, chance.choice(("shop", "*")))
        await stage.leap(30, steps=2)
        stage.sandbox.faults.end(fault)


@kind
async def shop_ban(stage: FaultStage, chance: random.Random) -> None:
    """403 with a page at the shop: the address is banned for 15 s, again and again."""
    for _ in range(chance.randint(1, 3)):
        stage.sandbox.fault("status", "shop", status=403, seconds=15)
        await asyncio.sleep(15 / SPEED + chance.uniform(0.1, 0.3))


@kind
async def feed_ban(stage: FaultStage, chance: random.Random) -> None:
    """429 at one store's price feed: thirty minutes in which nobody may send for it."""
    merchant = chance.choice((FIRST, SECOND))
    fault = stage.sandbox.fault("status", "pricefeed", store=merchant, status=429, count=1)
    if not await stage.until(lambda: fault.hits > 0, 20):
        stage.sandbox.faults.end(fault)
        return
    banned_at = stage.sandbox.journal.last_number
    await asyncio.sleep(0.1)
    await stage.leap(28.5, steps=4)
    if stage.accepted(banned_at, merchant):
        stage.broken.append(f"цены магазина {merchant} ушли во время блокировки")
    await stage.leap(1.5)


@kind
async def session_expired(stage: FaultStage, chance: random.Random) -> None:
    """The cabinet says 401: the stores wait for their seller, who signs in again."""
    number = stage.sandbox.journal.last_number
    stage.sandbox.sessions.expire(EMAIL)

    async def asks_to_sign_in() -> bool:
        for _ in range(100):
            if await stage.ask(select(func.bool_or(col(KaspiStore.needs_reauth)))):
                return True
            await asyncio.sleep(0.05)
        return False

    # Nobody may have asked the cabinet: the stores can be banned just now. Who was refused as the
    # first wait ended has a wait of its own to write it down.
    if not await asks_to_sign_in():
        refused = [e for e in stage.sandbox.journal.since(number) if e.get("status") == 401]
        if len(refused) > 1 and not await asks_to_sign_in():
            stage.broken.append("магазин с истёкшей сессией не просит войти")
    await asyncio.sleep(chance.uniform(0.0, 0.4))
    await stage.sign_in()


async def _worst_moment(stage: FaultStage, chance: random.Random) -> None:
    """Wait, two times of three, until a send is committed and its outcome is not written yet."""
    is_sending = select(func.count()).where(col(PriceHistory.status) == PriceStatus.SENDING)
    for _ in range(chance.choice((0, 200, 200))):
        if await stage.ask(is_sending):
            return


async def _spoiled(
    stage: FaultStage, chance: random.Random, spoil: str, route: str, **more: object
) -> None:
    """Spoil answers for some minutes."""
    fault = stage.sandbox.fault(spoil, route, **more)
    await asyncio.sleep(chance.uniform(0.5, 1.5))
    await stage.leap(chance.uniform(0.5, 4.0), steps=2)
    stage.sandbox.faults.end(fault)
