"""The Kaspi client: one method an operation, each = build (mapping) → exchange (gateway) → read."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import orjson

from cube_demper.core.clock import Clock
from cube_demper.core.errors import ContractChanged, InvalidInput, OutcomeUnknown
from cube_demper.core.settings import KaspiSettings
from cube_demper.domain.catalog.schemas import CabinetPage, CabinetProduct, Point, PriceChange
from cube_demper.domain.market.schemas import OffersPage
from cube_demper.integrations.kaspi import errors, headers, mapping, orders_mapping
from cube_demper.integrations.kaspi.gateway import Call, Fill, Gateway
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import Host, RequestKind
from cube_demper.integrations.kaspi.session import CabinetSession, Cookies, cookie_headers
from cube_demper.integrations.proxies.pool import EgressPool

LIST_LIMIT = 100  # the most that anyone was seen to ask (KASPI.md §2.2)
_ASK_TOKEN = "query getTokenApi($id: String!) { merchant(id: $id) { id integration { token } } }"  # noqa: S105 - a query
_MAKE_TOKEN = (
    "mutation tokenGenerate($merchantId: String!) { tokenGenerate(merchantId: $merchantId) }"  # noqa: S105 - a query
)
_POINTS_QUERY = (
    "query getMerchant($id: String!) { merchant(id: $id) { id name "
    "points { id name enabled virtual type city { id name } } } }"
)


LastCheck = Callable[[], Awaitable[Sequence[PriceChange]]]


class KaspiClient:
    """Talks to Kaspi. Raises errors of `core.errors` alone.

    Unreachable and RateLimited mean «not done»; a send that may have been done is OutcomeUnknown.
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
        self._shop = settings.shop_url.rstrip("/")
        self._cabinet = settings.merchant_url.rstrip("/")
        self._egress = egress
        self._gateway = Gateway(limits, egress, clock, rng or random.Random())
        self._cabinet_headers = headers.cabinet_headers(self._shop)

    async def offers(
        self,
        *,
        card: str,
        city_id: str,
        page: int = 0,
        limit: int = mapping.OFFERS_LIMIT,
        kind: RequestKind = RequestKind.REPRICE,
    ) -> OffersPage:
        """Return one page of a card's offers in a city, cheapest first."""
        body = orjson.dumps(mapping.offers_request(card, city_id, page, limit))
        call = Call(
            kind=kind,
            host=Host.SHOP,
            method="POST",
            url=f"{self._shop}/yml/offer-view/offers/{card}",
            headers=headers.shop_headers(self._shop, card, city_id),
            body=body,
        )
        return mapping.offers_page(await self._gateway.read(call))

    async def search_cards(
        self, text: str, city_id: str, *, kind: RequestKind = RequestKind.SYNC
    ) -> tuple[str, ...]:
        """Return the cards that the shop's search finds, the best first."""
        call = Call(
            kind=kind,
            host=Host.SHOP,
            method="GET",
            url=f"{self._shop}/yml/product-view/pl/results",
            headers=headers.shop_headers(self._shop, "", city_id),
            params={"text": text, "page": "0", "all": "false"},
        )
        return mapping.found_cards(await self._gateway.read(call))

    async def who_am_i(
        self, cookies: Cookies, *, kind: RequestKind = RequestKind.SIGN_IN
    ) -> tuple[str, ...]:
        """Return the merchant uids that these cookies open. Raises CredentialsRejected."""
        return tuple(await self.merchants(cookies, kind=kind))

    async def merchants(
        self, cookies: Cookies, *, kind: RequestKind = RequestKind.SIGN_IN
    ) -> dict[str, str]:
        """Return the names of the merchants that these cookies open, by uid.

        Raises CredentialsRejected. Names are no more than an aid: papers promise the uid alone.
        """
        call = Call(
            kind=kind,
            host=Host.CABINET,
            method="GET",
            url=f"{self._cabinet}/s/m",
            headers={**self._cabinet_headers, **cookie_headers(cookies)},
        )
        return mapping.merchant_names(await self._gateway.read(call))

    async def list_products(
        self,
        session: CabinetSession,
        *,
        page: int,
        limit: int = LIST_LIMIT,
        on_sale: bool | None = True,
        kind: RequestKind = RequestKind.SYNC,
    ) -> CabinetPage:
        """Return one page (from 0) of the store's goods; `on_sale=None` asks for removed ones too."""
        if not 0 < limit <= LIST_LIMIT or page < 0:
            raise InvalidInput(f"Кабинет отдаёт не больше {LIST_LIMIT} товаров на страницу")
        params = {"m": session.merchant_uid, "p": str(page), "l": str(limit)}
        if on_sale is not None:
            params["a"] = "true" if on_sale else "false"
        params |= {"t": "", "c": "", "lowStock": "false", "notSpecifiedStock": "false"}
        call = self._call(session, kind, "/bff/offer-view/list", params)
        return mapping.cabinet_page(await self._gateway.read(call))

    async def product_details(
        self,
        session: CabinetSession,
        skus: Sequence[str],
        *,
        kind: RequestKind = RequestKind.REPRICE,
    ) -> tuple[CabinetProduct, ...]:
        """Return current prices and stock of `skus`; those that Kaspi does not know are absent."""
        call = self._call(
            session,
            kind,
            "/offers/api/v1/offer/details",
            {"m": session.merchant_uid},
            {"sku": list(skus)},
        )
        return mapping.cabinet_products(await self._gateway.read(call))

    async def points(
        self, session: CabinetSession, *, kind: RequestKind = RequestKind.SYNC
    ) -> tuple[Point, ...]:
        """Return the store's points with city and `enabled` (GraphQL; the REST call lacks `enabled`)."""
        call = self._graphql(session, kind, "getMerchant", _POINTS_QUERY, "id")
        answer = await self._gateway.read(call)
        if refusal := errors.graphql_refusal(answer):
            raise refusal
        return mapping.points(answer, session.merchant_uid)

    async def orders_token(self, session: CabinetSession) -> str | None:
        """Return the store's token of the orders API, None when none was made in the cabinet yet.

        Raises Refused for staff who may not see it: it is the head's of the company (KASPI.md §4).
        """
        call = self._graphql(session, RequestKind.SYNC, "getTokenApi", _ASK_TOKEN, "id")
        answer = await self._gateway.read(call)
        if refusal := errors.graphql_refusal(answer):
            raise refusal
        return orders_mapping.cabinet_token(answer)

    async def make_orders_token(self, session: CabinetSession) -> str:
        """Have the cabinet make a token: once, for nobody says what a second call does to the first.

        Raises Refused like `orders_token`. After any other error look with `orders_token` first.
        """
        call = self._graphql(session, RequestKind.SYNC, "tokenGenerate", _MAKE_TOKEN, "merchantId")
        answer = await self._gateway.once(call)
        if refusal := errors.graphql_refusal(answer):
            raise refusal
        return orders_mapping.made_token(answer)

    async def send_prices(
        self,
        session: CabinetSession,
        count: int,
        last_check: LastCheck,
        *,
        kind: RequestKind = RequestKind.REPRICE,
    ) -> tuple[str, ...]:
        """Send at most `count` changes of one store, once; return Kaspi's operation ids.

        `last_check` is asked when the limits have said yes, as the last act before the call: it gives
        the changes that may still leave, and none means that nothing is sent. Accepted is not yet
        applied. Raises Unreachable, RateLimited (StoreBlocked, ChangesSpent), CredentialsRejected or
        Refused when nothing was changed, OutcomeUnknown when only a later look can tell.
        """
        path = "/pricefeed/upload/merchant/process"

        async def fill(call: Call) -> Call | None:
            changes = await last_check()
            if len(changes) > count:
                raise InvalidInput(f"Разрешено {count} изменений, а собрано {len(changes)}")
            wire = [mapping.feed_change(session.merchant_uid, change) for change in changes]
            full = replace(call, changes=len(wire))
            if len(wire) == 1:
                return replace(full, body=orjson.dumps(wire[0]))
            batch = replace(full, url=f"{call.url}/process/batch", body=orjson.dumps(wire))
            return batch if wire else None

        call = self._call(session, kind, path, {}, {}, changes=count)
        answer = await self._gateway.send(call, fill)
        if answer is None:
            return ()
        try:
            return mapping.operation_ids(answer)
        except ContractChanged as error:
            raise OutcomeUnknown from error

    async def pack(self, session: CabinetSession, cargos: object, last_check: Fill) -> bool:
        """Say that orders are packed (KASPI.md §2.5); False when `last_check` called it off.

        Raises like `send_prices`.
        """
        params = {"_m": session.merchant_uid}
        call = self._call(
            session, RequestKind.ORDERS, "/mc/api/order/cargo/assembled", params, cargos
        )
        call = replace(call, is_action=True, may_be_empty=True)
        return await self._gateway.send(call, last_check) is not None

    async def waybills(self, session: CabinetSession) -> bytes:
        """Return the ZIP with the waybills of all orders that wait for the courier (KASPI.md §2.5)."""
        params = {"merchantId": session.merchant_uid}
        call = self._call(session, RequestKind.ORDERS, "/order/view/mc/order/waybill", params)
        content = await self._gateway.read(replace(call, is_file=True))
        return content if isinstance(content, bytes) else b""

    async def aclose(self) -> None:
        """Close the connections of every egress."""
        await self._egress.aclose()

    async def ask_facade(
        self, session: CabinetSession, kind: RequestKind, name: str, query: str, **variables: object
    ) -> object:
        """Return the facade's answer to a question of `$merchantUid`. Raises Refused."""
        call = self._graphql(session, kind, name, query, "merchantUid", **variables)
        answer = await self._gateway.read(call)
        if refusal := errors.graphql_refusal(answer):
            raise refusal
        return answer

    def _graphql(
        self,
        session: CabinetSession,
        kind: RequestKind,
        name: str,
        query: str,
        variable: str,
        **more: object,
    ) -> Call:
        """Ask the facade of KASPI.md §5 about the session's merchant."""
        variables = {variable: session.merchant_uid, **more}
        body = {"operationName": name, "variables": variables, "query": query}
        return self._call(session, kind, "/mc/facade/graphql", {"opName": name}, body)

    def _call(
        self,
        session: CabinetSession,
        kind: RequestKind,
        path: str,
        params: dict[str, str],
        body: object = None,
        *,
        changes: int = 0,
    ) -> Call:
        return Call(
            kind=kind,
            host=Host.CABINET,
            method="GET" if body is None else "POST",
            url=f"{self._cabinet}{path}",
            headers={
                **self._cabinet_headers,
                "x-merchant": session.merchant_uid,
                **cookie_headers(session.cookies),
            },
            body=None if body is None else orjson.dumps(body),
            params=params,
            store=session.merchant_uid,
            changes=changes,
        )
