"""The price feed of the cabinet: single and batch changes, and the record of what became of them."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cube_demper.sandbox.faults import FaultKind
from cube_demper.sandbox.journal import Journal
from cube_demper.sandbox.limits import Limits
from cube_demper.sandbox.market import Market
from cube_demper.sandbox.pricefeed import BadChange, Change, read_body
from cube_demper.sandbox.web import Call, bad_request, json_response


class Upload:
    """Takes price changes. Each request counts against its store's limits before it is read."""

    def __init__(self, market: Market, limits: Limits, journal: Journal) -> None:
        """Put what is accepted on the market."""
        self._market = market
        self._limits = limits
        self._journal = journal

    def process(self, call: Call) -> Response:
        """Take one change; the answer's 200 says accepted, not applied."""
        if refusal := self._count(call, 1):
            return refusal
        try:
            body = read_body(call.body)
        except BadChange as error:
            return bad_request(str(error))
        return json_response({"id": self._accept(call, body, is_single=True).id})

    def batch(self, call: Call) -> Response:
        """Take many changes of one store, all or none."""
        if not isinstance(call.body, list) or not call.body:
            return bad_request("array expected")
        if refusal := self._count(call, len(call.body)):
            return refusal
        try:
            bodies = [read_body(item) for item in call.body]
        except BadChange as error:
            return bad_request(str(error))
        if any(body["store"] != call.store for body in bodies):
            return bad_request("one merchant per batch")
        changes = [self._accept(call, body, is_single=False) for body in bodies]
        return json_response([{"id": change.id} for change in changes])

    def protocol(self, call: Call) -> Response:
        """Answer what became of the last change of each SKU; Kaspi's own row is not published."""
        if refusal := self._count(call, 0):
            return refusal
        skus = call.body.get("skuList") if isinstance(call.body, dict) else None
        if not isinstance(skus, list):
            return bad_request("skuList: array expected")
        self._market.settle()
        found = (self._market.recent.get((call.store or "", str(sku))) for sku in skus)
        return json_response([_protocol_row(change) for change in found if change])

    def _count(self, call: Call, changes: int) -> Response | None:
        known = len(self._limits.bans)
        ban = self._limits.feed_request(call.store or "", changes, call.now)
        if ban is None:
            return None
        if len(self._limits.bans) > known:
            self._journal.write("ban", call.now, of="store", key=ban.key, reason=ban.reason)
        return json_response({"error": "Too Many Requests"}, 429)

    def _accept(self, call: Call, body: dict[str, Any], *, is_single: bool) -> Change:
        is_lost = call.fault is not None and call.fault.kind is FaultKind.IGNORED
        call.note.setdefault("skus", []).append(body["sku"])
        return self._market.accept(
            body, is_single=is_single, ip=call.ip, fate="ignored_fault" if is_lost else None
        )


def _protocol_row(change: Change) -> dict[str, Any]:
    is_waiting = change.result == "pending"
    return {
        "id": change.id,
        "sku": change.sku,
        "operationType": "PRICE_CHANGE",
        "processed": not is_waiting,
        "status": "IN_PROGRESS" if is_waiting else "PROCESSED",
    }
