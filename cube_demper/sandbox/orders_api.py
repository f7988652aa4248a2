"""Kaspi's official orders API, `kaspi.kz/shop/api/v2`: who may look, and the list of orders (KASPI.md §4).

Orders are made of the seed and the day; they do not change yet, but age from one state into the next.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox.chance import roll
from cube_demper.sandbox.web import Call, Host, html_response, json_response
from cube_demper.sandbox.world import Point, StoreListing

_PATH = "/shop/api/v2/orders"
_KIND = "application/vnd.api+json"
_LARGEST_PAGE = 100
_LONGEST_WINDOW = timedelta(days=14)
_STATES = frozenset({"NEW", "SIGN_REQUIRED", "PICKUP", "DELIVERY", "KASPI_DELIVERY", "ARCHIVE"})
_DAY_MS = 86_400_000
_A_DAY = (2, 5)
"""How many orders a store gets a day."""
_FILTER = "filter[orders]"


class OrdersApi(Host):
    """Answers for the official API to whoever has a store's token."""

    name = "orders"

    def routes(self) -> list[Route]:
        """Return what the shop's host answers besides the shop."""
        return [self.route(_PATH, "orders_list", self.list_orders, "GET")]

    def identify(self, call: Call) -> None:
        """Find the store of the token."""
        given = call.request.headers.get("x-auth-token", "")
        for store, token in self.market.world.tokens.items():
            if secrets.compare_digest(token.encode(), given.encode()):
                call.store = store

    def guard(self, call: Call) -> Response | None:
        """Answer a page to who does not ask for JSON:API, and 401 to an unknown token."""
        if _KIND not in call.request.headers.get("accept", ""):
            return html_response(404)
        return _error(401, "Unauthorized") if call.store is None else None

    def list_orders(self, call: Call) -> Response:
        """Answer one page of the orders of a state and a time."""
        asked = call.request.query_params
        try:
            number, size = int(asked["page[number]"]), int(asked["page[size]"])
            since = int(asked[f"{_FILTER}[creationDate][$ge]"])
            until = int(asked.get(f"{_FILTER}[creationDate][$le]", call.now * 1000))
            state = asked[f"{_FILTER}[state]"]
        except (KeyError, ValueError):
            return _error(400, "Required filter is missing")
        if number < 0 or not 1 <= size <= _LARGEST_PAGE or state not in _STATES:
            return _error(400, "Filter value is not valid")
        if until - since > _LONGEST_WINDOW.total_seconds() * 1000:
            return _error(400, "The period must not be longer than 14 days")
        found = [
            it for it in self._orders(call, since, until) if it["attributes"]["state"] == state
        ]
        shown = found[number * size : (number + 1) * size]
        pages = -(-len(found) // size)
        meta = {"pageCount": pages, "totalCount": len(found)}
        return json_response({"data": shown, "included": [], "meta": meta})

    def _orders(self, call: Call, since: int, until: int) -> Iterator[dict[str, Any]]:
        store, now = call.store or "", int(call.now * 1000)
        goods = list(self.market.goods(store))
        for day in range(since // _DAY_MS, min(until, now) // _DAY_MS + 1):
            draw = roll(self.market.world.seed, "orders", store, day)
            for number in range(draw.randint(*_A_DAY)):
                made = day * _DAY_MS + draw.randrange(_DAY_MS)
                good = draw.choice(goods)
                if since <= made <= min(until, now):
                    yield _order(f"{day}{store[-3:]}{number}", good, made, now)


def _order(code: str, good: StoreListing, made: int, now: int) -> dict[str, Any]:
    key = base64.b64encode(code.encode()).decode().rstrip("=")
    phone = base64.b64encode(b"7010000001").decode().rstrip("=")
    url = f"https://kaspi.kz{_PATH}/{key}"
    point = good.merchant.points[0]
    state, status = _stage(timedelta(milliseconds=now - made))
    price = float(next(iter(good.prices.values())))
    return {
        "type": "orders",
        "id": key,
        "attributes": {
            "code": code,
            "totalPrice": price,
            "paymentMode": "PAY_WITH_CREDIT",
            "plannedDeliveryDate": made + 3 * _DAY_MS,
            "creationDate": made,
            "deliveryCostForSeller": 0.0,
            "isKaspiDelivery": False,
            "deliveryMode": "DELIVERY_LOCAL",
            "deliveryAddress": _address(point),
            "signatureRequired": False,
            "creditTerm": 3,
            "preOrder": False,
            "pickupPointId": good.merchant.point_id(point),
            "state": state,
            "approvedByBankDate": made + 60_000,
            "status": status,
            "customer": {
                "id": phone,
                "name": None,
                "cellPhone": "7010000001",
                "firstName": "Айгерим",
                "lastName": "Тестова",
            },
            "deliveryCost": 500.0,
        },
        "relationships": {
            "user": _relation(url, "user") | {"data": {"type": "customers", "id": phone}},
            "entries": _relation(url, "entries"),
        },
        "links": {"self": url},
    }


def _stage(age: timedelta) -> tuple[str, str]:
    if age < timedelta(hours=3):
        return "NEW", "APPROVED_BY_BANK"
    if age < timedelta(days=3):
        return "DELIVERY", "ACCEPTED_BY_MERCHANT"
    return "ARCHIVE", "COMPLETED"


def _relation(url: str, name: str) -> dict[str, Any]:
    return {"links": {"self": f"{url}/relationships/{name}", "related": f"{url}/{name}"}}


def _address(point: Point) -> dict[str, Any]:
    return {
        "streetName": point.street,
        "streetNumber": point.number,
        "town": point.city.name,
        "district": None,
        "building": None,
        "apartment": None,
        "formattedAddress": f"{point.city.name}, {point.street}, {point.number}",
        "latitude": 43.240013,
        "longitude": 76.938854,
    }


def _error(status: int, title: str) -> Response:
    return json_response({"errors": [{"title": title}]}, status)
