"""A store's orders at Kaspi by either way: the official API's token, or the cabinet's session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.clock import Clock
from cube_demper.domain.orders import statuses
from cube_demper.domain.orders.seen_schemas import OrdersPage, SeenItem, SeenOrder
from cube_demper.integrations.kaspi import cabinet_orders as mapping
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.rules import RequestKind
from cube_demper.integrations.kaspi.orders_client import OrdersClient
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.orders import OrderSource

_RECENT: Final = timedelta(hours=1)


class ApiBook:
    """Implements `domain.orders.seen_schemas.OrderBook` over the official API."""

    source = OrderSource.API
    lists: Sequence[str] = statuses.STATES

    def __init__(self, client: OrdersClient, token: str) -> None:
        """Read what `token` opens."""
        self._client, self._token = client, token

    async def page(self, name: str, since: datetime, until: datetime, number: int) -> OrdersPage:
        """Return a page (from 0) of a state's orders."""
        return await self._client.orders(self._token, name, since, until, number=number)

    async def find(self, code: str) -> SeenOrder | None:
        """Return one order; None when Kaspi does not know it any more."""
        return await self._client.find(self._token, code)

    async def items(self, order: SeenOrder) -> tuple[SeenItem, ...]:
        """Return the entries of an order."""
        return await self._client.entries(self._token, order.kaspi_id) if order.kaspi_id else ()


class CabinetBook:
    """The same over the cabinet's GraphQL."""

    source = OrderSource.CABINET
    lists: Sequence[str] = statuses.TABS

    def __init__(self, client: KaspiClient, session: CabinetSession, clock: Clock) -> None:
        """Read as the merchant of `session`."""
        self._client, self._session, self._clock = client, session, clock

    async def page(self, name: str, since: datetime, until: datetime, number: int) -> OrdersPage:
        """Return a page (from 0) of a tab. Live tabs know no time: they answer for the present alone."""
        if name != mapping.ARCHIVE and until < self._clock.now() - _RECENT:
            return OrdersPage((), is_last=True)
        answer = await self._client.ask_facade(
            self._session,
            RequestKind.ORDERS,
            "getOrders",
            mapping.ORDERS_QUERY,
            input=mapping.orders_input(name, since, until),
            page=number,
            size=mapping.PAGE_SIZE,
        )
        return mapping.orders_page(answer, name, number)

    async def find(self, code: str) -> SeenOrder | None:
        """Return one order; None when the cabinet does not know it any more."""
        answer = await self._client.ask_facade(
            self._session,
            RequestKind.ORDERS,
            "getOrderDetails",
            mapping.DETAILS_QUERY,
            orderCode=code,
        )
        return mapping.order_details(answer)

    async def items(self, order: SeenOrder) -> tuple[SeenItem, ...]:
        """Return the entries of an order."""
        found = await self.find(order.code)
        return found.items or () if found else ()
