"""Tells sellers ahead what new rates do to their profit; part of the outbox worker, which has the time."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.economics.shop import service as shop

EVERY_SECONDS = 6 * 3600.0


async def tell(services: Services) -> None:
    """Look for rates that soon change, and tell whom it concerns."""
    await shop.tell_ahead(services.db, SYSTEM, services.clock.now())
