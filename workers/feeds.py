"""Price lists: taking uploaded ones in, and watching that Kaspi asks for ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.db.session import WriteTx
from cube_demper.domain.feed import service as feed

TOPIC = feed.IMPORT_TOPIC


class ListImport:
    """Makes a confirmed list the store's catalogue, in the transaction that marks the message done."""

    def __init__(self, services: Services) -> None:
        """Use the clock and the keys of this process."""
        self._services = services

    async def handle(self, tx: WriteTx, payload: dict[str, Any]) -> None:
        """Take in the list named in `payload`."""
        box, now = self._services.secrets, self._services.clock.now()
        await feed.take_in(tx, UUID(payload["import_id"]), box, now)


async def tell_unpulled(services: Services) -> None:
    """Tell sellers whose prices wait because nobody asks for their file."""
    async with services.db.write() as tx:
        await feed.tell_unpulled(tx, services.clock.now())
