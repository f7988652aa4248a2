"""The orders worker: `python -m workers orders`. Reads the orders of every store and acts on them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from structlog import get_logger

from cube_demper.bootstrap import Kaspi, build_kaspi, proxy_urls
from cube_demper.core.errors import ContractChanged, CredentialsRejected, IntegrationError
from cube_demper.db.session import is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import polling, polling_rules, trying
from cube_demper.domain.orders.polling import LeaseLost, Turn
from cube_demper.domain.orders.reading import Reading
from cube_demper.domain.orders.seen_schemas import OrderBook
from cube_demper.domain.pricing.checking import SHARDS
from cube_demper.domain.stores import service as stores
from cube_demper.integrations.kaspi.order_books import ApiBook, CabinetBook
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.polling import PollProblem
from cube_demper.models.stores import ReauthReason
from workers.order_actions import OrderActions
from workers.runtime import STOP_WITHIN, Options, Process, Tick, run_worker

_WIDTH = 12
"""Stores at once: one store waits for Kaspi while the others go on."""
_STRETCH = timedelta(seconds=60)
"""A first import walks so long, then other stores get their turn."""
_ORPHANED_AFTER = timedelta(seconds=60)
_log = get_logger()


def run(options: Options) -> int:
    """Run the orders worker."""
    return run_worker("orders", options, build)


async def build(process: Process) -> Orders:
    """Build the work for this process's shard."""
    worker = process.settings.worker
    keys = [key for key in range(SHARDS) if key % worker.instance_count == worker.instance_index]
    return Orders(process, await build_kaspi(process.services), keys)


