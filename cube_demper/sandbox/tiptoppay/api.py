"""The terminal over HTTP (INTEGRATIONS.md B.1–B.2): Basic auth, one answer a request id, typed replies."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox.faults import Fault, FaultKind
from cube_demper.sandbox.tiptoppay.payloads import order_model, transaction_model
from cube_demper.sandbox.tiptoppay.terminal import Asked, Terminal
from cube_demper.sandbox.tiptoppay.webhooks import EVENTS
from cube_demper.sandbox.tiptoppay.world import (
    API_SECRET,
    LOST_ANSWER,
    PUBLIC_ID,
    THREE_DS,
    Order,
    Transaction,
)
from cube_demper.sandbox.web import Backstage, Call, Handler, Host, json_response

_REQUEST_KEPT = 3600.0
_BASIC = f"Basic {b64encode(f'{PUBLIC_ID}:{API_SECRET}'.encode()).decode()}"


class TipTopHost(Host):
    """The API. `page_url` is where payment links lead."""

    name = "tiptoppay"

    def __init__(self, backstage: Backstage, terminal: Terminal) -> None:
        """Serve this terminal."""
        super().__init__(backstage)
        self._terminal = terminal
        self._answers: dict[tuple[str, str], tuple[float, Response]] = {}

    def routes(self) -> list[Route]:
        """Return the routes, with and without the version before the path."""
        calls: dict[str, Handler] = {
            "test": self._test,
            "orders/create": self._create_order,
            "orders/cancel": self._cancel_order,
            "payments/tokens/charge": self._charge,
            "payments/refund": self._refund,
            "payments/confirm": self._confirm,
            "payments/void": self._void,
            "payments/get": self._get,
            "payments/find": self._find,
            "v2/payments/find": self._find,
            "payments/list": self._list,
            "site/notifications/{event}/get": self._hook,
            "site/notifications/{event}/update": self._set_hook,
        }
        return [
            self.route(f"/{path}", f"tip_{path.rpartition('/')[2]}", self._once(path, it), "POST")
            for path, it in calls.items()
        ]

    def guard(self, call: Call) -> Response | None:
        """Refuse wrong keys."""
        if call.request.headers.get("authorization") != _BASIC:
            return Response("", 401, headers={"WWW-Authenticate": "Basic"})
        return None

    def _once(self, path: str, handler: Handler) -> Handler:
        """Give the same request id the same answer for an hour."""

        def handle(call: Call) -> Response:
            if not (request_id := call.request.headers.get("x-request-id")):
                return handler(call)
            at, answer = self._answers.get((path, request_id), (0.0, None))
            if answer is None or call.now - at > _REQUEST_KEPT:
                at, answer = call.now, handler(call)
                self._answers[path, request_id] = (at, answer)
            return answer

        return handle

    def _test(self, _call: Call) -> Response:
        return _said("bd6353c3-0ed6-4a65-946f-083664bf8dbd", is_good=True)

    def _create_order(self, call: Call) -> Response:
        given, amount = _given(call), _tiyn(_given(call).get("Amount"))
        if amount is None:
            return _said("Amount is required")
        number = len(self._terminal.orders) + 1
        order = Order(
            id=secrets.token_urlsafe(12), number=number, amount=amount,
            currency=str(given.get("Currency") or "KZT"),
            invoice_id=str(given.get("InvoiceId") or ""),
            account_id=str(given.get("AccountId") or ""), email=str(given.get("Email") or ""),
            description=str(given.get("Description") or ""),
            success_url=str(given.get("SuccessRedirectUrl") or ""),
            fail_url=str(given.get("FailRedirectUrl") or ""), created=call.now,
            requires_confirmation=given.get("RequireConfirmation") is True,
        )  # fmt: skip
        self._terminal.make_order(order)
        url = f"{call.request.base_url}d/{order.id}"
        return _model(order_model(order, url), is_good=True)

    def _cancel_order(self, call: Call) -> Response:
        order = self._terminal.orders.get(str(_given(call).get("Id")))
        if order is None or order.status != "Created":
            return _said("Order not found or already closed")
        order.status = "Cancelled"
        return _said(None, is_good=True)

    def _charge(self, call: Call) -> Response:
        given, amount = _given(call), _tiyn(_given(call).get("Amount"))
        if amount is None:
            return _said("Amount is required")
        token, account = self._terminal.tokens.get(str(given.get("Token"))), given.get("AccountId")
        if token is None or token.account_id not in ("", account):
            return _said("Token not found")
        asked = Asked(
            amount, str(given.get("Currency")), str(given.get("InvoiceId") or ""), str(account),
            str(given.get("Email") or ""), str(given.get("Description") or ""),
        )  # fmt: skip
        found = self._terminal.charge(token, asked)
        if token.outcome == LOST_ANSWER:
            call.fault = Fault(FaultKind.RESET_AFTER)
        if token.outcome == THREE_DS:
            waits = {
                "TransactionId": found.id, "PaReq": secrets.token_urlsafe(40),
                "AcsUrl": f"{call.request.base_url}acs/{found.id}", "ThreeDsCallbackId": "cb",
            }  # fmt: skip
            return _model(waits, is_good=False)
        return _model(transaction_model(found), is_good=found.status != "Declined")

    def _refund(self, call: Call) -> Response:
        payment, amount = self._payment(call), _tiyn(_given(call).get("Amount"))
        if payment is None or payment.status != "Completed" or payment.is_refund:
            return _said("Transaction not found")
        if amount is None or payment.refunded + amount > payment.amount:
            return _said("Refund amount is greater than the payment's rest")
        refund = self._terminal.refund(payment, amount)
        return _model({"TransactionId": refund.id}, is_good=True)

    def _confirm(self, call: Call) -> Response:
        if not (payment := self._payment(call)) or payment.status != "Authorized":
            return _said("Transaction not found")
        self._terminal.confirm(payment)
        return _said(None, is_good=True)

    def _void(self, call: Call) -> Response:
        if not (payment := self._payment(call)) or payment.status != "Authorized":
            return _said("Transaction not found")
        self._terminal.void(payment)
        return _said(None, is_good=True)

    def _get(self, call: Call) -> Response:
        found = self._payment(call)
        return (
            _model(transaction_model(found), is_good=found.status != "Declined")
            if found
            else _said("Not found")
        )

    def _find(self, call: Call) -> Response:
        invoice_id = _given(call).get("InvoiceId")
        found = [
            it
            for it in self._terminal.transactions.values()
            if it.invoice_id == invoice_id and not it.is_refund
        ]
        if not found:
            return _said("Not found")
        return _model(transaction_model(found[-1]), is_good=found[-1].status != "Declined")

    def _list(self, call: Call) -> Response:
        try:
            day = date.fromisoformat(str(_given(call).get("Date")))
        except ValueError:
            return _said("Date is required")
        found = [
            transaction_model(it)
            for it in self._terminal.transactions.values()
            if datetime.fromtimestamp(it.created, UTC).date() == day
        ]
        return _model(found, is_good=True)

    def _hook(self, call: Call) -> Response:
        event = call.request.path_params["event"]
        if event not in EVENTS:
            return _said("Unknown notification type")
        address = self._terminal.hooks.addresses.get(event, "")
        return _model({"IsEnabled": bool(address), "Address": address}, is_good=True)

    def _set_hook(self, call: Call) -> Response:
        event, given = call.request.path_params["event"], _given(call)
        if event not in EVENTS or not str(given.get("Address", "")).startswith("http"):
            return _said("Address is required")
        address = str(given["Address"]) if given.get("IsEnabled") is True else ""
        self._terminal.hooks.addresses[event] = address
        return _said(None, is_good=True)

    def _payment(self, call: Call) -> Transaction | None:
        number = _given(call).get("TransactionId")
        return self._terminal.transactions.get(number) if isinstance(number, int) else None


def _given(call: Call) -> dict[str, Any]:
    return call.body if isinstance(call.body, dict) else {}


def _tiyn(value: object) -> int | None:
    try:
        tiyn = Decimal(str(value)) * 100
    except InvalidOperation:
        return None
    return int(tiyn) if tiyn > 0 and tiyn == tiyn.to_integral_value() else None


def _said(words: str | None, *, is_good: bool = False) -> Response:
    return json_response({"Success": is_good, "Message": words})


def _model(model: object, *, is_good: bool) -> Response:
    return json_response({"Model": model, "Success": is_good, "Message": None})
