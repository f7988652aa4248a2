"""Looks at a new store's shortlist, so that the trial is offered goods that have rivals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from cube_demper.bootstrap import Kaspi, Services, build_kaspi
from cube_demper.core.errors import Refused
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as market
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.trial import service as trial
from cube_demper.integrations.kaspi.limits.rules import RequestKind

TOPIC = trial.TOPIC
WITHIN = timedelta(minutes=10)
_BATCH = 8
"""Looks kept at once: the page fills up while the rest is still asked."""


class Scout:
    """Asks Kaspi for the markets of a store's shortlist, behind everything else."""

    def __init__(self, services: Services) -> None:
        """A connection lives as long as one list: stores begin seldom."""
        self._services = services

    async def handle(self, payload: dict[str, Any]) -> None:
        """Look at what of the shortlist nobody has looked at; a retry goes on where it stopped."""
        store_id, clock = UUID(payload["store_id"]), self._services.clock
        async with self._services.db.read() as tx:
            found = await trial.to_look_at(tx, SYSTEM, store_id, clock.now())
        if found is None:
            return
        owner, city_id, cards = found
        kaspi = await build_kaspi(self._services)
        try:
            for start in range(0, len(cards), _BATCH):
                seen = await self._look_at(kaspi, cards[start : start + _BATCH], city_id)
                async with self._services.db.write() as tx:
                    await market.remember_markets(tx, SYSTEM, seen)
                    tx.emit(f"user:{owner}", "store", store_id)
        finally:
            await kaspi.close()

    async def _look_at(self, kaspi: Kaspi, cards: list[str], city_id: str) -> list[Market]:
        looks = [await self._look(kaspi, card, city_id) for card in cards]
        return [look for look in looks if look is not None]

    async def _look(self, kaspi: Kaspi, card: str, city_id: str) -> Market | None:
        """Look once; a card that Kaspi does not know is no candidate."""
        seen_at = self._services.clock.now()
        try:
            page = await kaspi.client.offers(card=card, city_id=city_id, kind=RequestKind.SYNC)
        except Refused:
            return None
        return Market(card, city_id, page.offers, page.total, seen_at)
