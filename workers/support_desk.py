"""Support's part of the outbox worker: nobody's chats are given out, broken promises are told."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.support import keeping

EVERY_SECONDS = 15.0


class SupportDesk:
    """Remembers when it looked last."""

    def __init__(self, services: Services) -> None:
        """Look from now on."""
        self._services = services
        self._looked_at = services.clock.now()

    async def tend(self) -> None:
        """Look once."""
        now = self._services.clock.now()
        async with self._services.db.write() as tx:
            await keeping.tend(tx, SYSTEM, now, since=self._looked_at)
        self._looked_at = now
