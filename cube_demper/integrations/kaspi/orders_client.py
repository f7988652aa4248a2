"""Kaspi's official orders API, `kaspi.kz/shop/api/v2` (KASPI.md §4): tokens, orders, waybills."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

import orjson

from cube_demper.core.clock import Clock
from cube_demper.core.errors import CredentialsRejected, Refused
from cube_demper.core.ids import token_hash
from cube_demper.core.settings import KaspiSettings
from cube_demper.domain.orders.schemas import OrdersSeen
from cube_demper.domain.orders.seen_schemas import OrdersPage, SeenItem, SeenOrder
from cube_demper.integrations.kaspi import headers, order_rows, orders_mapping
from cube_demper.integrations.kaspi.gateway import Call, Gateway
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import Host, RequestKind
from cube_demper.integrations.proxies.pool import EgressPool

PAGE_LIMIT: Final = 100
"""The most that `page[size]` may be."""
_STATES: Final = ("ARCHIVE", "KASPI_DELIVERY", "NEW")
"""Where orders of the last days are most likely; each state is a list of its own."""
_WITH_ENTRIES: Final = {"include[orders]": "entries"}


class OrdersClient:
    """Talks to the official API. Raises errors of `core.errors` alone.

    CredentialsRejected: Kaspi does not take this token. RateLimited and Unreachable: it said nothing
    of the token, ask later.
    """

    def __init__(
        self,
        settings: KaspiSettings,
        limits: Limits,
        egress: EgressPool,
        clock: Clock,
        *,
        rng: random.Random | None = None,
    ) -> None:
        """`rng`: the source of pauses and back-off, given by tests."""
        self._root = f"{settings.shop_url.rstrip('/')}/shop/api/v2"
        self._url = f"{self._root}/orders"
        self.gateway = Gateway(limits, egress, clock, rng or random.Random())

    async def seen(self, token: str, since: datetime, until: datetime) -> OrdersSeen:
        """Look what a token opens: the orders made in that time, at most 14 days, in some state."""
        found = OrdersSeen(0)
        for state in _STATES:
            found = await self.page(token, state, since, until)
            if found.count:
                break
        return found

    async def page(
        self, token: str, state: str, since: datetime, until: datetime, *, number: int = 0
    ) -> OrdersSeen:
        """Return one page (from 0) of a state's orders: their whole number, and this page's points."""
        params = _window(state, since, until, number)
        return orders_mapping.orders_seen(await self._get(token, self._url, params))

    async def orders(
        self, token: str, state: str, since: datetime, until: datetime, *, number: int = 0
    ) -> OrdersPage:
        """Return one page (from 0) of a state's orders with their entries, at most 14 days."""
        params = _window(state, since, until, number) | _WITH_ENTRIES
        return order_rows.orders_page(await self._get(token, self._url, params), number)

    async def find(self, token: str, code: str) -> SeenOrder | None:
        """Return the order with this code; None when Kaspi does not know it."""
        params = {"filter[orders][code]": code} | _WITH_ENTRIES
        page = order_rows.orders_page(await self._get(token, self._url, params), 0)
        return next((order for order in page.orders if order.code == code), None)

    async def entries(self, token: str, order_id: str) -> tuple[SeenItem, ...]:
        """Return the entries of an order by its id of the API."""
        url = f"{self._url}/{quote(order_id, safe='')}/entries"
        return order_rows.entries(await self._get(token, url, {}))

    async def waybill(self, token: str, url: str) -> bytes:
        """Return the file behind an order's link. Raises Refused for a link that is not Kaspi's own.

        The token goes to the API's own host alone: whether files on others ask for it is not known.
        """
        shop, host = urlsplit(self._root), urlsplit(url)
        if not _is_of(host, shop):
            raise Refused("Ссылка на накладную ведёт не в Kaspi")
        own = headers.orders_headers(_sendable(token)) if host.netloc == shop.netloc else {}
        call = replace(self._call(token, "GET", url), headers=own | {"Accept": "*/*"}, is_file=True)
        content = await self.gateway.read(call)
        return content if isinstance(content, bytes) else b""

    def change_call(self, token: str, body: object, more: Mapping[str, str]) -> Call:
        """Return the request that moves an order (KASPI.md §4.3)."""
        return self._action(self._call(token, "POST", self._url), body, more)

    def entry_call(self, token: str, body: object) -> Call:
        """Return the request that takes pieces out of an order."""
        call = self._call(token, "POST", f"{self._root}/orderEntryCancelOperation")
        return self._action(call, body, {})

    def _action(self, call: Call, body: object, more: Mapping[str, str]) -> Call:
        full = {**call.headers, **more}
        return replace(call, headers=full, body=orjson.dumps(body), is_action=True)

    async def _get(self, token: str, url: str, params: dict[str, str]) -> object:
        return await self.gateway.read(self._call(token, "GET", url, params))

    def _call(
        self, token: str, method: str, url: str, params: dict[str, str] | None = None
    ) -> Call:
        return Call(
            kind=RequestKind.ORDERS,
            host=Host.ORDERS,
            method=method,
            url=url,
            headers=headers.orders_headers(_sendable(token)),
            params=params or {},
            token=token_hash(token).hex()[:32],
        )


def _is_of(link: SplitResult, shop: SplitResult) -> bool:
    """Tell whether a link leads to the shop's host or one under it, as safely as the shop's own."""
    name, domain = link.hostname or "", shop.hostname or ""
    is_own = link.netloc == shop.netloc
    is_under = name.endswith(f".{domain}") and link.port is None
    return link.scheme == shop.scheme and (is_own or is_under)


def _window(state: str, since: datetime, until: datetime, number: int) -> dict[str, str]:
    return {
        "page[number]": str(number),
        "page[size]": str(PAGE_LIMIT),
        "filter[orders][state]": state,
        "filter[orders][creationDate][$ge]": _milliseconds(since),
        "filter[orders][creationDate][$le]": _milliseconds(until),
    }


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def _sendable(token: str) -> str:
    """Raises CredentialsRejected for a token that no header can hold."""
    if not token.isascii() or not token.isprintable():
        raise CredentialsRejected("Kaspi не принял токен")
    return token
