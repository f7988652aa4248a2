"""Works out what rivals are like, a store at a time; part of the outbox worker, which has the time."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market.rivals import service as rivals

EVERY_SECONDS = 15.0


async def count_profiles(services: Services) -> None:
    """Count the stores that are due, one after the other, until there is none."""
    while await rivals.count_next(services.db, SYSTEM, services.clock.now()):
        pass
