"""Catalogue sync on request and every KASPI_SYNC_INTERVAL; handled by the outbox worker."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Kaspi, Services, build_kaspi
from cube_demper.core.errors import CredentialsRejected
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog import sync
from cube_demper.domain.stores import service as stores
from cube_demper.integrations.kaspi.cabinet import StoreCabinet
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models import ReauthReason

TOPIC = "catalog.sync"
LEASE = timedelta(minutes=15)
"""60 pages a minute at the sync's share: enough for a cabinet of 60,000 goods."""
_log = get_logger()


class CatalogSync:
    """Reads a store's whole cabinet into our catalogue."""

    def __init__(self, services: Services) -> None:
        """Connect to Kaspi with the first request."""
        self._services = services
        self._kaspi: Kaspi | None = None

    async def handle(self, payload: dict[str, Any]) -> None:
        """Sync the store named in `payload`; one that cannot be read any more is left alone."""
        store_id = UUID(payload["store_id"])
        async with self._services.db.read() as tx:
            signed_in = await stores.find_signed_in(tx, SYSTEM, store_id)
        if signed_in is None:
            return
        self._kaspi = self._kaspi or await build_kaspi(self._services)
        cookies = json.loads(self._services.secrets.decrypt(signed_in.cookies))
        session = CabinetSession.from_playwright(signed_in.merchant_id, cookies)
        cabinet = StoreCabinet(self._kaspi.client, session)
        now = self._services.clock.now()
        try:
            report = await sync.sync_store(self._services.db, SYSTEM, store_id, cabinet, now)
        except CredentialsRejected:
            async with self._services.db.write() as tx:
                reason = ReauthReason.CREDENTIALS_MISSING
                await stores.mark_needs_reauth(
                    tx, SYSTEM, store_id, reason, now, cookies=signed_in.cookies
                )
            return
        _log.info("catalog_synced", store=str(store_id), read=report.read, added=report.added)


async def ask(tx: WriteTx, store_id: UUID, period: str, now: datetime) -> None:
    """Ask for a sync, once a `period`."""
    await outbox.enqueue(tx, TOPIC, f"{store_id}:{period}", {"store_id": str(store_id)}, now)


async def ask_for_old(services: Services) -> None:
    """Ask for a sync of every signed-in store that was read longer than KASPI_SYNC_INTERVAL ago."""
    now = services.clock.now()
    before = now - timedelta(seconds=services.settings.kaspi.sync_interval)
    async with services.db.write() as tx:
        for store_id, synced_at in await stores.synced_before(tx, SYSTEM, before):
            await ask(tx, store_id, f"after {synced_at}", now)
