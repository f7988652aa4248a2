"""The demping worker: `python -m workers demping`. Claims, looks, decides, sends, confirms."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Kaspi, build_kaspi, proxy_urls
from cube_demper.core.clock import ALMATY
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as markets
from cube_demper.domain.pricing import chasing, checking
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.proxies import service as proxies
from cube_demper.domain.proxies.schemas import Seen
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.switches import service as switches
from cube_demper.models.steering import Switch
from workers import catalog, feeds, supplying
from workers.checking import Checker, in_flight_at_most
from workers.confirming import Confirmer
from workers.leases import StoreLeases
from workers.looking import MarketWatch
from workers.roster import Roster
from workers.runtime import STOP_WITHIN, Options, Process, Tick, run_worker
from workers.send_lane import SendLane
from workers.sending import Sender

_ORPHANED_AFTER = timedelta(seconds=60)
_ORPHANS_EVERY = timedelta(seconds=5)
_UNSENT_AFTER = timedelta(seconds=5)
"""What its own process has not sent by then anybody sends."""
_IDLE_POLL = 0.1
_TURN = 0.25
"""Seconds between the writes of all processes together."""
_FOR_LOOKS = 0.95
"""Of the shared requests: confirming looks, orders and sign-ins take theirs, late looks say so."""
_log = get_logger()


@dataclass(slots=True)
class Demping:
    """One process's share of the work: its shard first, then what nobody else takes."""

    process: Process
    kaspi: Kaspi
    checker: Checker
    lane: SendLane
    confirmer: Confirmer
    roster: Roster
    shard_keys: list[int]
    _orphans_at: datetime | None = None

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """Repeat each step on its own, so that none waits for another.

        Many processes write and send more seldom each: a batch of few looks costs as much as a full one.
        """
        turn = min(max(_TURN * self.process.settings.worker.instance_count, 0.5), 1.0)
        return {
            "claim": (self.claim, 1.0),
            "write": (self.write, turn),
            "send": (self.send, turn),
            "confirm": (self.confirm, 2 * turn),
            "tempo": (self.keep_tempo, 10.0),
            "sync": (self.ask_for_sync, 60.0),
            "feeds": (self.watch_feeds, 60.0),
            "proxies": (self.refresh_proxies, 60.0),
            "partitions": (self.keep_partitions, 3600.0),
        }

    async def claim(self) -> None:
        """Take what is due: of this shard, else what has waited over a minute anywhere."""
        ready = await self._ready()
        await self.checker.claim(ready, self.shard_keys)
        now = self.process.services.clock.now()
        is_time = self._orphans_at is None or now - self._orphans_at > _ORPHANS_EVERY
        if self.checker.room > 0 and is_time:  # nothing more of our own is due
            self._orphans_at = now
            await self.checker.claim(ready, None, overdue=_ORPHANED_AFTER)
        self.process.pass_at = now
        self.process.pass_facts = {
            "checked": self.checker.checked,
            "sent": self.lane.sent,
            "asked": self.checker.watch.asked,
            "shared": self.checker.watch.shared,
            "hastened": self.checker.hastened,
            "lateness": round(self.checker.lateness.total_seconds(), 1),
            "is_degraded": self.kaspi.limits.is_degraded,
        }

    async def write(self) -> None:
        """Write the checks that are done."""
        while await self.checker.write():
            pass

    async def send(self) -> None:
        """Start draining the queues of this process's stores, and those that nobody else drains."""
        ready = await self._ready()
        now = self.process.services.clock.now()
        async with self.process.services.db.read() as tx:
            if not await switches.is_on(tx, Switch.PRICE_SENDING):
                return
            queues = await pricing.stores_with_queue(tx, SYSTEM)
            extra, by_hand = await supplying.stores_to_serve(tx, ready, now)
        waiting = {
            store_id: queue.is_urgent
            for store_id, queue in queues.items()
            if self._is_ours(store_id)
            or (queue.since is not None and now - queue.since > _UNSENT_AFTER)
        }
        if waiting or by_hand:
            self.lane.start(
                [*ready, *extra],
                dict.fromkeys(by_hand, True) | waiting,
                without_prices={store.id for store in extra},
                with_supply=set(by_hand),
            )

    def _is_ours(self, store_id: UUID) -> bool:
        """Each store's queue has one process: changes leave in fuller batches, nobody waits for a lease."""
        worker = self.process.settings.worker
        return store_id.int % worker.instance_count == worker.instance_index

    async def confirm(self) -> None:
        """Look whether sent prices are in the window."""
        await self.confirmer.run()

    async def keep_tempo(self) -> None:
        """Follow the tempo that all workers share, or solve it when it is this one's turn."""
        looks = _FOR_LOOKS * self._looks_a_second()
        ready, now = await self._ready(), self.process.services.clock.now()
        async with self.process.services.db.write() as tx:
            self.checker.in_force = await chasing.solve_tempo(
                tx, ready, looks, self.checker.lateness, now
            )

    async def ask_for_sync(self) -> None:
        """Ask for a sync of catalogues that have grown old."""
        await catalog.ask_for_old(self.process.services)

    async def watch_feeds(self) -> None:
        """Tell sellers whose price list nobody asks for."""
        await feeds.tell_unpulled(self.process.services)

    async def refresh_proxies(self) -> None:
        """Tell how the proxies fared, and take the operator's current list of them."""
        seen = [
            Seen(it.label, it.health.last_ok_at, it.health.last_error_at, it.health.last_error)
            for it in self.kaspi.egress.egresses()
        ]
        async with self.process.services.db.write() as tx:
            await proxies.note_health(tx, SYSTEM, seen)
        await self.kaspi.egress.replace(await proxy_urls(self.process.services))
        self.fit_in_flight()

    async def keep_partitions(self) -> None:
        """Make and drop the monthly tables of snapshots."""
        today = self.process.services.clock.now().astimezone(ALMATY).date()
        async with self.process.services.db.write() as tx:
            await markets.keep_partitions(tx, SYSTEM, today)

    async def run_bounded(self) -> None:
        """Check everything of this shard that is due, send what is queued; again until idle."""
        await self.keep_tempo()
        while True:
            ready = await self._ready(is_forced=True)
            taken = 0
            while found := await self.checker.claim(ready, self.shard_keys):
                taken += found
                await self.checker.finish()
            sent_before = self.lane.sent
            await self.send()
            await self.lane.wait()
            self.process.pass_at = self.process.services.clock.now()
            if self.process.options.once or not (taken or self.lane.sent > sent_before):
                return
            await asyncio.sleep(_IDLE_POLL)

    async def close(self) -> None:
        """Finish what is in flight within the time given, and give the rest back."""
        drains = asyncio.create_task(self.lane.wait())
        await self.checker.finish(STOP_WITHIN - 2)
        await asyncio.wait([drains], timeout=2)
        await self.checker.release()
        await self.kaspi.close()

    def fit_in_flight(self) -> None:
        """Begin as many looks at once as the addresses and the shared budget carry."""
        workers = self.process.settings.worker.instance_count
        self.checker.in_flight_at_most = in_flight_at_most(self._looks_a_second(), workers)

    def _looks_a_second(self) -> float:
        kaspi = self.process.settings.kaspi
        addresses = len(self.kaspi.egress.egresses())
        return min(kaspi.global_rps, kaspi.offers_rps_per_ip * addresses)

    async def _ready(self, *, is_forced: bool = False) -> list[ReadyStore]:
        return await self.roster.ready(is_forced=is_forced)


async def build(process: Process) -> Demping:
    """Wire one demping process."""
    services = process.services
    worker = services.settings.worker
    kaspi = await build_kaspi(services)
    watch = MarketWatch(kaspi.client, services.redis, services.clock)
    leases = StoreLeases(services.redis, services.db, services.clock)
    demping = Demping(
        process=process,
        kaspi=kaspi,
        checker=Checker(services, watch),
        lane=SendLane(Sender(services, kaspi.client, kaspi.limits, leases)),
        confirmer=Confirmer(services, watch),
        roster=Roster(services),
        shard_keys=[
            key
            for key in range(checking.SHARDS)
            if key % worker.instance_count == worker.instance_index
        ],
    )
    demping.fit_in_flight()
    await demping.keep_partitions()
    return demping


def run(options: Options) -> int:
    """Run the worker until it is told to stop."""
    return run_worker("demping", options, build)
