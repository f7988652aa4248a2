from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts_scene import Scene
from redis.asyncio import Redis
from sqlalchemy import func, select
from web_stage import web_services

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import RateLimited, Refused, Unreachable
from cube_demper.db import outbox
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.audit import service as audit
from cube_demper.domain.notifications import service as notifications
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.operations import AuditEntry, Notification, OutboxMessage
from workers.lanes import Inside, Lane, Outside
from workers.outbox import Drain, OutboxWork
from workers.runtime import Options, Process
from workers.topics import mail_lane, notification_lane

TOPIC = "test.topic"
WITHIN = timedelta(minutes=2)


class Desk:
    """An outbox with one lane and what came of it."""

    def __init__(self, db: Database, redis: Redis) -> None:
        self.db = db
        self.clock = FixedClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
        self.scene = Scene(db, self.clock, RedisAttempts(redis))
        self.services = web_services(self.scene, redis)
        self.handled: list[Any] = []
        self.errors: list[BaseException] = []

    async def put(self, number: int = 1, topic: str = TOPIC, **payload: Any) -> bool:
        given = payload or {"number": number}
        async with self.db.write() as tx:
            return await outbox.enqueue(tx, topic, number, given, self.clock.now())

    async def outside(self, payload: dict[str, Any]) -> None:
        self.handled.append(payload["number"])
        if self.errors:
            raise self.errors.pop(0)

    async def inside(self, tx: WriteTx, payload: dict[str, Any]) -> None:
        await audit.record(tx, SYSTEM, "line", "outbox", payload["number"])
        await self.outside(payload)

    def drain(self, lane: Lane | None = None) -> Drain:
        given = lane or Lane("test", {TOPIC: Outside(self.outside, WITHIN)})
        return Drain(self.services, given, asyncio.Event())

    async def one(self) -> OutboxMessage:
        async with self.db.read() as tx:
            return (await tx.scalars(select(OutboxMessage))).one()

    async def lines(self) -> int:
        async with self.db.read() as tx:
            return int(await tx.scalar(select(func.count()).select_from(AuditEntry)) or 0)


@pytest.fixture
def desk(db: Database, redis: Redis) -> Desk:
    return Desk(db, redis)


class TestEnqueue:
    async def test_the_same_key_is_queued_once(self, desk: Desk) -> None:
        assert await desk.put(1)
        assert not await desk.put(1)
        await desk.drain().run()
        assert not await desk.put(1), "done messages keep their key"
        assert desk.handled == [1]

    async def test_a_rollback_takes_the_message_with_it(self, desk: Desk) -> None:
        async with desk.db.write() as tx:
            await outbox.enqueue(tx, TOPIC, 1, {"number": 1}, desk.clock.now())
            await tx.rollback()
        await desk.drain().run()
        assert desk.handled == []


