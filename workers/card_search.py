"""Finds the cards of goods whose SKU is the seller's own: by name, proven by our offer on the card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Kaspi, Services, build_kaspi
from cube_demper.core.errors import Refused
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.schemas import SoughtGoods
from cube_demper.integrations.kaspi.limits.rules import RequestKind

TOPIC = feed.CARDS_TOPIC
WITHIN = timedelta(hours=2)
"""Up to `_MOST` goods at the sync's share of requests, six each at worst."""
_MOST, _AT_ONCE, _CANDIDATES = 2_000, 50, 5
_log = get_logger()


class CardSearch:
    """Looks for the cards of a store's goods."""

    def __init__(self, services: Services) -> None:
        """Connect to Kaspi for each message anew: they are few."""
        self._services = services

    async def handle(self, payload: dict[str, Any]) -> None:
        """Seek the cards of the store named in `payload`; found ones are written one by one."""
        kaspi = await build_kaspi(self._services)
        try:
            await self._seek_all(kaspi, UUID(payload["store_id"]))
        finally:
            await kaspi.close()

    async def _seek_all(self, kaspi: Kaspi, store_id: UUID) -> None:
        sought, found, last = 0, 0, UUID(int=0)
        while sought < _MOST:
            async with self._services.db.read() as tx:
                goods = await feed.goods_to_seek(tx, SYSTEM, store_id, last, _AT_ONCE)
            if not goods:
                break
            for one in goods:
                found += await self._seek(kaspi, one)
            sought, last = sought + len(goods), goods[-1].id
        _log.info("cards_sought", store=str(store_id), sought=sought, found=found)

    async def _seek(self, kaspi: Kaspi, goods: SoughtGoods) -> bool:
        """Write the card on which our own offer of this SKU stands; a name alone proves nothing."""
        try:
            for card in (await kaspi.client.search_cards(goods.name, goods.city_id))[:_CANDIDATES]:
                page = await kaspi.client.offers(
                    card=card, city_id=goods.city_id, kind=RequestKind.SYNC
                )
                ours = (goods.merchant_id, goods.sku)
                if any((it.merchant_id, it.merchant_sku) == ours for it in page.offers):
                    async with self._services.db.write() as tx:
                        now = self._services.clock.now()
                        return await feed.card_found(tx, SYSTEM, goods.id, card, now)
        except Refused as error:
            _log.info("card_search_refused", sku=goods.sku, why=error.message)
        return False
