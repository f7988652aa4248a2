"""Kaspi's official orders API, `kaspi.kz/shop/api/v2`: lists, one order, entries, changes (KASPI.md §4)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox import order_shapes as shapes
from cube_demper.sandbox.order_changes import change, plain, reduce
from cube_demper.sandbox.order_deeds import Deed, lived, stage
from cube_demper.sandbox.order_lives import DAY_MS, Life, of_day
from cube_demper.sandbox.waybill_pdf import waybill
from cube_demper.sandbox.web import Call, Host, html_response, json_response

_PATH = "/shop/api/v2/orders"
_REDUCE = "/shop/api/v2/orderEntryCancelOperation"
_WAYBILL = "/shop/api/v2/waybill/{code}.pdf"
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
            self.route(_PATH, "order_change", self.change, "POST"),
            self.route(f"{_PATH}/{{id}}/entries", "order_entries", self.entries, "GET"),
            self.route(_REDUCE, "order_reduce", self.reduce, "POST"),
            self.route(_WAYBILL, "waybill", self.waybill, "GET"),
        ]

    def identify(self, call: Call) -> None:
        """Find the store of the token."""
        given = call.request.headers.get("x-auth-token", "")
        for store, token in self.market.world.tokens.items():
            if secrets.compare_digest(token.encode(), given.encode()):
                call.store = store

    def guard(self, call: Call) -> Response | None:
        """Answer a page to who does not ask for JSON:API, and 401 to an unknown token."""
        if call.route != "waybill" and _KIND not in call.request.headers.get("accept", ""):
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
        call.note["asked_ms"] = until - since
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
        found = self._by_code(call, plain(key))
        if not found:
            return _error(404, "Not found")
        return json_response({"data": found[0].entries(), "included": []})

    def change(self, call: Call) -> Response:
        """Move an order to another status, and answer with it as the guide does."""
        data = _data(call)
        attributes = data.get("attributes") or {}
        found = self._by_code(call, plain(str(data.get("id") or "")))
        if not found or str(attributes.get("code")) != found[0].life.code:
            return _error(404, "Not found")
        given = call.request.headers
        sends = given.get("x-send-code") == "true"
        deed = self._deed(found[0])
        refusal = change(found[0], deed, attributes, given.get("x-security-code"), sends_code=sends)
        call.note |= {"order": found[0].life.code, "to": attributes.get("status"), "sends": sends}
        call.note["refusal"] = refusal
        if refusal:
            return _error(400, refusal)
        return json_response({"data": _changed(found[0], attributes), "included": []})

    def reduce(self, call: Call) -> Response:
        """Take pieces out of an entry."""
        data = _data(call)
        relation = (data.get("relationships") or {}).get("entry") or {}
        entry_id = plain(str((relation.get("data") or {}).get("id") or ""))
        found = self._by_code(call, entry_id.partition("##")[0])
        if not found:
            return _error(404, "Not found")
        attributes = data.get("attributes") or {}
        refusal = reduce(found[0], self._deed(found[0]), entry_id, attributes)
        call.note |= {"order": found[0].life.code, "to": "REDUCED", "refusal": refusal}
        if refusal:
            return _error(400, refusal)
        done = {"type": "orderEntryCancelOperation", "attributes": {"status": "SUCCESSFULL"}}
        return json_response({"data": done, "included": []})

    def waybill(self, call: Call) -> Response:
        """Answer with an order's waybill."""
        found = self._by_code(call, call.request.path_params["code"])
        if not found or not found[0].has_waybill:
            return _error(404, "Not found")
        content = waybill(found[0].life.code, self._deed(found[0]).spaces)
        return Response(content, media_type="application/pdf")

    def _deed(self, shown: shapes.Shown) -> Deed:
        deeds = self.market.world.order_deeds
        deed: Deed = deeds.setdefault(shown.life.code, Deed())
        return deed

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
        deed = self.market.world.order_deeds.get(life.code)
        life = lived(life, deed)
        base = str(call.request.base_url).rstrip("/")
        return shapes.Shown(
            life, stage(life, deed, now), now, changes.get(life.code) or {}, base=base
        )

    def _lives(self, call: Call, since: int, until: int) -> Iterator[Life]:
        for day in range(since // DAY_MS, min(until, int(call.now * 1000)) // DAY_MS + 1):
            for life in of_day(self.market.world, call.store or "", day):
                if since <= life.made <= until:
                    yield life


def _data(call: Call) -> dict[str, Any]:
    data = call.body.get("data") if isinstance(call.body, dict) else None
    return data if isinstance(data, dict) else {}


def _changed(shown: shapes.Shown, attributes: dict[str, Any]) -> dict[str, Any]:
    """Show a moved order as the guide does: what was asked for, and no more."""
    row = shown.order(has_entries=False)
    relations = row["relationships"]
    relations["user"]["data"] = None
    names = ("code", "status", "numberOfSpace")
    return row | {"attributes": {name: attributes[name] for name in names if name in attributes}}


def _page(found: list[shapes.Shown], number: int, size: int, *, has_entries: bool) -> Response:
    shown = found[number * size : (number + 1) * size]
    meta = {"pageCount": -(-len(found) // size), "totalCount": len(found)}
    data = [it.order(has_entries=has_entries) for it in shown]
    included = [entry for it in shown for entry in it.entries()] if has_entries else []
    return json_response({"data": data, "included": included, "meta": meta})


def _error(status: int, title: str) -> Response:
    return json_response({"errors": [{"title": title}]}, status)
