"""Draining the outbox: takes what is due, hands it to its topic, backs off by message when it fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import RateLimited, Refused
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx, is_gone
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.exports import service as exports
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.orders import waybills
from cube_demper.domain.partners import clicks, door
from cube_demper.domain.support import keeping
from workers import alerts, earnings, foresight, places, rivals, support_desk, telegram, whatsapp
from workers.lanes import Inside, Lane, Outside
from workers.runtime import STOP_WITHIN, Options, Process, Tick, run_worker
from workers.topics import LANES, LaneOf

_POLL_SECONDS = 1.0
_CLEAN_SECONDS = 6 * 3600.0
_HELD_SECONDS = 20.0
"""A message in hand is held so long from its last sign of life: after a crash it is taken again then."""
_log = get_logger()


def run(options: Options) -> int:
    """Run the outbox worker."""
    return run_worker("outbox", options, build)


async def build(process: Process) -> OutboxWork:
    """Build the work with the lanes that the settings allow."""
    return OutboxWork(process, LANES)


class Drain:
    """Empties one lane; any number of them, in any processes, may work side by side."""

    def __init__(self, services: Services, lane: Lane, stopping: asyncio.Event) -> None:
        """Take messages of `lane` until none is due or `stopping` is set."""
        self._services, self.lane, self._stopping = services, lane, stopping
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Work until nothing of the lane is due."""
        await asyncio.gather(*(self.run_one() for _ in range(self.lane.width)))

    async def run_one(self) -> None:
        """Work message after message until nothing of the lane is due; `width` of these may go on."""
        while not self._stopping.is_set() and await self._take():
            pass

    async def _take(self) -> bool:
        """Handle one message; False when there is none."""
        message: outbox.Claimed | None = None
        attempts = 1
        try:
            async with self._services.db.write() as tx:
                now = self._services.clock.now()
                message = await outbox.claim(tx, list(self.lane.topics), now)
                if message is None:
                    return False
                attempts += message.attempts
                topic = self.lane.topics[message.topic]
                if isinstance(topic, Inside):
                    await topic.handle(tx, message.payload)
                    await outbox.complete(tx, message.id, now)
                else:
                    await self._hold(tx, message.id, attempts)
            if isinstance(topic, Outside):
                await self._handle_outside(topic, message, attempts)
        except Exception as error:
            if message is None:
                raise
            await self._put_off(message, error, attempts)
            return True
        self.counts["done"] += 1
        return True

    async def _handle_outside(self, topic: Outside, message: outbox.Claimed, attempts: int) -> None:
        async with asyncio.timeout(
            topic.within.total_seconds() / self._services.clock.speed
        ) as end:
            async with self._kept(message.id, attempts, end):
                await topic.handle(message.payload)
        async with self._services.db.write() as tx:
            await outbox.complete(tx, message.id, self._services.clock.now())

    async def _hold(self, tx: WriteTx, message_id: UUID, attempts: int) -> bool:
        """Keep others from a message for a while; False when one of them has it already."""
        clock = self._services.clock
        until = clock.now() + timedelta(seconds=_HELD_SECONDS * clock.speed)
        return await outbox.postpone(tx, message_id, until, None, attempts=attempts)

    @asynccontextmanager
    async def _kept(
        self, message_id: UUID, attempts: int, end: asyncio.Timeout
    ) -> AsyncIterator[None]:
        """Hold a message while it is handled; end the work when another has taken it over."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(_HELD_SECONDS / 4)
                try:
                    async with self._services.db.write() as tx:
                        is_ours = await self._hold(tx, message_id, attempts)
                except Exception as error:
                    if not is_gone(error):
                        raise
                    _log.warning("outbox_message_not_held", error=str(error)[:200])
                    continue
                if not is_ours:  # this process was frozen, or cut off from the database
                    end.reschedule(asyncio.get_running_loop().time())
                    return

        keeper = asyncio.create_task(keep())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _put_off(self, message: outbox.Claimed, error: Exception, attempts: int) -> None:
        """Write the failure down: never again for Refused, else later."""
        now = self._services.clock.now()
        words = f"{type(error).__name__}: {error}"[:500]
        async with self._services.db.write() as tx:
            if isinstance(error, Refused):
                await outbox.give_up(tx, message.id, words, now)
            else:
                until = now + _wait(error, attempts)
                await outbox.postpone(tx, message.id, until, words, attempts=attempts)
        self.counts["failed"] += 1
        _log.warning("outbox_message_failed", topic=message.topic, attempts=attempts, error=words)


def _wait(error: Exception, attempts: int) -> timedelta:
    if isinstance(error, RateLimited):
        return error.retry_after
    return outbox.wait_after(attempts)


class OutboxWork:
    """All lanes of one process; a slow lane never delays another."""

    def __init__(self, process: Process, lanes: Iterable[LaneOf]) -> None:
        """Open the lanes that have what they need."""
        opened = [lane for make in lanes if (lane := make(process.services))]
        self._process = process
        self._drains = [Drain(process.services, lane, process.stopping) for lane in opened]
        self._running: dict[str, set[asyncio.Task[None]]] = {
            d.lane.name: set() for d in self._drains
        }

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """One tick for all lanes; cleaning, rivals' profiles, places, alerts and coming rates have theirs."""
        hears = telegram.listener(self._process.services)
        listening = {"telegram_hears": (hears.tick, telegram.EVERY_SECONDS)} if hears else {}
        if self._process.settings.waha.is_on:
            numbers = whatsapp.Numbers(self._process.services)
            listening["whatsapp"] = (numbers.watch, whatsapp.EVERY_SECONDS)
        count = partial(rivals.count_profiles, self._process.services)
        tally = partial(places.count_places, self._process.services)
        return {
            "lanes": (self._look, _POLL_SECONDS),
            **listening,
            "cleaning": (self._clean, _CLEAN_SECONDS),
            "earnings": (
                earnings.Earnings(self._process.services).release,
                earnings.RELEASE_SECONDS,
            ),
            "rivals": (count, rivals.EVERY_SECONDS),
            "alerts": (partial(alerts.notice, self._process.services), alerts.NOTICE_SECONDS),
            "planning": (partial(alerts.plan, self._process.services), alerts.PLAN_SECONDS),
            "places": (tally, places.EVERY_SECONDS),
            "support": (
                support_desk.SupportDesk(self._process.services).tend,
                support_desk.EVERY_SECONDS,
            ),
            "foresight": (partial(foresight.tell, self._process.services), foresight.EVERY_SECONDS),
        }

    async def run_bounded(self) -> None:
        """Hear, notice and plan once, then drain every lane until nothing is due."""
        if (hears := telegram.listener(self._process.services)) is not None:
            await hears.listen(wait=0)
        await alerts.notice(self._process.services)
        await alerts.plan(self._process.services)
        started = [task for drain in self._drains for task in self._start(drain)]
        await asyncio.shield(asyncio.gather(*started))

    async def close(self) -> None:
        """Let messages in flight finish; what does not in time is taken again after its lease."""
        running = set().union(*self._running.values())
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=STOP_WITHIN)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _clean(self) -> None:
        services = self._process.services
        async with services.db.write() as tx:
            await accounts.delete_dead(tx, SYSTEM, services.clock.now())
            await notifications.forget_old(tx, SYSTEM, services.clock.now())
            await exports.forget_expired(tx, SYSTEM, services.clock.now())
            await waybills.forget_expired(tx, SYSTEM, services.clock.now())
            await clicks.forget_old(tx, SYSTEM, services.clock.now())
            await door.forget_dead(tx, SYSTEM, services.clock.now())
            await keeping.forget_old(tx, SYSTEM, services.clock.now())

    async def _look(self) -> None:
        """Start the lanes that have something due: one question a second for all that lie idle."""
        services = self._process.services
        async with services.db.read() as tx:
            due = await outbox.due_topics(tx, services.clock.now())
        for drain in self._drains:
            if not due.isdisjoint(drain.lane.topics):
                for task in self._start(drain):
                    task.add_done_callback(partial(_say_failure, drain.lane.name))
        self._process.pass_at = services.clock.now()
        self._process.pass_facts = {d.lane.name: dict(d.counts) for d in self._drains}

    def _start(self, drain: Drain) -> list[asyncio.Task[None]]:
        """Fill a lane: tasks of their own, because the scheduler cancels its ticks when it stops."""
        going = self._running[drain.lane.name]
        started = [
            asyncio.create_task(drain.run_one()) for _ in range(len(going), drain.lane.width)
        ]
        for task in started:
            going.add(task)
            task.add_done_callback(going.discard)
        return started


def _say_failure(lane: str, task: asyncio.Task[None]) -> None:
    """The worker boundary: a lane that failed is logged and started again."""
    if not task.cancelled() and (error := task.exception()):
        _log.error("lane_failed", lane=lane, exc_info=error)
