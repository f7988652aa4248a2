"""The calls of INTEGRATIONS.md B.2 that billing needs, with typed answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cube_demper.core.errors import (
    CredentialsRejected,
    IntegrationError,
    NotFound,
    RateLimited,
)
from cube_demper.domain.billing.gateway import (
    ChargeOutcome,
    EventKind,
    NewCharge,
    NewOrder,
    NotSent,
    PaymentLink,
    RefundOutcome,
    Transaction,
    UnknownOutcome,
)
from cube_demper.integrations.proxies.egress_client import TransportFailed
from cube_demper.integrations.tiptoppay import mapping
from cube_demper.integrations.tiptoppay.errors import read, refusal_of
from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway
from cube_demper.integrations.tiptoppay.wire import JsonObject, dict_of, flag_of, text_of


class TipTopPay:
    """See `domain.billing.gateway.PaymentGateway`."""

    def __init__(self, gateway: TipTopPayGateway) -> None:
        """Ask over this gateway."""
        self._gateway = gateway

    async def probe(self) -> None:
        """Ask `/test`. Raises CredentialsRejected, Unreachable, Refused, ContractChanged."""
        body = await self._gateway.ask("test", {})
        if not body["Success"]:
            raise refusal_of(body)

    async def create_order(self, order: NewOrder) -> PaymentLink:
        """Make a payment link."""
        body = await self._gateway.ask(
            "orders/create", mapping.order_body(order), request_id=order.request_id
        )
        is_safe_only = self._gateway.base.startswith("https://")
        return mapping.link_of(body, order, is_safe_only=is_safe_only)

    async def cancel_order(self, order_id: str) -> None:
        """Close a payment link; one that is closed, paid or unknown stays as it is."""
        await self._gateway.ask("orders/cancel", {"Id": order_id})

    async def charge_token(self, charge: NewCharge) -> ChargeOutcome:
        """Charge a saved card once: a lost answer is unknown, whatever X-Request-ID promises."""
        body = await self._move("payments/tokens/charge", mapping.charge_body(charge), charge)
        return body if not isinstance(body, dict) else mapping.charge_outcome(body, charge)

    async def refund(self, transaction_id: str, amount: int, request_id: str) -> RefundOutcome:
        """Give money back; the caller repeats an unknown one under the same id within its hour."""
        asked: JsonObject = {"Amount": mapping.number_of(amount)}
        asked["TransactionId"] = int(transaction_id) if transaction_id.isdecimal() else 0
        body = await self._move("payments/refund", asked, request_id)
        return body if not isinstance(body, dict) else mapping.refund_outcome(body)

    async def find(self, invoice_id: str) -> Transaction | None:
        """Look an invoice's last payment up."""
        body = await self._gateway.ask("v2/payments/find", {"InvoiceId": invoice_id})
        return mapping.found_of(body, invoice_id)

    async def list_day(self, day: date) -> Sequence[Transaction]:
        """List a day of UTC: the one time zone whose spelling needs no guess."""
        asked = {"Date": day.isoformat(), "TimeZone": "UTC"}
        return mapping.day_of(await self._gateway.ask("payments/list", asked))

    async def webhook_address(self, kind: EventKind) -> str:
        """Return where events of a kind are sent; empty while they are off. Raises NotFound."""
        body = await self._gateway.ask(f"site/notifications/{kind.title()}/get", {})
        model = dict_of(body.get("Model"))
        if not body["Success"]:
            raise NotFound(refusal_of(body).message)
        return text_of(model.get("Address"), 2000) if flag_of(model.get("IsEnabled")) else ""

    async def set_webhook_address(self, kind: EventKind, url: str) -> None:
        """Have events of a kind sent to `url`. Raises Refused where the cabinet alone may say so."""
        body = await self._gateway.ask(
            f"site/notifications/{kind.title()}/update",
            {"IsEnabled": True, "Address": url, "HttpMethod": "POST", "Encoding": "UTF8",
             "Format": "CloudPayments"},
        )  # fmt: skip
        if not body["Success"]:
            raise refusal_of(body)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._gateway.aclose()

    async def _move(
        self, path: str, body: JsonObject, given: NewCharge | str
    ) -> JsonObject | NotSent | UnknownOutcome:
        """Send what moves money; return its answer, or what is known without one."""
        request_id = given if isinstance(given, str) else given.request_id
        try:
            return read(await self._gateway.send(path, body, request_id=request_id))
        except TransportFailed as error:
            words = f"TipTopPay не отвечает ({error.cause})"
            return UnknownOutcome(words) if error.has_left else NotSent(words)
        except (CredentialsRejected, RateLimited) as error:
            return NotSent(error.message)
        except (
            IntegrationError
        ) as error:  # a gateway's page, an error's: the money may be on its way
            return UnknownOutcome(error.message)
