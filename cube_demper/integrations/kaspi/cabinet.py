"""One store's signed-in cabinet, as catalogue sync reads it."""

from __future__ import annotations

from collections.abc import Sequence

from cube_demper.domain.catalog.schemas import CabinetPage, CabinetProduct, Point
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.rules import RequestKind
from cube_demper.integrations.kaspi.session import CabinetSession


class StoreCabinet:
    """Implements `domain.catalog.syncs.schemas.Cabinet` over the Kaspi client."""

    def __init__(self, client: KaspiClient, session: CabinetSession) -> None:
        """Read as the merchant of `session`."""
        self._client, self._session = client, session

    async def points(self) -> tuple[Point, ...]:
        """Return the store's points."""
        return await self._client.points(self._session)

    async def page(self, number: int) -> CabinetPage:
        """Return a page (from 0) of the goods on sale."""
        return await self._client.list_products(self._session, page=number)

    async def details(self, skus: Sequence[str]) -> tuple[CabinetProduct, ...]:
        """Return these goods; those that Kaspi does not know are absent."""
        return await self._client.product_details(self._session, skus, kind=RequestKind.SYNC)
