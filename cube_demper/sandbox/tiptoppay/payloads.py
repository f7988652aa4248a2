"""The terminal's words on the wire: models of the API, fields of webhooks (INTEGRATIONS.md B.2, B.4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from cube_demper.sandbox.tiptoppay.world import REASONS, Order, Transaction, brand

_STATUS_CODES = {
    "AwaitingAuthentication": 1,
    "Authorized": 2,
    "Completed": 3,
    "Cancelled": 4,
    "Declined": 5,
}
_ESCAPE = re.compile("%[0-9A-F]{2}")
EXPIRES = "12/29"


def order_model(order: Order, url: str) -> dict[str, Any]:
    """Return a payment link as `orders/create` gives it."""
    return {
        "Id": order.id,
        "Number": order.number,
        "Amount": order.amount / 100,
        "Currency": order.currency,
        "CurrencyCode": 0,
        "Email": order.email,
        "Phone": None,
        "Description": order.description,
        "RequireConfirmation": order.requires_confirmation,
        "Url": url,
        "CultureName": "ru-RU",
        **_dates("CreatedDate", order.created),
        "PaymentDate": None,
        "PaymentDateIso": None,
        "StatusCode": 0,
        "Status": order.status,
        "InternalId": order.number,
    }


def transaction_model(it: Transaction) -> dict[str, Any]:
    """Return a transaction as the API gives it."""
    reason, words = REASONS[it.code]
    return {
        "ReasonCode": int(it.code),
        "TransactionId": it.id,
        "Amount": it.amount / 100,
        "Currency": it.currency,
        "CurrencyCode": 0,
        "PaymentAmount": it.amount / 100,
        "PaymentCurrency": it.currency,
        "InvoiceId": it.invoice_id,
        "AccountId": it.account_id,
        "Email": it.email or None,
        "Description": it.description,
        "JsonData": None,
        **_dates("CreatedDate", it.created),
        "AuthCode": "A1B2C3",
        "TestMode": True,
        "Rrn": None,
        "CardFirstSix": it.card[:6],
        "CardLastFour": it.card[-4:],
        "CardExpDate": EXPIRES,
        "CardType": brand(it.card),
        "IssuerBankCountry": "KZ",
        "Issuer": "Sandbox Bank",
        "Status": it.status,
        "StatusCode": _STATUS_CODES[it.status],
        "CultureName": "ru-RU",
        "Reason": reason,
        "CardHolderMessage": words,
        "Type": 1 if it.is_refund else 0,
        "Refunded": it.refunded >= it.amount and not it.is_refund,
        "Name": "CARDHOLDER NAME",
        "Token": it.token or None,
        "SubscriptionId": None,
        "GatewayName": "Test",
        "TotalFee": 0,
    }


def event_fields(event: str, it: Transaction) -> dict[str, str]:
    """Return what a webhook of a transaction says; «Confirm» is as «Pay»."""
    fields = {
        "TransactionId": str(it.id),
        "Amount": f"{it.amount / 100:.2f}",
        "DateTime": f"{datetime.fromtimestamp(it.created, UTC):%Y-%m-%d %H:%M:%S}",
        "InvoiceId": it.invoice_id,
        "AccountId": it.account_id,
        "Email": it.email,
        "Data": "",
    }
    if event == "Refund":
        return {**fields, "PaymentTransactionId": str(it.original), "OperationType": "Refund"}
    if event == "Cancel":
        return fields
    fields |= {
        "Currency": it.currency,
        "PaymentAmount": fields["Amount"],
        "PaymentCurrency": it.currency,
        "CardFirstSix": it.card[:6],
        "CardLastFour": it.card[-4:],
        "CardType": brand(it.card),
        "CardExpDate": EXPIRES,
        "TestMode": "1",
        "OperationType": "Payment",
        "Name": "CARDHOLDER NAME",
        "IpAddress": "127.0.0.1",
        "Issuer": "Sandbox Bank",
        "IssuerBankCountry": "KZ",
        "Description": it.description,
    }
    if event == "Fail":
        return {**fields, "Reason": REASONS[it.code][0], "ReasonCode": it.code}
    if event == "Check":
        return {**fields, "Status": it.status}
    paid = {"Status": it.status, "GatewayName": "Test", "AuthCode": "A1B2C3", "Token": it.token}
    return {**fields, **paid, "TotalFee": "0.00"}


def encode(fields: dict[str, str]) -> bytes:
    """Encode a form as .NET does: «+» for a space, escapes in small letters."""
    pairs = (f"{name}={quote_plus(value, safe='-_.!*()')}" for name, value in fields.items())
    return _ESCAPE.sub(lambda found: found[0].lower(), "&".join(pairs)).encode()


def _dates(name: str, at: float) -> dict[str, str]:
    moment = datetime.fromtimestamp(at, UTC)
    return {name: f"/Date({int(at * 1000)})/", f"{name}Iso": f"{moment:%Y-%m-%dT%H:%M:%S}"}
