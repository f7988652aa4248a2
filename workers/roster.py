"""Which stores may be worked on, kept for some seconds; their parked goods are brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.pricing import checking
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import BotCutoff, ReadyStore

_FRESH_FOR = timedelta(seconds=2)
_CUTOFFS_FRESH_FOR = timedelta(seconds=60)
"""Counting everybody's bots takes a third of a second at a million; a send asks again for its store."""


@dataclass(slots=True)
class Roster:
    """The stores that this worker may work on now."""

    services: Services
    _stores: list[ReadyStore] = field(default_factory=list)
    _read_at: datetime | None = None
    _cutoffs: Mapping[UUID, BotCutoff] = field(default_factory=dict)
    _cutoffs_at: datetime | None = None

    async def ready(self, *, is_forced: bool = False) -> list[ReadyStore]:
        """Return the stores, read anew every two seconds, or now when `is_forced`."""
        now = self.services.clock.now()
        if is_forced or _is_old(self._read_at, _FRESH_FOR, now):
            async with self.services.db.read() as tx:
                if is_forced or _is_old(self._cutoffs_at, _CUTOFFS_FRESH_FOR, now):
                    self._cutoffs = await stores.bot_cutoffs(tx, SYSTEM, now)
                    self._cutoffs_at = now
                ready = await stores.ready_stores(tx, SYSTEM, now, cutoffs=self._cutoffs)
            self._stores = ready
            self._read_at = now
            await self._unpark()
        return self._stores

    async def _unpark(self) -> None:
        async with self.services.db.read() as tx:
            if not await checking.has_parked(tx, self._stores):
                return
        async with self.services.db.write() as tx:
            await checking.unpark(tx, self._stores)


def _is_old(read_at: datetime | None, fresh_for: timedelta, now: datetime) -> bool:
    return read_at is None or now - read_at > fresh_for
