"""One store's signed-in cabinet, as catalogue sync reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from cube_demper.domain.catalog.schemas import CabinetPage, Point
from cube_demper.integrations.kaspi.client import LIST_LIMIT, KaspiClient
from cube_demper.integrations.kaspi.session import CabinetSession


class StoreCabinet:
    """Implements `domain.catalog.sync.Cabinet` over the Kaspi client."""

    def __init__(self, client: KaspiClient, session: CabinetSession) -> None:
        """Read as the merchant of `session`."""
        self._client, self._session = client, session

    async def points(self) -> tuple[Point, ...]:
        """Return the store's points."""
        return await self._client.points(self._session)

    async def pages(self) -> AsyncIterator[CabinetPage]:
        """Walk the goods on sale; a short page is the last one, whatever `total` says."""
        number, read = 0, 0
        while True:
            page = await self._client.list_products(self._session, page=number)
            yield page
            read += len(page.products)
            number += 1
            if len(page.products) < LIST_LIMIT or read >= page.total:
                return
