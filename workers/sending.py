"""Drains the send queues of stores, one holder a store, inside the store's budget (DESIGN §5.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.db.session import WriteTx, is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog import sync
from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.pricing import sending
from cube_demper.domain.pricing.sending import Send
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.errors import StoreBlocked
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import StoreSnapshot
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.stores import Channel, ReauthReason
from workers import supplying
from workers.leases import Lease, StoreLeases
from workers.sessions import cabinet_session

BATCH = 10
_LOOK_AGAIN = timedelta(minutes=5)
_WRITE_TRIES, _WRITE_PAUSE = 20, 0.5
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends what is queued. One instance a process."""

    services: Services
    client: KaspiClient
    limits: Limits
    leases: StoreLeases

    async def drain(self, store: ReadyStore, *, with_prices: bool, with_supply: bool) -> int:
        """Send a store's queue until it is empty or something stands in the way; count SKU changes.

        Supply: what its seller changed about stock is sent alone and proved.
        """
        if store.channel is not Channel.CABINET or store.guid is None:
            return 0
        session = cabinet_session(store, self.services.secrets)
        is_degraded = self.limits.is_degraded
        sent = 0
        async with self.leases.hold(store.id, is_degraded=is_degraded) as lease:
            # The lease of Redis and the lock of Postgres do not know each other: Redis gone or back
            # means to take the other one.
            while (
                lease is not None and self.limits.is_degraded == is_degraded and await lease.renew()
            ):
                step = await supplying.step(self, store, session, lease) if with_supply else None
                is_last = not step
                if is_last and with_prices:
                    step = await self._step(store, session, lease)
                    is_last = step is None or step < BATCH  # a batch with room took all there was
                sent += step or 0
                if is_last:
                    break
        return sent

    async def _step(self, store: ReadyStore, session: CabinetSession, lease: Lease) -> int | None:
        """Send one batch; None when the queue is empty or the store must wait."""
        now = self.services.clock.now()
        budget = await self.budget(store)
        if budget is None:
            return None
        async with self.services.db.read() as tx:
            ids, stale = await sending.next_batch(
                tx,
                store.id,
                now,
                most=BATCH,
                room=budget.room,
                # Without Redis a process has a share of the limit only.
                limit=budget.used + budget.room,
            )
        if not ids:
            return None
        if stale and not await self._refresh_supply(store, session, stale):
            return None
        return await self.send(store, session, lease, len(ids), partial(self._take, store, ids))

    async def budget(self, store: ReadyStore) -> StoreSnapshot | None:
        """Return what the store may send now; None: nothing."""
        now = self.services.clock.now()
        if store.sends_blocked_until and store.sends_blocked_until > now:
            return None
        budget = await self.limits.store_snapshot(store.merchant_id)
        is_blocked = budget.blocked_until and budget.blocked_until > now
        return None if budget.room <= 0 or is_blocked else budget

    async def _refresh_supply(
        self, store: ReadyStore, session: CabinetSession, skus: Sequence[str]
    ) -> bool:
        try:
            products = await self.client.product_details(session, skus)
        except IntegrationError as error:
            await self.failed_read(store, error)
            return False
        async with self.services.db.write() as tx:
            await sync.save_supply(
                tx,
                SYSTEM,
                store.id,
                asked=skus,
                products=products,
                now=self.services.clock.now(),
            )
        return True

    async def send(
        self,
        store: ReadyStore,
        session: CabinetSession,
        lease: Lease,
        count: int,
        take: Callable[[], Awaitable[Sequence[Send] | None]],
    ) -> int | None:
        """Send what `take` commits, at most `count`, and write what became of it.

        None: it failed, or the store sends nothing more this way (`take` said None).
        """
        taken: list[Send] = []
        is_over = False

        async def last_check() -> Sequence[PriceChange]:
            nonlocal is_over
            # Leave may have come late, or this process been frozen: another may hold the store now.
            if await lease.renew():
                found = await take()
                is_over = found is None
                taken.extend(found or ())
            return [send.change for send in taken]

        try:
            await self.client.send_prices(session, count, last_check)
        except IntegrationError as error:
            _log.warning(
                "send_failed",
                store=str(store.id),
                error=error.code,
                why=error.message,
                sends=len(taken),
            )
            await self._write(partial(self._settle, sends=taken, store=store, error=error))
            return None
        if taken:
            now = self.services.clock.now()
            await self._write(partial(sending.accepted, sends=taken, store=store, now=now))
            _log.info("prices_sent", store=str(store.id), changes=len(taken))
        return None if is_over else len(taken)

    async def _write(self, change: Callable[[WriteTx], Awaitable[None]]) -> None:
        """Write what became of a send; a database that restarts must not make it unknown."""
        for tries_left in reversed(range(_WRITE_TRIES)):
            try:
                async with self.services.db.write() as tx:
                    await change(tx)
            except Exception as error:
                if not tries_left or not is_gone(error):
                    raise
                _log.warning("send_not_written", error=repr(error))
                await asyncio.sleep(_WRITE_PAUSE)
            else:
                return

    async def _take(self, store: ReadyStore, ids: Sequence[UUID]) -> Sequence[Send] | None:
        """Do the last check: terms and store are read anew in the transaction that commits `sending`.

        None: the store has just gone over to the price list, which takes what is queued.
        """
        kaspi = self.services.settings.kaspi
        now = self.services.clock.now()
        async with self.services.db.write() as tx:
            ready = await stores.ready_stores(tx, SYSTEM, now, store_ids=[store.id])
            fresh = ready[0] if ready else None
            if fresh is not None and fresh.channel is not Channel.CABINET:
                return None
            terms = None
            if fresh is not None:
                terms = store_terms(
                    fresh,
                    min_price_tenge=kaspi.min_price_tenge,
                    max_fall_percent=kaspi.max_fall_percent,
                )
            batch = await sending.take_batch(tx, ids, fresh, terms, now)
            if batch.needs_sync:
                await syncs.ask_quietly(tx, store.id, now)
        return batch.sends

    async def _settle(
        self, tx: WriteTx, sends: Sequence[Send], store: ReadyStore, error: IntegrationError
    ) -> None:
        """Write what an error means for the sends that were committed as `sending`."""
        now = self.services.clock.now()
        match error:
            case OutcomeUnknown() | ContractChanged():
                await sending.outcome_unknown(tx, sends, store, error.message)
            case StoreBlocked():
                await sending.not_sent(tx, sends, store)
                await stores.block_sends(tx, SYSTEM, store.id, now + error.retry_after)
            case RateLimited() | Unreachable():
                await sending.not_sent(tx, sends, store)
            case CredentialsRejected():
                await sending.not_sent(tx, sends, store)
                await _need_sign_in(tx, store, now)
            case Refused():
                await sending.refused(tx, sends, store, error.message, retry_at=now + _LOOK_AGAIN)
            case _:
                await sending.outcome_unknown(tx, sends, store, error.message)

    async def failed_read(self, store: ReadyStore, error: IntegrationError) -> None:
        """Say why the cabinet could not be read; a rejected session asks for a new sign-in."""
        _log.warning("supply_read_failed", store=str(store.id), error=error.code)
        if isinstance(error, CredentialsRejected):
            async with self.services.db.write() as tx:
                await _need_sign_in(tx, store, self.services.clock.now())


async def _need_sign_in(tx: WriteTx, store: ReadyStore, now: datetime) -> None:
    """The session that this drain began with was rejected; a newer one may be there already."""
    reason, cookies = ReauthReason.CREDENTIALS_MISSING, (store.guid or {}).get("cookies")
    await stores.mark_needs_reauth(tx, SYSTEM, store.id, reason, now, cookies=cookies)
