"""The limits that every process shares: Redis while it is there, this process's share while not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog import get_logger

from cube_demper.core.clock import Clock
from cube_demper.core.errors import InvalidInput, Unreachable
from cube_demper.integrations.kaspi.limits.local import Blocks, LocalLimits
from cube_demper.integrations.kaspi.limits.rules import (
    Granted,
    LimitRules,
    LimitsSnapshot,
    Refill,
    StoreSnapshot,
    Wait,
    Wish,
)
from cube_demper.integrations.kaspi.limits.shared import Cold, SharedLimits

_GONE = (RedisError, OSError, TimeoutError)
_PROBE_SECONDS = 1.0  # real time: how often a process asks whether Redis is back
_FILLING_POLL = 0.05
_FILLING_POLLS = 400
_log = get_logger()

_T = TypeVar("_T")
RefillSource = Callable[[], Awaitable[Refill]]


class Limits:
    """Says when a request may leave and through which egress (DESIGN §5 «Limits»)."""

    def __init__(
        self,
        redis: Redis,
        figures: LimitRules,
        clock: Clock,
        refill: RefillSource,
        *,
        instances: int = 1,
        prefix: str = "{kaspi:limits}:",
        probe_seconds: float = _PROBE_SECONDS,
    ) -> None:
        """`refill` reads from Postgres what a forgetful Redis must know; `instances` is INSTANCE_COUNT."""
        self._shared = SharedLimits(redis, figures, clock, prefix)
        self._figures, self._clock, self._refill = figures, clock, refill
        self._instances, self._probe_seconds = instances, probe_seconds
        self._blocks = Blocks()
        self._local: LocalLimits | None = None
        self._turning = asyncio.Lock()
        self._next_probe = 0.0

    @property
    def is_degraded(self) -> bool:
        """Tell whether Redis is gone: sends then need a Postgres advisory lock on the store."""
        return self._local is not None

    async def take(self, wish: Wish, *, ticket: int = 0) -> Granted | Wait:
        """Book one request, or say how long to wait; ask again with the ticket of the answer.

        Raises Unreachable when neither Redis nor Postgres knows what was sent lately.
        """
        if wish.changes > self._figures.changes_per_window:
            raise InvalidInput("Столько изменений цен за 30 минут Kaspi не примет")
        return await self._either(
            lambda: self._shared.take(wish, ticket), lambda local: local.take(wish)
        )

    async def worked(self, grant: Granted) -> None:
        """Report an answer, 4xx included. Costs nothing while the breaker has no errors to forget."""
        self._blocks.report(grant, is_good=True, now=self._clock.now())
        if grant.is_trial or grant.errors_before:
            await self._tell(lambda: self._shared.report(grant, is_good=True))

    async def failed(self, grant: Granted) -> None:
        """Report a failure of the network, HTTP 5xx, or a page where data should be."""
        self._blocks.report(grant, is_good=False, now=self._clock.now())
        await self._tell(lambda: self._shared.report(grant, is_good=False))

    async def give_back(self, grant: Granted, changes: int) -> None:
        """Return `changes` of a send that certainly never left; its turn stays used."""
        if grant.wish.store is None or changes <= 0:
            return
        if self._local is not None:
            self._local.give_back(grant, changes)
        else:
            await self._tell(lambda: self._shared.give_back(grant, changes))

    async def ban_egress(self, grant: Granted, length: timedelta) -> None:
        """Rest the grant's egress at this host, for every process."""
        till = self._clock.now() + length
        self._blocks.egresses[grant.wish.host, grant.egress] = till
        await self._tell(lambda: self._shared.ban_egress(grant, length))
        _log.warning("egress_banned", egress=grant.egress, seconds=length.total_seconds())

    async def ban_store(self, store: str, length: timedelta) -> None:
        """Stop a store's price feed for every process; `store` is the merchant uid."""
        self._blocks.stores[store] = self._clock.now() + length
        await self._tell(lambda: self._shared.ban_store(store, length))
        _log.warning("store_banned", store=store, seconds=length.total_seconds())

    async def store_blocked_until(self, store: str) -> datetime | None:
        """Return until when a store's price feed is stopped, None when it is not."""
        return (await self.store_snapshot(store)).blocked_until

    async def store_snapshot(self, store: str) -> StoreSnapshot:
        """Return a store's changes used, its room for more now, and its ban."""
        return await self._either(
            lambda: self._shared.store(store), lambda local: local.store(store)
        )

    async def snapshot(self, egresses: tuple[str, ...] = ()) -> LimitsSnapshot:
        """Return the shared budget now, with what each of `egresses` used at the shop."""
        return await self._either(
            lambda: self._shared.snapshot(egresses), lambda local: local.snapshot(egresses)
        )

    async def _either(
        self, ask: Callable[[], Awaitable[_T]], ask_local: Callable[[LocalLimits], _T]
    ) -> _T:
        local = self._local
        if local is not None and not await self._is_back():
            return ask_local(local)
        for _ in range(_FILLING_POLLS):
            try:
                try:
                    return await ask()
                except Cold:
                    await self._fill()
            except _GONE as error:
                return ask_local(await self._fall_back(error))
        raise Unreachable("Учёт запросов к Kaspi ещё не восстановлен. Повторим позже.")

    async def _tell(self, report: Callable[[], Awaitable[None]]) -> None:
        """Pass a report on; one that Redis cannot take is kept in this process."""
        if self._local is not None:
            return
        try:
            await report()
        except Cold:
            return  # whoever asks next fills Redis; the report's subject is forgotten there anyway
        except _GONE as error:
            await self._fall_back(error)

    async def _fill(self) -> None:
        """Fill a cold Redis from Postgres; when another process does, wait a moment."""
        token = await self._shared.lock()
        if token is None:
            await asyncio.sleep(_FILLING_POLL)
            return
        try:
            refill = await self._refill()
        except Exception as error:
            await self._shared.unlock()
            _log.warning("limits_refill_failed", error=str(error))
            raise Unreachable("Учёт отправленных цен недоступен. Повторим позже.") from error
        await self._shared.fill(token, refill)
        for store, till in self._blocks.stores.items():
            if till > self._clock.now():
                await self._shared.ban_store(store, till - self._clock.now())
        _log.info("limits_refilled", stores=len(refill.sends), bans=len(refill.bans))

    async def _fall_back(self, error: Exception) -> LocalLimits:
        async with self._turning:
            if self._local is None:
                _log.warning("limits_without_redis", error=repr(error))
                try:
                    refill = await self._refill()
                except Exception as failure:  # noqa: BLE001 - any failure means: count as spent
                    _log.warning("limits_refill_failed", error=str(failure))
                    refill = None
                self._local = LocalLimits(
                    self._figures, self._clock, self._instances, self._blocks, refill
                )
                self._next_probe = time.monotonic() + self._probe_seconds
            return self._local

    async def _is_back(self) -> bool:
        """Look now and then whether Redis is there again; then all windows are filled anew."""
        if self._turning.locked() or time.monotonic() < self._next_probe:
            return False
        async with self._turning:
            try:
                await self._shared.forget()
            except _GONE:
                self._next_probe = time.monotonic() + self._probe_seconds
                return False
            self._local = None
            _log.info("limits_with_redis_again")
            return True
