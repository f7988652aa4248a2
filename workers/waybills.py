"""Waybills that sellers want to print; handled by the outbox worker."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import waybills
from cube_demper.domain.orders.waybill_schemas import PrintJob, WantedWaybill, WhyMissing
from cube_demper.integrations.documents import archives, labels
from cube_demper.integrations.kaspi.session import CabinetSession
from workers.lazy_kaspi import LazyKaspi

WITHIN: Final = timedelta(minutes=10)
_AT_ONCE: Final = 6
_TELL_EVERY: Final = 10
_log = get_logger()


@dataclass(slots=True)
class _Haul:
    """What has been fetched, and what could not be."""

    files: dict[str, bytes] = field(default_factory=dict)
    missing: dict[str, WhyMissing] = field(default_factory=dict)


class Waybills:
    """Fetches waybills and puts them on paper."""

    def __init__(self, services: Services) -> None:
        """Connect to Kaspi with the first request."""
        self._services, self._kaspi = services, LazyKaspi(services)

    async def handle(self, payload: dict[str, Any]) -> None:
        """Make the file named in `payload`; one that is made stays as it is."""
        services = self._services
        async with services.db.read() as tx:
            print_id = UUID(payload["print_id"])
            job = await waybills.find_job(tx, SYSTEM, print_id, secrets=services.secrets)
        if job is None:
            return
        haul = await self._fetched(job)
        found = [(it.code, haul.files[it.code]) for it in job.wanted if it.code in haul.files]
        merged = await asyncio.to_thread(labels.merge, found, job.layout)
        haul.missing |= dict.fromkeys(merged.unreadable, WhyMissing.UNREADABLE)
        async with services.db.write() as tx:
            await waybills.finish(
                tx,
                SYSTEM,
                job,
                merged.pdf,
                haul.missing,
                pages=merged.pages,
                secrets=services.secrets,
                now=services.clock.now(),
            )
        _log.info("waybills_made", orders=len(found), missing=len(haul.missing))

    async def close(self) -> None:
        """Close the connections to Kaspi."""
        await self._kaspi.close()

    async def _fetched(self, job: PrintJob) -> _Haul:
        haul = _Haul()
        by_store: dict[UUID, list[WantedWaybill]] = defaultdict(list)
        for it in job.wanted:
            if it.is_packed:
                by_store[it.store_id].append(it)
            else:
                haul.missing[it.code] = WhyMissing.NOT_PACKED
        for wanted in by_store.values():
            await self._from_cabinet(wanted, haul)
            await self._by_links(job, [it for it in wanted if it.code not in haul.files], haul)
        return haul

    async def _from_cabinet(self, wanted: list[WantedWaybill], haul: _Haul) -> None:
        """Take what the cabinet has in one archive: a single order is quicker by its link."""
        first = wanted[0]
        if not first.cookies or (len(wanted) == 1 and first.token):
            return
        cookies = json.loads(self._services.secrets.decrypt(first.cookies))
        session = CabinetSession.from_playwright(first.merchant_id, cookies)
        try:
            content = await (await self._kaspi.get()).client.waybills(session)
            found = await asyncio.to_thread(archives.waybills_in, content)
        except IntegrationError as error:
            _log.warning("waybill_archive_failed", code=error.code)
            return
        haul.files |= {it.code: found[it.code] for it in wanted if it.code in found}

    async def _by_links(self, job: PrintJob, wanted: Iterable[WantedWaybill], haul: _Haul) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def fetch(it: WantedWaybill) -> None:
            async with gate:
                found = await self._by_link(it)
            if isinstance(found, bytes):
                haul.files[it.code] = found
            else:
                haul.missing[it.code] = found
            if len(haul.files) % _TELL_EVERY == 0:
                async with self._services.db.write() as tx:
                    await waybills.note_progress(tx, SYSTEM, job, len(haul.files))

        await asyncio.gather(*(fetch(it) for it in wanted))

    async def _by_link(self, it: WantedWaybill) -> bytes | WhyMissing:
        """Return the file behind an order's link, which a new order may have got since it was read."""
        if not it.token:
            return WhyMissing.NOT_READY if it.cookies else WhyMissing.NO_WAY
        orders = (await self._kaspi.get()).orders
        try:
            url = it.url
            if url is None:
                seen = await orders.find(it.token, it.code)
                url = seen.waybill_url if seen else None
            return await orders.waybill(it.token, url) if url else WhyMissing.NOT_READY
        except IntegrationError as error:
            _log.warning("waybill_not_fetched", code=error.code)
            return WhyMissing.SILENT
