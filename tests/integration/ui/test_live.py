"""The hub of browser events on a real Valkey: who hears what, overflow, a lost server, no leaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from types import SimpleNamespace

import orjson
import pytest
from redis.asyncio import Redis

from cube_demper.bootstrap import EVENTS_CHANNEL
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.ui import live
from cube_demper.ui.live import REREAD, Hub, Mailbox, Mark


@pytest.fixture
async def hub(redis: Redis) -> AsyncIterator[Hub]:
    hub = Hub(redis)
    yield hub
    await hub.close()


async def _ears(redis: Redis) -> int:
    return int((await redis.pubsub_numsub(EVENTS_CHANNEL))[0][1])


@pytest.fixture
async def others(redis: Redis) -> int:
    """Count who hears before the test: the app of the browser tests may still be running."""
    return await _ears(redis)


async def _publish(redis: Redis, others: int, *events: BrowserEvent) -> None:
    """Publish once our hub hears: a subscription takes a moment."""
    while await _ears(redis) <= others:  # noqa: ASYNC110 - the server's
        await asyncio.sleep(0.01)
    for event in events:
        await redis.publish(EVENTS_CHANNEL, orjson.dumps([event.channel, event.kind, event.id]))


async def _first(hub: Hub, channel: str) -> list[BrowserEvent]:
    async with aclosing(hub.listen([channel])) as batches:
        async for events in batches:
            return events
    raise AssertionError


async def test_a_listener_hears_its_channel_and_no_other(
    hub: Hub, redis: Redis, others: int
) -> None:
    mine = asyncio.create_task(_first(hub, "user:1"))
    theirs = asyncio.create_task(_first(hub, "user:2"))
    await asyncio.sleep(0)
    wanted = BrowserEvent("user:1", "product", "7")
    await _publish(redis, others, wanted)
    async with asyncio.timeout(10):
        assert await mine == [wanted]
    assert not theirs.done()
    theirs.cancel()
    await asyncio.gather(theirs, return_exceptions=True)


async def test_a_listener_that_goes_leaves_nothing_behind(hub: Hub) -> None:
    tasks = [asyncio.create_task(_first(hub, "user:1")) for _ in range(3)]
    await asyncio.sleep(0)
    assert hub.listeners == 3
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert hub.listeners == 0


async def test_a_page_that_read_before_it_listened_reads_once_more(
    hub: Hub, redis: Redis, others: int
) -> None:
    async def first() -> list[BrowserEvent]:
        async with aclosing(hub.listen(["user:1"], is_late=True)) as batches:
            return await anext(batches)

    async with asyncio.timeout(10):
        assert [event.kind for event in await first()] == [REREAD]
        await _publish(redis, others)
        assert [event.kind for event in await first()] == [REREAD]


async def _hearing(hub: Hub) -> Mark:
    """Return a mark once the hub hears without gaps."""
    while (mark := hub.mark()) is None:  # noqa: ASYNC110 - the server's
        await asyncio.sleep(0.01)
    return mark


async def _late(hub: Hub, since: Mark) -> list[BrowserEvent]:
    async with aclosing(hub.listen(["user:1"], is_late=True, since=since)) as batches:
        return await anext(batches)


async def test_a_page_is_told_what_came_between_its_reading_and_its_listening(
    hub: Hub, redis: Redis, others: int
) -> None:
    before = asyncio.create_task(_first(hub, "user:1"))
    async with asyncio.timeout(10):
        mark = await _hearing(hub)
        wanted = BrowserEvent("user:1", "product", "7")
        await _publish(redis, others, BrowserEvent("user:2", "product", "8"), wanted)
        assert await before == [wanted]
        assert await _late(hub, mark) == [wanted]


async def test_a_page_that_missed_nothing_does_not_read_again(
    hub: Hub, redis: Redis, others: int
) -> None:
    awake = asyncio.create_task(_first(hub, "user:3"))
    async with asyncio.timeout(10):
        late = asyncio.create_task(_late(hub, await _hearing(hub)))
        await _publish(redis, others, BrowserEvent("user:3", "product", "7"))
        assert [event.id for event in await awake] == ["7"]
        assert not late.done()
        wanted = BrowserEvent("user:1", "product", "9")
        await _publish(redis, others, wanted)
        assert await late == [wanted]


async def test_a_mark_from_before_a_gap_or_of_another_process_reads_everything(
    hub: Hub, redis: Redis, others: int
) -> None:
    heard = asyncio.create_task(_first(hub, "user:1"))
    async with asyncio.timeout(10):
        mark = await _hearing(hub)
        await _publish(redis, others)
        await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await heard
        await _hearing(hub)
        assert [event.kind for event in await _late(hub, mark)] == [REREAD]
        foreign = Mark("another", (await _hearing(hub)).heard)
        assert [event.kind for event in await _late(hub, foreign)] == [REREAD]


async def test_more_than_the_hub_keeps_reads_everything(
    hub: Hub, redis: Redis, others: int
) -> None:
    heard = asyncio.create_task(_first(hub, "user:3"))
    async with asyncio.timeout(30):
        mark = await _hearing(hub)
        flood = [BrowserEvent("user:1", "product", str(number)) for number in range(501)]
        await _publish(redis, others, *flood, BrowserEvent("user:3", "product", "end"))
        await heard
        assert [event.kind for event in await _late(hub, mark)] == [REREAD]


async def test_long_silence_makes_pages_look_for_themselves(redis: Redis) -> None:
    hub = Hub(redis, silence=0.2)
    async with asyncio.timeout(10):
        events = await _first(hub, "user:1")
    await hub.close()
    assert [event.kind for event in events] == [REREAD]


async def test_a_lost_connection_ends_in_one_reread(hub: Hub, redis: Redis, others: int) -> None:
    heard = asyncio.create_task(_first(hub, "user:1"))
    await _publish(redis, others)
    await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    async with asyncio.timeout(10):
        events = await heard
    assert [event.kind for event in events] == [REREAD]


async def test_the_same_event_waits_once() -> None:
    mailbox = Mailbox(["user:1"])
    for _ in range(5):
        mailbox.put(BrowserEvent("user:1", "product", "7"))
    assert await mailbox.take() == [BrowserEvent("user:1", "product", "7")]


async def test_a_flood_becomes_one_reread() -> None:
    mailbox = Mailbox(["user:1"])
    for number in range(201):
        mailbox.put(BrowserEvent("user:1", "product", str(number)))
    assert [event.kind for event in await mailbox.take()] == [REREAD]


class _Page:
    """A page that reads slowly and is concerned by messages alone."""

    _pace, _yields_for, _read_from = 60.0, 0.0, None

    def __init__(self) -> None:
        self.read: list[str] = []
        self.has_read = asyncio.Event()

    async def _channels(self) -> list[str]:
        return ["user:1"]

    def _concerns(self, events: list[BrowserEvent]) -> bool:
        return any(it.kind == "message" for it in events)

    async def _changed(self, events: list[BrowserEvent]) -> None:
        self.read += [it.kind for it in events]
        self.has_read.set()


async def test_what_is_none_of_a_pages_keeps_it_from_nothing(
    hub: Hub, redis: Redis, others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = Actor(Role.USER)

    async def signed_in(_page: object) -> SimpleNamespace:
        return SimpleNamespace(actor=actor)

    monkeypatch.setattr(live, "hub", lambda: hub)
    monkeypatch.setattr(live.session, "current_actor", lambda: actor)
    monkeypatch.setattr(live.session, "find_signed_in", signed_in)
    page = _Page()

    async def follow() -> None:
        async for _ in live.LiveMixin._follow(page):  # type: ignore[arg-type]
            pytest.fail("nothing is answered")

    following = asyncio.create_task(follow())
    await _publish(redis, others, BrowserEvent("user:1", "typing", "7"))
    await asyncio.sleep(0.1)
    await _publish(redis, others, BrowserEvent("user:1", "message", "7"))
    async with asyncio.timeout(10):  # its pace would be a minute
        await page.has_read.wait()
    assert page.read == ["message"]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
