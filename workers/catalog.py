"""Catalogue sync on request and every KASPI_SYNC_INTERVAL; handled by the outbox worker."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import CredentialsRejected, IntegrationError
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog import sync
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.signed_in import SignedIn
from cube_demper.integrations.kaspi.cabinet import StoreCabinet
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.stores import ReauthReason
from workers.lazy_kaspi import LazyKaspi

TOPIC = syncs.TOPIC
WITHIN = timedelta(minutes=4)
_STRETCH = timedelta(seconds=60)
"""A message walks so long, then the run is queued anew: other stores get their turn."""
_ASK_AGAIN = timedelta(hours=1)
"""A store whose sync failed or was cancelled is not asked for by itself sooner."""
_log = get_logger()


class CatalogSync:
    """Walks sync runs."""

    def __init__(self, services: Services) -> None:
        """Connect to Kaspi with the first request."""
        self._services, self._kaspi = services, LazyKaspi(services)

    async def handle(self, payload: dict[str, Any]) -> None:
        """Walk the run named in `payload` for a while. Raises what is worth another try."""
        run = await self._run_of(payload)
        if run is None or not run.is_live:
            return
        async with self._services.db.read() as tx:
            signed_in = await stores.find_signed_in(tx, SYSTEM, run.store_id)
        if signed_in is None:
            await self._failed(run, CredentialsRejected())
            return
        try:
            await self._walk(run, signed_in)
        except CredentialsRejected as error:
            async with self._services.db.write() as tx:
                reason, now = ReauthReason.CREDENTIALS_MISSING, self._services.clock.now()
                await stores.mark_needs_reauth(
                    tx, SYSTEM, run.store_id, reason, now, cookies=signed_in.cookies
                )
            await self._failed(run, error)
        except IntegrationError as error:
            if await self._failed(run, error):
                raise

    async def close(self) -> None:
        """Close the connections to Kaspi."""
        await self._kaspi.close()

    async def _run_of(self, payload: dict[str, Any]) -> SyncRun | None:
        """Find the run; who names a store alone, as earlier releases did, has one opened."""
        async with self._services.db.write() as tx:
            if "run_id" in payload:
                return await syncs.find(tx, UUID(payload["run_id"]))
            now = self._services.clock.now()
            return (await syncs.open_run(tx, UUID(payload["store_id"]), now))[0]

    async def _walk(self, run: SyncRun, signed_in: SignedIn) -> None:
        services, kaspi = self._services, await self._kaspi.get()
        cookies = json.loads(services.secrets.decrypt(signed_in.cookies))
        session = CabinetSession.from_playwright(signed_in.merchant_id, cookies)
        cabinet = StoreCabinet(kaspi.client, session)
        until = services.clock.now() + _STRETCH
        left = await sync.go_on(
            services.db,
            SYSTEM,
            run.id,
            cabinet,
            services.clock.now,
            must_rest=lambda: services.clock.now() >= until,
        )
        if left is not None and not left.is_live:
            facts = {"read": left.goods_read, "added": left.added, "removed": left.removed}
            _log.info("catalog_synced", store=str(run.store_id), state=left.state, **facts)

    async def _failed(self, run: SyncRun, error: IntegrationError) -> bool:
        async with self._services.db.write() as tx:
            return await sync.failed(tx, SYSTEM, run.id, error, self._services.clock.now())


async def ask_for_old(services: Services) -> None:
    """Ask for a sync of every signed-in store that was read longer than KASPI_SYNC_INTERVAL ago."""
    now = services.clock.now()
    before = now - timedelta(seconds=services.settings.kaspi.sync_interval)
    async with services.db.write() as tx:
        old = await stores.synced_before(tx, SYSTEM, before)
        resting = await syncs.tried_since(tx, now - _ASK_AGAIN) if old else set()
        for store_id, _ in old:
            if store_id not in resting:
                await syncs.ask(tx, SYSTEM, store_id, now)
