"""Packing and waybills in the cabinet (KASPI.md §2.5)."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox.cabinet import Cabinet
from cube_demper.sandbox.order_changes import pack
from cube_demper.sandbox.order_deeds import Deed
from cube_demper.sandbox.order_shapes import Shown
from cube_demper.sandbox.orders_graphql import live_orders
from cube_demper.sandbox.waybill_pdf import bundle, waybill
from cube_demper.sandbox.web import Call, bad_request, json_response

_WAITS = "KASPI_DELIVERY_WAIT_FOR_COURIER"


class Packing:
    """What the cabinet's page of packing asks."""

    def __init__(self, cabinet: Cabinet) -> None:
        """Answer to whoever is signed in to `cabinet`."""
        self._cabinet, self._world = cabinet, cabinet.market.world

    def routes(self) -> list[Route]:
        """Return what the cabinet's host answers besides the goods."""
        route = self._cabinet.route
        return [
            route("/mc/api/order/cargo/assembled", "order_pack", self.assembled, "POST"),
            route("/order/view/mc/order/waybill", "waybill_zip", self.waybills, "GET"),
        ]

    def assembled(self, call: Call) -> Response:
        """Pack orders: 200 with nothing, as recorded."""
        account = self._cabinet.account(call)
        if account is None or not account.sees_orders:
            return json_response({"error": "Forbidden"}, 403)
        cargos = call.body.get("cargos") if isinstance(call.body, dict) else None
        if not isinstance(cargos, list) or not cargos:
            return bad_request("cargos: array expected")
        for cargo in cargos:
            code = str(cargo.get("orderCode"))
            found = next((it for it in self._orders(call) if it.life.code == code), None)
            refusal = "Order is not found"
            if found is not None:
                refusal = pack(found, self._deed(code), cargo.get("newCargoSpace")) or ""
            call.note |= {"order": code, "to": "PACKED", "refusal": refusal or None}
            if refusal:
                return bad_request(refusal)
        return Response(status_code=200)

    def waybills(self, call: Call) -> Response:
        """Answer with the waybills of all orders that wait for the courier."""
        waiting = [it for it in self._orders(call) if it.tab == _WAITS and it.has_waybill]
        files = (
            (it.life.code, waybill(it.life.code, self._deed(it.life.code).spaces)) for it in waiting
        )
        return Response(bundle(files), media_type="application/zip")

    def _orders(self, call: Call) -> list[Shown]:
        return list(live_orders(self._world, call.store or "", int(call.now * 1000)))

    def _deed(self, code: str) -> Deed:
        deed: Deed = self._world.order_deeds.setdefault(code, Deed())
        return deed