class Orders:
    """Takes stores whose orders are due and reads them."""

    def __init__(self, process: Process, kaspi: Kaspi, shard_keys: list[int]) -> None:
        """Read through `kaspi`, inside the limits that all processes share."""
        self._process, self._services, self._kaspi = process, process.services, kaspi
        self._keys = shard_keys
        self._interval = timedelta(seconds=process.settings.kaspi.orders_interval)
        self._running: dict[asyncio.Task[None], Turn] = {}
        self.actions = OrderActions(process.services, kaspi)
        self.counts: Counter[str] = Counter()

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """Begin with new stores, take what is due, do what sellers ask, read the operator's proxies."""
        return {
            "enrol": (self._enrol, 2.0),
            "claim": (self._claim, 1.0),
            "act": (self.actions.tick, 0.5),
            "proxies": (self._read_proxies, 60.0),
        }

    async def run_bounded(self) -> None:
        """Read every store of this shard that is due; again until none is, with `--until-idle`."""
        await self._enrol()
        await self.actions.run_until_idle()
        begun, is_once = self._services.clock.now(), self._process.options.once
        while True:
            await self._take(self._keys, due=begun if is_once else None)
            if not self._running:
                return
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def close(self) -> None:
        """Let readings end; those that do not in time are given back, or taken after their lease."""
        await self.actions.close(STOP_WITHIN / 3)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=STOP_WITHIN / 3)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._kaspi.close()

    async def _enrol(self) -> None:
        async with self._services.db.write() as tx:
            await polling.enrol(tx, SYSTEM, self._services.clock.now())

    async def _claim(self) -> None:
        """Take what is due: of this shard, else what has waited over a minute anywhere."""
        await self._take(self._keys)
        if len(self._running) < _WIDTH:
            await self._take(None, due=self._services.clock.now() - _ORPHANED_AFTER)
        self._process.pass_at = self._services.clock.now()
        self._process.pass_facts = {"reading": len(self._running), **self.counts}

    async def _take(self, keys: list[int] | None, due: datetime | None = None) -> None:
        """Take stores that were due at `due`, now for None, as far as there is room."""
        room = _WIDTH - len(self._running)
        if room <= 0 or self._process.stopping.is_set():
            return
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            turns = await polling.claim(
                tx, SYSTEM, keys, now, due=due or now, limit=room, secrets=services.secrets
            )
        for turn in turns:
            task = asyncio.create_task(self._serve(turn))
            self._running[task] = turn
            task.add_done_callback(self._running.pop)

    async def _serve(self, turn: Turn) -> None:
        """The boundary of one store: whatever happens, its seller reads why."""
        try:
            problem, error = await self._read(turn)
            await self._rest(turn, problem, error)
        except LeaseLost:
            _log.info("orders_lease_lost", store=str(turn.store_id))
        except asyncio.CancelledError:
            await self._give_back(turn)
            raise
        except Exception as error:  # noqa: BLE001 - the boundary
            if is_gone(error):
                _log.warning("orders_database_gone", store=str(turn.store_id))
                return
            _log.exception("orders_reading_failed", store=str(turn.store_id))
            await self._rest(turn, PollProblem.CHANGED, ContractChanged())

    async def _read(self, turn: Turn) -> tuple[PollProblem | None, IntegrationError | None]:
        """Read by the first way that opens; return what is wrong, and the error that ended it."""
        if turn.import_started_at is None:
            async with self._services.db.write() as tx:
                await polling.begin_import(tx, turn, self._services.clock.now())
        problem = PollProblem.TOKEN if turn.is_token_dead else None
        for book in self._books(turn):
            try:
                await self._walk(turn, book)
            except CredentialsRejected as error:
                problem = polling_rules.problem_of(error, book.source)
                await self._refused(turn, problem)
            except IntegrationError as error:
                store, code = str(turn.store_id), error.code
                _log.warning("orders_not_read", store=store, code=code, sample=_page(error))
                return polling_rules.problem_of(error, book.source), error
            else:
                return problem, None
        return problem or PollProblem.SIGNED_OUT, CredentialsRejected()

    def _books(self, turn: Turn) -> Iterator[OrderBook]:
        if turn.token:
            yield ApiBook(self._kaspi.orders, turn.token)
        if turn.cookies:
            cookies = json.loads(self._services.secrets.decrypt(turn.cookies))
            session = CabinetSession.from_playwright(turn.merchant_id, cookies)
            yield CabinetBook(self._kaspi.client, session, self._services.clock)

    async def _walk(self, turn: Turn, book: OrderBook) -> None:
        services = self._services
        until = services.clock.now() + _STRETCH
        reading = Reading(
            services.db,
            SYSTEM,
            turn,
            book,
            services.secrets,
            services.clock.now,
            lambda: self._process.stopping.is_set() or services.clock.now() >= until,
        )
        try:
            if self._is_due(turn, services.clock.now()):
                await reading.read_latest()
            if turn.is_importing:
                await reading.go_on_importing()
        finally:
            self.counts.update(reading.counts)
        _log.info("orders_read", store=str(turn.store_id), source=book.source, **reading.counts)

    def _is_due(self, turn: Turn, now: datetime) -> bool:
        """Between two stretches of an import the last days are read no oftener than otherwise."""
        if turn.polled_at is None or not turn.is_importing:
            return True
        return now - turn.polled_at >= self._interval

    async def _refused(self, turn: Turn, problem: PollProblem) -> None:
        """Note where it belongs that a token or a session no longer opens anything."""
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            if problem is PollProblem.TOKEN:
                await trying.reject(tx, SYSTEM, turn.store_id, turn.token, now)
            else:
                reason = ReauthReason.CREDENTIALS_MISSING
                await stores.mark_needs_reauth(
                    tx, SYSTEM, turn.store_id, reason, now, cookies=turn.cookies
                )

    async def _rest(
        self, turn: Turn, problem: PollProblem | None, error: IntegrationError | None
    ) -> None:
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            await polling.rest(tx, SYSTEM, turn, self._interval, now, problem=problem, error=error)

    async def _give_back(self, turn: Turn) -> None:
        try:
            async with self._services.db.write() as tx:
                await polling.give_back(tx, turn, self._services.clock.now())
        except LeaseLost:
            return

    async def _read_proxies(self) -> None:
        await self._kaspi.egress.replace(await proxy_urls(self._services))


def _page(error: IntegrationError) -> str:
    """Return the start of a page that came instead of data; data may hold a buyer's name."""
    sample = error.sample if isinstance(error, ContractChanged) else ""
    return sample if sample.startswith("<") else ""
