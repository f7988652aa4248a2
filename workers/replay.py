"""Replays of many goods: a slice at a time, kept as it goes, so that a stop or a crash loses a slice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.replay import service as replays

TOPIC = replays.TOPIC
WITHIN = timedelta(hours=1)
"""5,000 lively goods take about half of it."""


class Replays:
    """Plays the goods of a run until none is left or the seller cancels."""

    def __init__(self, services: Services) -> None:
        """Read and write through the services' database alone."""
        self._services = services
        kaspi = services.settings.kaspi
        self._house = replays.House(kaspi.min_price_tenge, kaspi.max_fall_percent)

    async def handle(self, payload: dict[str, Any]) -> None:
        """Play the run named in `payload`; one that is over, or gone, is left alone."""
        run_id = UUID(payload["run_id"])
        while await self._slice(run_id):
            pass

    async def _slice(self, run_id: UUID) -> bool:
        db = self._services.db
        async with db.read() as tx:
            found = await replays.next_of_run(tx, SYSTEM, run_id)
            if found is None:
                return False
            run, product_ids = found
            results = [
                await replays.play_for_run(tx, SYSTEM, run, product_id, self._house)
                for product_id in product_ids
            ]
        async with db.write() as tx:
            now = self._services.clock.now()
            return await replays.keep_results(tx, SYSTEM, run_id, results, now)
