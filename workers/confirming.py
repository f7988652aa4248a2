"""Confirming looks: at +90 s (sooner where the store is quick), +4 and +9 min after a send.

After a send of unknown outcome one look, from +120 s on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing import confirming
from cube_demper.domain.pricing.send_queries import DueConfirmation
from cube_demper.integrations.kaspi.limits.rules import RequestKind
from workers.looking import MarketWatch, Question

_BATCH = 50
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Confirmer:
    """Looks whether sent prices are in the shop window."""

    services: Services
    watch: MarketWatch

    async def run(self) -> int:
        """Do the looks that are due; return how many sends were looked at."""
        async with self.services.db.write() as tx:
            due = await confirming.take_due(tx, self.services.clock.now(), _BATCH)
        await asyncio.gather(*(self._look(send) for send in due))
        return len(due)

    async def _look(self, send: DueConfirmation) -> None:
        try:
            market = await self._market(send)
        except IntegrationError as error:
            # The send stays put off and is looked at again when its lease ends.
            _log.info("confirming_look_failed", error=error.code)
            return
        async with self.services.db.write() as tx:
            await confirming.settle(tx, send, market, self.services.clock.now())

    async def _market(self, send: DueConfirmation) -> Market:
        """Take what somebody has just seen of the card, if it proves the send; else look."""
        question = Question(
            card=send.card,
            city_id=send.city_id,
            merchant_ids=frozenset({send.merchant_id}),
            not_before=send.sent_at,
            kind=RequestKind.CONFIRM,
        )
        market, is_fresh = await self.watch.look(question)
        if is_fresh or confirming.is_shown(send, market):
            return market
        market, _ = await self.watch.look(replace(question, not_before=self.services.clock.now()))
        return market
