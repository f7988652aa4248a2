"""Webhooks of TipTopPay (INTEGRATIONS.md B.4): a form or JSON, read with care."""

from __future__ import annotations

from urllib.parse import parse_qsl

import orjson

from cube_demper.domain.billing.gateway import EventKind, GatewayEvent
from cube_demper.integrations.tiptoppay.mapping import transaction_of
from cube_demper.integrations.tiptoppay.wire import JsonObject, dict_of, text_of

MOST_BYTES = 64 * 1024
_MOST_FIELDS = 200


def fields_of(body: bytes, content_type: str) -> JsonObject:
    """Return the fields of a webhook; none for what is neither a form nor a JSON object."""
    if "json" in content_type.lower():
        try:
            return dict_of(orjson.loads(body))
        except orjson.JSONDecodeError:
            return {}
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace"
        )
    except ValueError:
        return {}
    return dict(pairs)


def read_event(kind: EventKind, payload: str) -> GatewayEvent | None:
    """Return what the fields of a webhook say, kept as JSON; see `event_of`."""
    return event_of(kind, dict_of(orjson.loads(payload)))


def event_of(kind: EventKind, fields: JsonObject) -> GatewayEvent | None:
    """Return what a webhook says; None for one without its number."""
    transaction = transaction_of(fields)
    subscription_id = text_of(fields.get("SubscriptionId"), 100)
    if kind is EventKind.RECURRENT:
        subscription_id = text_of(fields.get("Id"), 100)
    if not transaction.id and not (kind is EventKind.RECURRENT and subscription_id):
        return None
    return GatewayEvent(
        kind=kind,
        transaction=transaction,
        payment_transaction_id=text_of(fields.get("PaymentTransactionId")),
        subscription_id=subscription_id,
    )
