"""Counts where the goods of every store stand, for the plot of the overview."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.overview import service as overview

EVERY_SECONDS = 600.0


async def count_places(services: Services) -> None:
    """Count once; whoever counts last in a half hour is right."""
    async with services.db.write() as tx:
        await overview.count_places(tx, SYSTEM, services.clock.now())
