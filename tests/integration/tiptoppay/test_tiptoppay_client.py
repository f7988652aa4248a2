"""The client against the sandbox's terminal: typed answers, and nothing that moves money is sent twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiptoppay_stage import CHARGE, ORDER, START, Till

from cube_demper.core.errors import (
    ConfigurationError,
    ContractChanged,
    CredentialsRejected,
    CubeError,
    Refused,
    Unreachable,
)
from cube_demper.core.settings import TipTopPaySettings
from cube_demper.domain.billing.gateway import (
    Approved,
    Declined,
    EventKind,
    NotSent,
    Refunded,
    ThreeDsNeeded,
    TransactionStatus,
    UnknownOutcome,
)
from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway


async def test_the_door_opens_to_our_keys_alone(till: Till) -> None:
    await till.client.probe()
    stranger = till.build(TIPTOPPAY_API_SECRET="another")
    with pytest.raises(CredentialsRejected):
        await stranger.probe()
    assert isinstance(await stranger.charge_token(CHARGE), NotSent)
    await stranger.aclose()
    with pytest.raises(ConfigurationError):
        TipTopPayGateway(TipTopPaySettings(), till.clock)


async def test_a_link_is_one_however_often_it_is_asked_for(till: Till) -> None:
    first = await till.client.create_order(ORDER)
    assert first.url.startswith(f"{till.sandbox.tiptoppay_url}/d/")
    till.sandbox.fault("reset_after", "tip_create", count=1)
    assert await till.client.create_order(ORDER) == first
    other = await till.client.create_order(replace(ORDER, request_id="r-2"))
    assert other.order_id != first.order_id
    assert [it.amount for it in till.terminal.orders.values()] == [999_900, 999_900]
    await till.client.cancel_order(first.order_id)
    await till.client.cancel_order(first.order_id)
    assert till.terminal.orders[first.order_id].status == "Cancelled"


async def test_a_refused_link_says_why(till: Till) -> None:
    with pytest.raises(Refused, match="Amount is required"):
        await till.client.create_order(replace(ORDER, amount=0))


@pytest.mark.parametrize(
    ("token", "outcome"),
    [
        ("tk_5051", Declined("5051", "Недостаточно средств на карте", "891510001")),
        ("tk_3ds", ThreeDsNeeded("891510001")),
        ("tk_nobodys", NotSent("Token not found", is_temporary=False)),
    ],
)
async def test_a_token_that_does_not_pay(till: Till, token: str, outcome: object) -> None:
    assert await till.client.charge_token(till.charge(token)) == outcome


async def test_a_token_pays(till: Till) -> None:
    outcome = await till.client.charge_token(CHARGE)
    assert isinstance(outcome, Approved)
    paid = outcome.transaction
    assert (paid.amount, paid.currency, paid.invoice_id) == (999_900, "KZT", "inv-2")
    assert (paid.status, paid.is_test) == (TransactionStatus.COMPLETED, True)
    assert (paid.card.token, paid.card.last_four, paid.at) == ("tk_ok", "1111", START)


async def test_a_lost_answer_is_unknown_until_it_is_looked_for(till: Till) -> None:
    outcome = await till.client.charge_token(till.charge("tk_timeout"))
    assert isinstance(outcome, UnknownOutcome)
    (charged,) = till.terminal.transactions.values()
    found = await till.client.find("inv-2")
    assert found is not None
    assert (found.id, found.status) == (str(charged.id), TransactionStatus.COMPLETED)
    assert await till.client.find("inv-9") is None


@pytest.mark.parametrize(
    ("kind", "more", "outcome", "charged"),
    [
        ("reset_after", {}, UnknownOutcome, 1),
        ("status_after", {"status": 502}, UnknownOutcome, 1),
        ("html", {}, UnknownOutcome, 0),
        ("truncated", {}, UnknownOutcome, 1),
        ("nulls", {}, UnknownOutcome, 1),
        ("nulls", {"fields": ("InvoiceId",)}, UnknownOutcome, 1),
        ("nulls", {"fields": ("Currency",)}, UnknownOutcome, 1),
        ("nulls", {"fields": ("Status",)}, UnknownOutcome, 1),
        ("nulls", {"fields": ("TransactionId",)}, UnknownOutcome, 1),
        ("status", {"status": 500}, UnknownOutcome, 0),
        ("status", {"status": 403}, NotSent, 0),
        ("status", {"status": 429}, NotSent, 0),
        ("status", {"status": 404}, UnknownOutcome, 0),
    ],
)
async def test_an_answer_that_cannot_be_believed(
    till: Till, kind: str, more: dict[str, object], outcome: type, charged: int
) -> None:
    till.sandbox.fault(kind, "tip_charge", count=3, **more)
    assert isinstance(await till.client.charge_token(CHARGE), outcome)
    assert len(till.terminal.transactions) == charged


async def test_a_gateway_that_is_away_took_nothing(till: Till) -> None:
    away = till.build(TIPTOPPAY_URL="http://127.0.0.1:9")
    assert isinstance(await away.charge_token(CHARGE), NotSent)
    assert isinstance(await away.refund("1", 100, "r"), NotSent)
    with pytest.raises(Unreachable):
        await away.find("inv-1")
    await away.aclose()


async def test_what_only_reads_is_asked_three_times(till: Till) -> None:
    await till.client.charge_token(CHARGE)
    fault = till.sandbox.fault("status", "tip_find", status=502, count=2)
    assert await till.client.find("inv-2") is not None
    assert fault.hits == 2
    till.sandbox.fault("html", "tip_find", count=3)
    with pytest.raises(ContractChanged):
        await till.client.find("inv-2")


async def test_another_invoices_payment_is_never_ours(till: Till) -> None:
    await till.client.charge_token(CHARGE)
    till.sandbox.fault("nulls", "tip_find", fields=("InvoiceId",), count=3)
    with pytest.raises(ContractChanged):
        await till.client.find("inv-2")


async def test_the_breaker_opens_and_closes(till: Till) -> None:
    fault = till.sandbox.fault("status", "tip_test", status=500)
    for _ in range(2):
        with pytest.raises(CubeError):
            await till.client.probe()
    assert fault.hits == 5
    refused = await till.client.charge_token(CHARGE)
    assert isinstance(refused, NotSent)
    assert not till.terminal.transactions
    till.clock.move(seconds=61)
    till.sandbox.faults.clear()
    await till.client.probe()
    assert isinstance(await till.client.charge_token(CHARGE), Approved)


async def test_refunds_full_and_part(till: Till) -> None:
    paid = await till.client.charge_token(CHARGE)
    assert isinstance(paid, Approved)
    number = paid.transaction.id
    part = await till.client.refund(number, 99_900, "f-1")
    assert part == await till.client.refund(number, 99_900, "f-1")
    rest = await till.client.refund(number, 900_000, "f-2")
    assert isinstance(part, Refunded)
    assert isinstance(rest, Refunded)
    assert part.transaction_id != rest.transaction_id
    assert isinstance(await till.client.refund(number, 100, "f-3"), Declined)
    assert isinstance(await till.client.refund("nonsense", 100, "f-4"), Declined)
    assert till.terminal.transactions[int(number)].refunded == 999_900


async def test_a_lost_refund_is_the_same_refund_under_its_id(till: Till) -> None:
    paid = await till.client.charge_token(CHARGE)
    assert isinstance(paid, Approved)
    till.sandbox.fault("reset_after", "tip_refund", count=1)
    lost = await till.client.refund(paid.transaction.id, 100, "f-1")
    again = await till.client.refund(paid.transaction.id, 100, "f-1")
    assert isinstance(lost, UnknownOutcome)
    assert isinstance(again, Refunded)
    assert till.terminal.transactions[int(paid.transaction.id)].refunded == 100


async def test_a_day_is_listed_with_its_refunds(till: Till) -> None:
    paid = await till.client.charge_token(CHARGE)
    await till.client.charge_token(till.charge("tk_5051", 3))
    assert isinstance(paid, Approved)
    await till.client.refund(paid.transaction.id, 100, "f-1")
    day = await till.client.list_day(START.date())
    assert [(it.status, it.amount, it.is_refund) for it in day] == [
        (TransactionStatus.COMPLETED, 999_900, False),
        (TransactionStatus.DECLINED, 999_900, False),
        (TransactionStatus.COMPLETED, 100, True),
    ]
    assert await till.client.list_day(START.date().replace(day=1)) == []


async def test_webhook_addresses_are_read_and_set(till: Till) -> None:
    assert await till.client.webhook_address(EventKind.PAY) == ""
    url = "http://localhost:3000/webhooks/tiptoppay/pay"
    await till.client.set_webhook_address(EventKind.PAY, url)
    assert await till.client.webhook_address(EventKind.PAY) == url
    with pytest.raises(Refused):
        await till.client.set_webhook_address(EventKind.PAY, "")
