"""Checks products that are due: look, decide, write. Slow markets never hold up the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError, RateLimited
from cube_demper.core.ids import new_id
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as markets
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing import checking, recording
from cube_demper.domain.pricing.schemas import Strategy
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.pricing.work import CityBounds, DueProduct, Outcome
from cube_demper.domain.stores.schemas import ReadyStore
from workers.looking import MarketWatch, Question
from workers.pacing import next_check_at, retry_at

LEASE = timedelta(seconds=90)
IN_FLIGHT_AT_MOST = 96
"""Looks waiting for leave or an answer: 60 a second at a second and a half each."""
_WRITE_AT_MOST = 40
_WRITE_EVERY = 0.1
_log = get_logger()


@dataclass(slots=True)
class _Done:
    outcome: Outcome
    store: ReadyStore
    fresh: tuple[Market, ...]


@dataclass(slots=True)
class Checker:
    """Claims due products, keeps their checks going and writes what came of them, in small batches."""

    services: Services
    watch: MarketWatch
    claim_id: UUID = field(default_factory=new_id)
    checked: int = 0
    _turn: Turn = field(default_factory=Turn)
    _going: set[asyncio.Task[None]] = field(default_factory=set)
    _done: asyncio.Queue[_Done] = field(default_factory=asyncio.Queue)

    @property
    def room(self) -> int:
        """Return how many more products may be taken now."""
        return IN_FLIGHT_AT_MOST - len(self._going)

    async def claim(
        self,
        stores: Sequence[ReadyStore],
        shard_keys: Sequence[int] | None,
        *,
        overdue: timedelta = timedelta(),
    ) -> int:
        """Lease what is due (by more than `overdue`) and start checking it; return how many.

        `shard_keys` None: of any shard.
        """
        now = self.services.clock.now()
        by_id = {store.id: store for store in stores}
        if not by_id or self.room <= 0:
            return 0
        wanted = checking.Claim(
            self.claim_id, shard_keys, now - overdue, LEASE, self.room, self._turn
        )
        async with self.services.db.write() as tx:
            due = await checking.claim(tx, by_id, wanted, now)
        for product in due:
            task = asyncio.create_task(self._check(product, by_id[product.product.store_id]))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
        return len(due)

    async def _check(self, due: DueProduct, store: ReadyStore) -> None:
        try:
            done = await self._look_and_judge(due, store)
        except IntegrationError as error:
            done = self._failed(due, store, error.message, _pause_of(error))
        except Exception:  # noqa: BLE001 - the worker boundary: one product must not stop the others
            _log.exception("check_failed", product=str(due.product.id))
            message = "Внутренняя ошибка проверки. Мы уже знаем о ней."
            done = self._failed(due, store, message, None)
        self._done.put_nowait(done)

    async def _look_and_judge(self, due: DueProduct, store: ReadyStore) -> _Done:
        looks = await asyncio.gather(*(self._look(due, city, store) for city in due.product.cities))
        kaspi = self.services.settings.kaspi
        terms = store_terms(
            store, min_price_tenge=kaspi.min_price_tenge, max_fall_percent=kaspi.max_fall_percent
        )
        now = self.services.clock.now()
        cities = tuple(
            checking.judge(due, city, market, store=store, terms=terms, now=now)
            for city, (market, _) in zip(due.product.cities, looks, strict=True)
        )
        outcome = Outcome(due, cities, next_check_at(due.product, cities, store, now))
        fresh = tuple(market for market, is_fresh in looks if is_fresh)
        return _Done(outcome, store, fresh)

    async def _look(
        self, due: DueProduct, city: CityBounds, store: ReadyStore
    ) -> tuple[Market, bool]:
        product = due.product
        top_n = product.top_n or 1
        return await self.watch.look(
            Question(
                card=product.card,
                city_id=city.city_id,
                merchant_id=store.merchant_id,
                rivals=top_n if product.strategy is Strategy.STAY_TOP_N else 1,
            )
        )

    def _failed(
        self, due: DueProduct, store: ReadyStore, message: str, pause: timedelta | None
    ) -> _Done:
        now = self.services.clock.now()
        when = now + pause if pause else retry_at(due.product, store, now)
        return _Done(Outcome(due, (), when, error=message), store, ())

    async def write(self) -> int:
        """Write the checks that are done; return how many products were written."""
        done: list[_Done] = []
        while not self._done.empty() and len(done) < _WRITE_AT_MOST:
            done.append(self._done.get_nowait())
        if not done:
            return 0
        now = self.services.clock.now()
        async with self.services.db.write() as tx:
            await markets.remember_markets(tx, SYSTEM, [m for item in done for m in item.fresh])
            written = await recording.record(
                tx,
                [item.outcome for item in done],
                {item.store.id: item.store for item in done},
                self.claim_id,
                now,
            )
        self.checked += written
        return written

    async def finish(self, deadline: float | None = None) -> None:
        """Wait for the checks that go on (at most `deadline` real seconds) and write them."""
        loop = asyncio.get_running_loop()
        end = None if deadline is None else loop.time() + deadline
        while self._going:
            left = None if end is None else end - loop.time()
            if left is not None and left <= 0:
                break
            await asyncio.wait(
                list(self._going),
                timeout=_WRITE_EVERY if left is None else min(_WRITE_EVERY, left),
                return_when=asyncio.FIRST_COMPLETED,
            )
            await self.write()
        for task in list(self._going):
            task.cancel()
        while await self.write():
            pass

    async def release(self) -> None:
        """Give unfinished products back to the other workers."""
        async with self.services.db.write() as tx:
            await checking.release(tx, self.claim_id)


def _pause_of(error: IntegrationError) -> timedelta | None:
    """Kaspi's or our limits' own wait: not the product's fault, so not its back-off either."""
    return error.retry_after if isinstance(error, RateLimited) else None
