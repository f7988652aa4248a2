"""Checks cards that are due: look, decide for all who sell them, write. Slow markets hold up no others."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError, RateLimited
from cube_demper.core.ids import new_id
from cube_demper.db.session import is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as markets
from cube_demper.domain.market.chase import TempoInForce
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing import chasing, checking, recording
from cube_demper.domain.pricing.chasing import Lesson
from cube_demper.domain.pricing.pacing import next_check_at, retry_at, weight_of
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.pricing.work import (
    CityOutcome,
    DueCard,
    DueProduct,
    Outcome,
    PricedProduct,
)
from cube_demper.domain.stores.schemas import ReadyStore
from workers.looking import MarketWatch, city_question, home_question

LEASE = timedelta(seconds=90)
_IN_FLIGHT_SECONDS = 2.5
_IN_FLIGHT_TOGETHER = 6.0
"""Seconds of the shared budget that one worker, and all of them, have in flight."""
_WRITE_AT_MOST = 40
_WRITE_EVERY = 0.1
_LATENESS_KEEPS = 0.98
_log = get_logger()

Stores = Mapping[UUID, ReadyStore]


def in_flight_at_most(looks_a_second: float, workers: int) -> int:
    """Return how many looks one of `workers` has waiting for leave or an answer.

    Enough for answers of two seconds; together few enough that none waits `LONGEST_WAIT`
    for its leave and is refused.
    """
    seconds = min(_IN_FLIGHT_SECONDS, _IN_FLIGHT_TOGETHER / workers)
    return max(2, math.ceil(looks_a_second * seconds))


@dataclass(slots=True)
class _Done:
    """One look at a card, judged for all of its goods."""

    outcomes: tuple[Outcome, ...]
    stores: Stores
    fresh: tuple[Market, ...] = ()
    lesson: Lesson | None = None


@dataclass(slots=True)
class Checker:
    """Claims due cards, keeps their checks going and writes what came of them, in small batches."""

    services: Services
    watch: MarketWatch
    claim_id: UUID = field(default_factory=new_id)
    in_force: TempoInForce = field(default_factory=TempoInForce)
    checked: int = 0
    hastened: int = 0
    in_flight_at_most: int = 96
    lateness: timedelta = timedelta()
    """How late looks at known cards were claimed lately, on average."""
    _turn: Turn = field(default_factory=Turn)
    _going: set[asyncio.Task[None]] = field(default_factory=set)
    _done: asyncio.Queue[_Done] = field(default_factory=asyncio.Queue)

    @property
    def room(self) -> int:
        """Return how many more looks may be begun now."""
        return self.in_flight_at_most - len(self._going)

    async def claim(
        self,
        stores: Sequence[ReadyStore],
        shard_keys: Sequence[int] | None,
        *,
        overdue: timedelta = timedelta(),
    ) -> int:
        """Lease what is due (by more than `overdue`) and start checking it; return how many cards.

        `shard_keys` None: of any shard.
        """
        now = self.services.clock.now()
        by_id = {store.id: store for store in stores}
        if not by_id or self.room <= 0:
            return 0
        wanted = checking.Claim(
            self.claim_id,
            shard_keys,
            now - overdue,
            LEASE,
            self.room,
            self._turn,
            self.in_force.usual,
        )
        async with self.services.db.write() as tx:
            due = await checking.claim(tx, by_id, wanted, now)
        for card in due:
            self._count_lateness(card, now)
            task = asyncio.create_task(self._check(card, by_id))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
        return len(due)

    def _count_lateness(self, card: DueCard, now: datetime) -> None:
        # Goods that are new all come due at once: that says nothing of whether the tempo holds.
        if card.state.looked_at is not None:
            late = max(timedelta(), now - min(product.due_at for product in card.products))
            self.lateness = self.lateness * _LATENESS_KEEPS + late * (1 - _LATENESS_KEEPS)

    async def _check(self, card: DueCard, stores: Stores) -> None:
        try:
            done = await self._look_and_judge(card, stores)
        except IntegrationError as error:
            done = self._failed(card, stores, error.message, _pause_of(error))
        except Exception:  # noqa: BLE001 - the worker boundary: one card must not stop the others
            _log.exception("check_failed", card=card.card)
            message = "Внутренняя ошибка проверки. Мы уже знаем о ней."
            done = self._failed(card, stores, message, None)
        self._done.put_nowait(done)

    async def _look_and_judge(self, card: DueCard, stores: Stores) -> _Done:
        home, is_fresh = await self.watch.look(home_question(card, stores))
        judged: list[tuple[DueProduct, tuple[CityOutcome, ...]]] = []
        failed: list[Outcome] = []
        fresh = [home] if is_fresh else []
        for due in card.products:
            store = stores[due.product.store_id]
            try:
                others = await self._look_at_other_cities(due.product, store)
            except IntegrationError as error:
                failed.append(self._failure(due, store, error.message, _pause_of(error)))
                continue
            fresh += [market for market, is_new in others if is_new]
            markets_ = [home, *(market for market, _ in others)]
            judged.append((due, self._judge(due, markets_, store)))
        now = self.services.clock.now()
        homes = [(due, cities[0]) for due, cities in judged]
        lesson = chasing.learn(card, homes, stores, now, self.in_force)
        outcomes = [self._outcome(due, cities, stores, lesson) for due, cities in judged]
        return _Done((*outcomes, *failed), stores, tuple(fresh), lesson if is_fresh else None)

    async def _look_at_other_cities(
        self, product: PricedProduct, store: ReadyStore
    ) -> list[tuple[Market, bool]]:
        others = [city for city in product.cities if not city.is_home]
        return await asyncio.gather(
            *(self.watch.look(city_question(product, city, store)) for city in others)
        )

    def _judge(
        self, due: DueProduct, seen: Sequence[Market], store: ReadyStore
    ) -> tuple[CityOutcome, ...]:
        kaspi = self.services.settings.kaspi
        terms = store_terms(
            store, min_price_tenge=kaspi.min_price_tenge, max_fall_percent=kaspi.max_fall_percent
        )
        now = self.services.clock.now()
        cities = sorted(due.product.cities, key=lambda city: not city.is_home)
        return tuple(
            checking.judge(due, city, market, store=store, terms=terms, now=now)
            for city, market in zip(cities, seen, strict=True)
        )

    def _outcome(
        self,
        due: DueProduct,
        cities: tuple[CityOutcome, ...],
        stores: Stores,
        lesson: Lesson,
    ) -> Outcome:
        now, store = self.services.clock.now(), stores[due.product.store_id]
        pace = lesson.pace(weight_of(due.product, store, now))
        tempo = self.in_force.tempo
        when = next_check_at(due.product, cities, store, now, tempo=tempo, pace=pace)
        return Outcome(due, cities, when, pace=pace.step, look_share=pace.look_share)

    def _failed(
        self, card: DueCard, stores: Stores, message: str, pause: timedelta | None
    ) -> _Done:
        failures = [
            self._failure(due, stores[due.product.store_id], message, pause)
            for due in card.products
        ]
        return _Done(tuple(failures), stores)

    def _failure(
        self, due: DueProduct, store: ReadyStore, message: str, pause: timedelta | None
    ) -> Outcome:
        now = self.services.clock.now()
        when = now + pause if pause else retry_at(due.product, store, now)
        return Outcome(due, (), when, error=message)

    async def write(self) -> int:
        """Write the checks that are done; return how many products were taken up."""
        done: list[_Done] = []
        products = 0
        while not self._done.empty() and products < _WRITE_AT_MOST:
            one = self._done.get_nowait()
            done.append(one)
            products += len(one.outcomes)
        if not done:
            return 0
        try:
            await self._write(done)
        except Exception as error:
            if is_gone(error):  # what was written after all is not ours any more: never twice
                for one in done:
                    self._done.put_nowait(one)
                raise
            _log.exception("checks_not_written", products=products)
            await asyncio.gather(*(self._write_alone(one) for one in done))
        return products

    async def _write_alone(self, one: _Done) -> None:
        """One look that cannot be written takes no others with it; it is made again."""
        try:
            await self._write([one])
        except Exception:  # noqa: BLE001 - the worker boundary
            _log.exception(
                "check_not_written", products=[str(o.due.product.id) for o in one.outcomes]
            )

    async def _write(self, done: Sequence[_Done]) -> None:
        now = self.services.clock.now()
        outcomes = [outcome for one in done for outcome in one.outcomes]
        stores = {key: store for one in done for key, store in one.stores.items()}
        lessons = [one.lesson for one in done if one.lesson]
        own = frozenset(store.merchant_id for store in stores.values())
        async with self.services.db.write() as tx:
            await markets.remember_markets(tx, SYSTEM, [m for one in done for m in one.fresh])
            written = await recording.record(tx, outcomes, stores, self.claim_id, now)
            hastened = await chasing.remember(tx, lessons, own, now)
        self.checked += written
        self.hastened += hastened

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
