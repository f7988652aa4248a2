"""Kaspi's official orders API, `kaspi.kz/shop/api/v2`: lists, one order, entries (KASPI.md §4)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox import order_shapes as shapes
from cube_demper.sandbox.order_lives import DAY_MS, Life, of_day, stage_of
from cube_demper.sandbox.web import Call, Host, html_response, json_response

_PATH = "/shop/api/v2/orders"
_KIND = "application/vnd.api+json"
_LARGEST_PAGE = 100
_LONGEST_WINDOW = timedelta(days=14)
_STATES = frozenset({"NEW", "SIGN_REQUIRED", "PICKUP", "DELIVERY", "KASPI_DELIVERY", "ARCHIVE"})
_FILTER = "filter[orders]"


class OrdersApi(Host):
    """Answers for the official API to whoever has a store's token."""

    name = "orders"

    def routes(self) -> list[Route]:
        """Return what the shop's host answers besides the shop."""
        return [
            self.route(_PATH, "orders_list", self.list_orders, "GET"),
            self.route(f"{_PATH}/{{id}}/entries", "order_entries", self.entries, "GET"),
        ]

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
        """Answer one page of the orders of a state and a time, or the one with a code."""
        asked = call.request.query_params
        has_entries = asked.get("include[orders]") == "entries"
        if (code := asked.get(f"{_FILTER}[code]")) is not None:
            return _page(self._by_code(call, code), 0, 1, has_entries=has_entries)
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
            it
            for life in self._lives(call, since, until)
            if (it := self._shown(call, life)) is not None and it.state == state
        ]
        return _page(found, number, size, has_entries=has_entries)

    def entries(self, call: Call) -> Response:
        """Answer the entries of one order."""
        key = call.request.path_params["id"]
        try:
            code = base64.b64decode(key + "=" * (-len(key) % 4)).decode()
        except ValueError:
            return _error(404, "Not found")
        found = self._by_code(call, code)
        if not found:
            return _error(404, "Not found")
        return json_response({"data": found[0].entries(), "included": []})

    def _by_code(self, call: Call, code: str) -> list[shapes.Shown]:
        if not code.isdigit() or len(code) < 9:
            return []
        day = int(code[:5])
        lives_ = [
            life for life in of_day(self.market.world, call.store or "", day) if life.code == code
        ]
        return [it for life in lives_ if (it := self._shown(call, life)) is not None]

    def _shown(self, call: Call, life: Life) -> shapes.Shown | None:
        """Show an order as it stands, with what a test has put over it."""
        now, changes = int(call.now * 1000), self.market.world.order_changes
        if life.made > now or changes.get(life.code, {}) is None:
            return None
        return shapes.Shown(life, stage_of(life, now), now, changes.get(life.code) or {})

    def _lives(self, call: Call, since: int, until: int) -> Iterator[Life]:
        for day in range(since // DAY_MS, min(until, int(call.now * 1000)) // DAY_MS + 1):
            for life in of_day(self.market.world, call.store or "", day):
                if since <= life.made <= until:
                    yield life


def _page(found: list[shapes.Shown], number: int, size: int, *, has_entries: bool) -> Response:
    shown = found[number * size : (number + 1) * size]
    meta = {"pageCount": -(-len(found) // size), "totalCount": len(found)}
    data = [it.order(has_entries=has_entries) for it in shown]
    included = [entry for it in shown for entry in it.entries()] if has_entries else []
    return json_response({"data": data, "included": included, "meta": meta})


def _error(status: int, title: str) -> Response:
    return json_response({"errors": [{"title": title}]}, status)
