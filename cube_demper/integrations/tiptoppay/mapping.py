"""Between TipTopPay's words and ours. Pure. What does not fit together is never taken for money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from cube_demper.core.errors import ContractChanged
from cube_demper.core.money import to_tenge
from cube_demper.domain.billing.gateway import (
    Approved,
    CardSeen,
    ChargeOutcome,
    Declined,
    NewCharge,
    NewOrder,
    NotSent,
    PaymentLink,
    Refunded,
    RefundOutcome,
    ThreeDsNeeded,
    Transaction,
    TransactionStatus,
    UnknownOutcome,
)
from cube_demper.integrations.tiptoppay.errors import refusal_of, words_of
from cube_demper.integrations.tiptoppay.wire import (
    JsonObject,
    dict_of,
    flag_of,
    list_of,
    moment_of,
    text_of,
    tiyn_of,
)

CURRENCY = "KZT"
_MERCHANT = 0
"""TrInitiatorCode: we charge by a saved card, its holder is not there."""
STATUSES: Mapping[str, TransactionStatus] = MappingProxyType(
    {
        "AwaitingAuthentication": TransactionStatus.AWAITING,
        "Authorized": TransactionStatus.AUTHORIZED,
        "Completed": TransactionStatus.COMPLETED,
        "Cancelled": TransactionStatus.CANCELLED,
        "Declined": TransactionStatus.DECLINED,
    }
)
_BEST_FIRST = (
    TransactionStatus.COMPLETED,
    TransactionStatus.AUTHORIZED,
    TransactionStatus.AWAITING,
)


def order_body(order: NewOrder) -> JsonObject:
    """Write a payment link: its holder's card, taken at once, in Russian, and no letters of theirs."""
    return {
        "Amount": number_of(order.amount),
        "Currency": CURRENCY,
        "Description": order.description,
        "Email": order.email,
        "RequireConfirmation": False,
        "SendEmail": False,
        "SendSms": False,
        "SendViber": False,
        "InvoiceId": order.invoice_id,
        "AccountId": order.account_id,
        "CultureName": "ru-RU",
        "SuccessRedirectUrl": order.success_url,
        "FailRedirectUrl": order.fail_url,
    }


def charge_body(charge: NewCharge) -> JsonObject:
    """Write a charge of a saved card."""
    return {
        "Amount": number_of(charge.amount),
        "Currency": CURRENCY,
        "AccountId": charge.account_id,
        "Token": charge.token,
        "TrInitiatorCode": _MERCHANT,
        "InvoiceId": charge.invoice_id,
        "Description": charge.description,
        "Email": charge.email,
    }


def number_of(tiyn: int) -> float:
    """Return a sum as TipTopPay's JSON has it, a number of tenge with two decimals."""
    return float(to_tenge(tiyn).quantize(Decimal("0.01")))


def link_of(body: JsonObject, order: NewOrder, *, is_safe_only: bool) -> PaymentLink:
    """Read a payment link. Raises Refused, ContractChanged for another sum or a strange address."""
    if not body["Success"]:
        raise refusal_of(body)
    model = dict_of(body.get("Model"))
    order_id, url = text_of(model.get("Id")), text_of(model.get("Url"), 2000)
    is_web = url.startswith("https://") or (not is_safe_only and url.startswith("http://"))
    if not order_id or not is_web or tiyn_of(model.get("Amount")) != order.amount:
        raise ContractChanged("TipTopPay прислал не ту ссылку на оплату")
    return PaymentLink(order_id, url)