class TestDrain:
    async def test_many_drains_share_without_doing_anything_twice(self, desk: Desk) -> None:
        for number in range(40):
            await desk.put(number)
        await asyncio.gather(*(desk.drain().run() for _ in range(4)))
        assert sorted(desk.handled) == list(range(40))

    async def test_a_failure_waits_longer_each_time(self, desk: Desk) -> None:
        await desk.put(1)
        waits = []
        for _ in range(4):
            desk.errors = [Unreachable()]
            await desk.drain().run()
            message = await desk.one()
            waits.append((message.next_try_at - desk.clock.now()).total_seconds())
            await desk.clock.sleep(waits[-1])
        assert waits == [5, 10, 20, 40]
        assert message.attempts == 4
        assert "Unreachable" in (message.last_error or "")
        await desk.drain().run()
        assert (await desk.one()).done_at == desk.clock.now()

    async def test_one_that_fails_delays_no_other(self, desk: Desk) -> None:
        await desk.put(1)
        await desk.put(2)
        desk.errors = [Unreachable()]
        await desk.drain().run()
        assert sorted(desk.handled) == [1, 2]

    async def test_refused_for_ever_is_not_tried_again(self, desk: Desk) -> None:
        await desk.put(1)
        desk.errors = [Refused("550")]
        await desk.drain().run()
        message = await desk.one()
        assert message.done_at is not None
        assert message.last_error == "Refused: 550"

    async def test_waits_as_long_as_it_was_told(self, desk: Desk) -> None:
        await desk.put(1)
        desk.errors = [RateLimited(timedelta(minutes=7))]
        await desk.drain().run()
        assert (await desk.one()).next_try_at - desk.clock.now() == timedelta(minutes=7)

    async def test_a_message_whose_process_died_is_soon_taken_again(self, desk: Desk) -> None:
        await desk.put(1)
        desk.errors = [asyncio.CancelledError()]
        with pytest.raises(asyncio.CancelledError):
            await desk.drain().run()
        desk.clock.move(seconds=19)
        await desk.drain().run()
        assert desk.handled == [1]
        desk.clock.move(seconds=1)
        await desk.drain().run()
        assert desk.handled == [1, 1]

    async def test_a_message_in_hand_is_held_as_long_as_its_process_lives(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workers.outbox._HELD_SECONDS", 0.2)
        await desk.put(1)
        has_begun, may_end = asyncio.Event(), asyncio.Event()

        async def long(payload: dict[str, Any]) -> None:
            await desk.outside(payload)
            has_begun.set()
            await may_end.wait()

        drain = desk.drain(Lane("test", {TOPIC: Outside(long, WITHIN)}))
        work = asyncio.create_task(drain.run())
        await has_begun.wait()
        for _ in range(3):
            desk.clock.move(seconds=0.15)
            held_until = desk.clock.now() + timedelta(seconds=0.2)
            while (await desk.one()).next_try_at < held_until:  # noqa: ASYNC110 - the drain's
                await asyncio.sleep(0.01)
            await desk.drain().run()
        may_end.set()
        await work
        assert desk.handled == [1]
        assert (await desk.one()).done_at is not None

    async def test_work_that_another_has_taken_over_is_ended(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workers.outbox._HELD_SECONDS", 0.2)
        await desk.put(1)

        async def endless(payload: dict[str, Any]) -> None:
            await desk.outside(payload)
            async with desk.db.write() as tx:
                message = (await tx.scalars(select(OutboxMessage))).one()
                message.attempts += 1
                message.next_try_at = desk.clock.now() + WITHIN
            await asyncio.Event().wait()

        await desk.drain(Lane("test", {TOPIC: Outside(endless, WITHIN)})).run()
        message = await desk.one()
        assert (message.attempts, message.done_at) == (2, None)
        assert message.next_try_at == desk.clock.now() + WITHIN

    async def test_long_work_holds_up_no_later_message_while_its_lane_has_room(
        self, desk: Desk
    ) -> None:
        may_end = asyncio.Event()

        async def handle(payload: dict[str, Any]) -> None:
            await desk.outside(payload)
            if payload["number"] == 1:
                await may_end.wait()

        lane = Lane("test", {TOPIC: Outside(handle, WITHIN)}, width=2)
        process = Process("outbox", desk.services, Options(), desk.clock.now())
        work = OutboxWork(process, [lambda _: lane])
        look, _ = work.ticks()["lanes"]
        await desk.put(1)
        await look()
        while desk.handled != [1]:  # noqa: ASYNC110 - the lane's
            await asyncio.sleep(0.01)
        await desk.put(2)
        while desk.handled != [1, 2]:
            await look()
            await asyncio.sleep(0.01)
        may_end.set()
        await work.close()
        async with desk.db.read() as tx:
            done = await tx.scalars(select(OutboxMessage.done_at))  # type: ignore[call-overload]
            assert None not in done.all()

    async def test_inside_work_and_its_mark_stand_or_fall_together(self, desk: Desk) -> None:
        await desk.put(1)
        lane = Lane("test", {TOPIC: Inside(desk.inside)})
        desk.errors = [ZeroDivisionError()]
        await desk.drain(lane).run()
        assert await desk.lines() == 0
        assert (await desk.one()).done_at is None
        desk.clock.move(seconds=5)
        await desk.drain(lane).run()
        assert await desk.lines() == 1

    async def test_unknown_topics_are_left_alone(self, desk: Desk) -> None:
        await desk.put(1, topic="test.other")
        await desk.drain().run()
        assert (await desk.one()).done_at is None

    async def test_nothing_new_is_begun_when_it_is_time_to_stop(self, desk: Desk) -> None:
        await desk.put(1)
        drain = desk.drain()
        drain._stopping.set()
        await drain.run()
        assert desk.handled == []


class TestLanes:
    async def test_a_queued_notification_reaches_its_reader_once(self, desk: Desk) -> None:
        user_id = await desk.scene.add("a@example.kz")
        told = {
            "user_id": str(user_id),
            "kind": "reauth",
            "title": "Войдите в Kaspi заново",
            "dedupe_key": "reauth:1",
        }
        for number in (1, 2):
            await desk.put(number, topic=notifications.TELL_TOPIC, **told)
        await desk.drain(notification_lane(desk.services)).run()
        async with desk.db.read() as tx:
            (row,) = (await tx.scalars(select(Notification))).all()
        assert (row.user_id, row.title) == (user_id, "Войдите в Kaspi заново")

    def test_without_a_mail_server_letters_wait(self, desk: Desk) -> None:
        assert mail_lane(desk.services) is None
