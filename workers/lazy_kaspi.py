"""The way to Kaspi for work that comes seldom: built with the first request, by one task alone."""

from __future__ import annotations

import asyncio

from cube_demper.bootstrap import Kaspi, Services, build_kaspi


class LazyKaspi:
    """Builds the clients once, however many tasks ask at the same moment: each would have its own sockets."""

    def __init__(self, services: Services) -> None:
        """Connect to nothing yet."""
        self._services, self._building = services, asyncio.Lock()
        self._kaspi: Kaspi | None = None

    async def get(self) -> Kaspi:
        """Return the clients."""
        async with self._building:
            self._kaspi = self._kaspi or await build_kaspi(self._services)
            return self._kaspi

    async def close(self) -> None:
        """Close the connections, if there are any."""
        if self._kaspi is not None:
            await self._kaspi.close()