def charge_outcome(body: JsonObject, charge: NewCharge) -> ChargeOutcome:
    """Read the answer to a charge of a saved card."""
    model = dict_of(body.get("Model"))
    found = transaction_of(model)
    if body["Success"]:
        return Approved(found) if _is_paid(found, charge) else UnknownOutcome(_odd(found))
    if found.invoice_id not in ("", charge.invoice_id):
        return UnknownOutcome("ответ о другом счёте")
    if text_of(model.get("AcsUrl"), 2000) or text_of(model.get("PaReq"), 9000):
        return ThreeDsNeeded(found.id)
    if found.status is TransactionStatus.DECLINED or found.code not in ("", "0"):
        is_odd = found.status in (TransactionStatus.COMPLETED, TransactionStatus.AUTHORIZED)
        declined = Declined(found.code, found.words, found.id)
        return UnknownOutcome(_odd(found)) if is_odd else declined
    if not model and text_of(body.get("Message")):
        return NotSent(words_of(body), is_temporary=False)
    return UnknownOutcome(_odd(found))


def refund_outcome(body: JsonObject) -> RefundOutcome:
    """Read the answer to a refund."""
    found = text_of(dict_of(body.get("Model")).get("TransactionId"))
    if not body["Success"]:
        return Declined("", words_of(body))
    return Refunded(found) if found else UnknownOutcome("возврат без номера")


def found_of(body: JsonObject, invoice_id: str) -> Transaction | None:
    """Read what `find` says. Raises Refused, and ContractChanged for another invoice."""
    model = body.get("Model")
    models = [model] if isinstance(model, dict) else list_of(model)
    found = [transaction_of(it) for it in models]
    if any(it.invoice_id != invoice_id or not it.id for it in found):
        raise ContractChanged("TipTopPay прислал чужой платёж")
    for status in _BEST_FIRST:
        for transaction in found:
            if transaction.status is status:
                return transaction
    if found:
        return found[-1]
    words = text_of(body.get("Message")).lower()
    if "not found" in words or "не найден" in words:
        return None
    raise refusal_of(body)


def day_of(body: JsonObject) -> list[Transaction]:
    """Read a day's transactions. Raises Refused, ContractChanged."""
    if not body["Success"]:
        raise refusal_of(body)
    if not isinstance(body.get("Model"), list):
        raise ContractChanged("TipTopPay прислал не список платежей")
    return [transaction_of(it) for it in list_of(body["Model"])]


def transaction_of(model: JsonObject) -> Transaction:
    """Read a transaction of the API or of a webhook: the fields have the same names."""
    return Transaction(
        id=text_of(model.get("TransactionId")),
        status=STATUSES.get(text_of(model.get("Status")), TransactionStatus.UNKNOWN),
        amount=tiyn_of(model.get("Amount")),
        currency=text_of(model.get("Currency"), 3),
        invoice_id=text_of(model.get("InvoiceId"), 100),
        account_id=text_of(model.get("AccountId"), 100),
        is_test=flag_of(model.get("TestMode")),
        is_refund=text_of(model.get("OperationType")) == "Refund" or model.get("Type") == 1,
        code=text_of(model.get("ReasonCode"), 10),
        words=text_of(model.get("CardHolderMessage")) or text_of(model.get("Reason")),
        at=moment_of(model.get("DateTime")) or moment_of(model.get("CreatedDateIso")),
        card=CardSeen(
            token=text_of(model.get("Token"), 200),
            first_six=_digits(model.get("CardFirstSix"), 6),
            last_four=_digits(model.get("CardLastFour"), 4),
            brand=text_of(model.get("CardType"), 40),
            expires=text_of(model.get("CardExpDate"), 5),
        ),
    )


def _is_paid(found: Transaction, charge: NewCharge) -> bool:
    is_ours = (found.invoice_id, found.amount) == (charge.invoice_id, charge.amount)
    is_done = found.status is TransactionStatus.COMPLETED and found.currency == CURRENCY
    return bool(found.id) and is_ours and is_done


def _odd(found: Transaction) -> str:
    return f"ответ не сходится: {found.status}, {found.currency or 'без валюты'}"


def _digits(value: object, count: int) -> str:
    digits = text_of(value, count)
    return digits if digits.isdecimal() and len(digits) == count else ""
