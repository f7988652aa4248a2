"""Webhooks as forms and as JSON: the same words, whatever nonsense is put in."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.billing.gateway import EventKind, TransactionStatus
from cube_demper.integrations.tiptoppay.events import event_of, fields_of

FORM = "application/x-www-form-urlencoded; charset=utf-8"
PAY = (
    b"TransactionId=4673194557&Amount=4990.00&Currency=KZT&InvoiceId=inv-1&AccountId=org%3a42"
    b"&Status=Completed&TestMode=1&Token=tk_1&CardFirstSix=411111&CardLastFour=1111"
    b"&CardType=Visa&CardExpDate=12%2f29&DateTime=2026-11-22+10%3a00%3a00"
)


def test_a_form_is_read() -> None:
    event = event_of(EventKind.PAY, fields_of(PAY, FORM))
    assert event is not None
    found = event.transaction
    assert (found.id, found.amount, found.currency) == ("4673194557", 499_000, "KZT")
    assert (found.invoice_id, found.account_id, found.is_test) == ("inv-1", "org:42", True)
    assert found.status is TransactionStatus.COMPLETED
    assert found.card.token == "tk_1"
    assert (found.card.first_six, found.card.last_four) == ("411111", "1111")
    assert found.card.expires == "12/29"
    assert found.at is not None
    assert found.at.isoformat() == "2026-11-22T10:00:00+00:00"


def test_json_says_the_same() -> None:
    body = orjson.dumps(
        {"TransactionId": 4673194557, "Amount": 4990.0, "Currency": "KZT", "InvoiceId": "inv-1",
         "AccountId": "org:42", "Status": "Completed", "TestMode": True, "Token": "tk_1",
         "CardFirstSix": "411111", "CardLastFour": "1111", "CardType": "Visa",
         "CardExpDate": "12/29", "DateTime": "2026-11-22 10:00:00"}
    )  # fmt: skip
    of_json = event_of(EventKind.PAY, fields_of(body, "application/json"))
    assert of_json == event_of(EventKind.PAY, fields_of(PAY, FORM))


def test_a_refund_names_both_transactions() -> None:
    body = b"TransactionId=7&PaymentTransactionId=5&Amount=10&OperationType=Refund"
    event = event_of(EventKind.REFUND, fields_of(body, FORM))
    assert event is not None
    assert (event.transaction.id, event.payment_transaction_id) == ("7", "5")
    assert event.transaction.is_refund


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4990.00", 499_000), ("0.01", 1), ("4990", 499_000), ("1e2", 10_000),
        ("4990.001", None), ("-1", None), ("0", None), ("NaN", None), ("Infinity", None),
        ("", None), ("4 990", None), ("4990,00", None), ("1e400", None), ("true", None),
    ],
)  # fmt: skip
def test_a_sum_is_whole_tiyn_or_none(text: str, amount: int | None) -> None:
    event = event_of(EventKind.PAY, {"TransactionId": "1", "Amount": text})
    assert event is not None
    assert event.transaction.amount == amount


def test_what_has_no_number_is_no_event() -> None:
    assert event_of(EventKind.PAY, {"Amount": "1"}) is None
    assert event_of(EventKind.RECURRENT, {}) is None
    recurrent = event_of(EventKind.RECURRENT, {"Id": "sc_1", "Status": "Active"})
    assert recurrent is not None
    assert recurrent.subscription_id == "sc_1"


@given(st.binary(max_size=400), st.sampled_from(["application/json", FORM, "", "text/html"]))
def test_nonsense_is_never_an_error(body: bytes, content_type: str) -> None:
    event_of(EventKind.PAY, fields_of(body, content_type))


@given(
    st.dictionaries(
        st.sampled_from(["TransactionId", "Amount", "Status", "Token", "DateTime", "CardFirstSix"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text("09.-eNaН "),
    )
)
def test_fields_of_other_types_are_never_an_error(fields: dict[str, object]) -> None:
    event = event_of(EventKind.PAY, fields)
    assert event is None or event.transaction.id
