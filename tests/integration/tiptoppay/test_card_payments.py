"""A seller pays by card: the link, the page, the webhooks, and everything that can go wrong with those."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

import orjson
import pytest
from card_stage import CARD, POOR_CARD, CardStage
from sqlalchemy import select
from tiptoppay_stage import START

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.core.settings import Settings
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import charging, hearing, links, taking
from cube_demper.domain.billing.comparing import gateway_doubts
from cube_demper.domain.billing.errors import PaymentClosed
from cube_demper.domain.billing.gateway import EventKind, Transaction, TransactionStatus
from cube_demper.models.billing import Payment, PaymentStatus, Plan
from cube_demper.models.gateway import ChargeAttempt, ChargeResult, GatewayEventRow, PaymentCard
from cube_demper.sandbox.tiptoppay.webhooks import Delivery

PRICE = 999_900


def pay_fields(payment: Payment, number: int = 77, **changes: str) -> dict[str, str]:
    fields = {
        "TransactionId": str(number),
        "Amount": f"{payment.amount / 100:.2f}",
        "Currency": "KZT",
        "InvoiceId": payment.invoice_id,
        "AccountId": str(payment.user_id),
        "Status": "Completed",
        "TestMode": "1",
        "DateTime": "2026-11-27 06:00:00",
    }
    return fields | changes


async def test_the_whole_journey(stage: CardStage) -> None:
    payment = await stage.begin()
    url = await links.open_link(stage.till, stage.seller, payment.id)
    assert await links.open_link(stage.till, stage.seller, payment.id) == url
    assert "Тариф BASIC на 30 дней" in (await stage.http.get(url)).text
    answer = await stage.pay(CARD, payment)
    assert answer.headers["location"].endswith("/billing?tab=payments")
    paid = await stage.payment(payment)
    assert (paid.status, paid.paid_at, paid.is_test) == (PaymentStatus.PAID, START, True)
    (plan,) = await stage.subscriptions()
    assert plan.plan == Plan.BASIC
    (card,) = await stage.cards()
    assert (card.brand, card.last_four, card.expires, card.is_default) == (
        "Visa", "1111", "12/29", True,
    )  # fmt: skip
    assert plan.card_id == card.id
    assert await stage.events() == [("check", "applied", ""), ("pay", "applied", "")]
    assert await stage.topics() == ["billing.paid"]
    assert await stage.gateway_balance() == PRICE


async def test_the_token_and_the_payer_are_kept_sealed(stage: CardStage) -> None:
    await stage.pay()
    (token,) = (it.token for it in stage.machine.tokens.values() if it.account_id)
    async with stage.services.db.read() as tx:
        (card,) = (await tx.scalars(select(PaymentCard))).all()
        events = (await tx.scalars(select(GatewayEventRow))).all()
    assert token not in card.token
    assert stage.services.secrets.decrypt(card.token) == token
    assert all("seller@example.kz" not in it.payload for it in events)


async def test_a_poor_card_may_be_followed_by_another_on_the_same_page(stage: CardStage) -> None:
    payment = await stage.begin()
    await stage.pay(POOR_CARD, payment)
    declined = await stage.payment(payment)
    assert (declined.status, declined.failure_code) == (PaymentStatus.CREATED, "5051")
    assert declined.failure_words == "Недостаточно средств на карте"
    await stage.pay(CARD, payment)
    paid = await stage.payment(payment)
    assert (paid.status, paid.failure_code) == (PaymentStatus.PAID, None)
    assert await stage.gateway_balance() == PRICE


async def test_a_webhook_that_comes_many_times_and_at_once_is_one(stage: CardStage) -> None:
    stage.machine.hooks.repeats = 4
    payment = await stage.begin()
    await stage.pay(CARD, payment)
    await asyncio.gather(*(stage.tell("Pay", **pay_fields(payment, 891_510_001)) for _ in range(4)))
    assert [it.status for it in await stage.payments()] == [PaymentStatus.PAID]
    assert await stage.events() == [("check", "applied", ""), ("pay", "applied", "")]
    assert len(await stage.topics()) == 1
    assert await stage.gateway_balance() == PRICE


async def test_two_payments_of_one_invoice_at_once(stage: CardStage) -> None:
    payment = await stage.begin()
    answers = await asyncio.gather(
        *(stage.tell("Pay", **pay_fields(payment, number)) for number in (1, 2))
    )
    assert [it.json() for it in answers] == [{"code": 0}] * 2
    assert await stage.gateway_balance() == 2 * PRICE
    (plan,) = await stage.subscriptions()
    assert (plan.current_period_end - plan.current_period_start).days == 14 + 30  # after the trial
    assert len(await stage.topics()) == 2  # the second lies on the balance, and its payer is told


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Amount": "9998.99"}, "wrong_sum"),
        ({"Amount": "0.01"}, "wrong_sum"),
        ({"Amount": "999900.00"}, "wrong_sum"),
        ({"Amount": "много"}, "wrong_sum"),
        ({"Currency": "RUB"}, "wrong_sum"),
        ({"Currency": ""}, "wrong_sum"),
        ({"AccountId": "11111111-1111-1111-1111-111111111111"}, "anothers_invoice"),
        ({"Status": "Declined"}, "not_paid"),
        ({"Status": ""}, "not_paid"),
    ],
)
@pytest.mark.parametrize("event", ["Pay", "Confirm"])
async def test_what_cannot_be_true_is_kept_and_not_believed(
    stage: CardStage, event: str, changes: dict[str, str], reason: str
) -> None:
    if event == "Confirm" and reason == "not_paid":
        changes, reason = {"Amount": "1"}, "wrong_sum"
    payment = await stage.begin()
    answer = await stage.tell(event, **pay_fields(payment, **changes))
    assert answer.json() == {"code": 0}
    assert (await stage.payment(payment)).status == PaymentStatus.CREATED
    assert await stage.events() == [(event.lower(), "refused", reason)]
    assert await stage.gateway_balance() == 0
    assert not await stage.cards()


async def test_a_transaction_never_pays_two_invoices(stage: CardStage) -> None:
    first = await stage.begin()
    await stage.tell("Pay", **pay_fields(first, 5))
    second = await stage.begin(Plan.PRO)
    await stage.tell("Confirm", **pay_fields(second, 5))
    assert (await stage.payment(second)).status == PaymentStatus.CREATED
    assert await stage.gateway_balance() == PRICE


async def test_a_forged_webhook_is_neither_kept_nor_believed(stage: CardStage) -> None:
    payment = await stage.begin()
    body = "&".join(f"{name}={value}" for name, value in pay_fields(payment).items()).encode()
    good = Delivery("Pay", f"{stage.hook_base}/pay", body)
    for headers in (
        {},
        {"Content-HMAC": "AAAA"},
        good.headers() | {"Content-HMAC": "", "X-Content-HMAC": ""},
        replace(good, body=body + b"1").headers(),
    ):
        answer = await stage.http.post(good.url, content=body, headers=headers)
        assert answer.status_code == 401
    assert await stage.events() == []
    assert (await stage.payment(payment)).status == PaymentStatus.CREATED
    taken = await stage.http.post(good.url, content=body, headers=good.headers())
    assert taken.json() == {"code": 0}
    assert (await stage.payment(payment)).status == PaymentStatus.PAID


async def test_json_and_nonsense_and_big_bodies(stage: CardStage) -> None:
    url = f"{stage.hook_base}/pay"
    nonsense = Delivery("Pay", url, b"%%%&&&=")
    answer = await stage.http.post(url, content=nonsense.body, headers=nonsense.headers())
    assert answer.json() == {"code": 0}
    big = Delivery("Pay", url, b"a=" + b"1" * 70_000)
    answer = await stage.http.post(url, content=big.body, headers=big.headers())
    assert answer.status_code == 400
    answer = await stage.http.post(f"{stage.hook_base}/nothing", content=b"")
    assert answer.status_code == 422
    assert await stage.events() == [("pay", "applied", "unreadable")]


async def test_a_payment_in_test_mode_is_nothing_in_production(
    stage: CardStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(CUBE_ENV="production", tiptoppay=stage.services.settings.tiptoppay)
    services = replace(stage.services, settings=settings)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    payment = await stage.begin()
    check = await stage.tell("Check", **pay_fields(payment, 1))
    assert check.json() == {"code": 13}
    await stage.tell("Pay", **pay_fields(payment, 1))
    assert (await stage.events())[-1] == ("pay", "refused", "test_payment")
    assert (await stage.payment(payment)).status == PaymentStatus.CREATED
    await stage.tell("Pay", **pay_fields(payment, 2, TestMode="0"))
    assert (await stage.payment(payment)).status == PaymentStatus.PAID


async def test_check_says_what_would_not_be_taken(stage: CardStage) -> None:
    payment = await stage.begin()
    told = [
        ({}, 0),
        ({"InvoiceId": "CD-NOBODYS0"}, 10),
        ({"AccountId": "somebody"}, 11),
        ({"Amount": "1.00"}, 12),
        ({"Currency": "USD"}, 12),
    ]
    for number, (changes, code) in enumerate(told):
        answer = await stage.tell("Check", **pay_fields(payment, number + 1, **changes))
        assert answer.json() == {"code": code}, changes
    stage.scene.clock.move(days=2)
    assert (await stage.tell("Check", **pay_fields(payment, 8))).json() == {"code": 20}
    await stage.tell("Pay", **pay_fields(payment, 8))
    assert (await stage.tell("Check", **pay_fields(payment, 9))).json() == {"code": 13}


async def test_webhooks_are_taken_by_the_product_alone(stage: CardStage) -> None:
    payment = await stage.begin()
    fields = orjson.dumps(pay_fields(payment)).decode()
    letter, ear = hearing.Letter(EventKind.PAY, fields, "key"), stage.till.ear
    with pytest.raises(PermissionDenied):
        async with stage.services.db.write() as tx:
            await hearing.take(tx, stage.seller, ear, letter, stage.now())
    with pytest.raises(PermissionDenied):
        async with stage.services.db.read() as tx:
            await gateway_doubts(tx, stage.seller, since=stage.now())
    assert await stage.events() == []


async def test_a_link_is_ones_own_and_open(stage: CardStage) -> None:
    payment = await stage.begin()
    other = Actor(Role.USER, await stage.scene.add("other@example.kz"))
    with pytest.raises(NotFound):
        await links.open_link(stage.till, other, payment.id)
    newer = await stage.begin(Plan.PRO)
    with pytest.raises(PaymentClosed):
        await links.open_link(stage.till, stage.seller, payment.id)
    await stage.tell("Pay", **pay_fields(newer))
    with pytest.raises(PaymentClosed):
        await links.open_link(stage.till, stage.seller, newer.id)


async def test_money_held_is_not_money_until_it_is_confirmed(stage: CardStage) -> None:
    payment = await stage.begin()
    await stage.tell("Pay", **pay_fields(payment, 7, Status="Authorized"))
    assert (await stage.payment(payment)).status == PaymentStatus.AUTHORIZED
    assert await stage.gateway_balance() == 0
    await stage.tell("Confirm", **pay_fields(payment, 7))
    assert (await stage.payment(payment)).status == PaymentStatus.PAID
    assert await stage.gateway_balance() == PRICE
    late = await stage.tell("Cancel", **pay_fields(payment, 7))
    assert late.json() == {"code": 0}
    assert (await stage.payment(payment)).status == PaymentStatus.PAID


async def test_a_hold_that_is_let_go_and_told_of_late_opens_nothing(stage: CardStage) -> None:
    payment = await stage.begin()
    await stage.tell("Cancel", **pay_fields(payment, 7))
    await stage.tell("Pay", **pay_fields(payment, 7, Status="Authorized"))
    assert (await stage.payment(payment)).status == PaymentStatus.FAILED
    assert await stage.gateway_balance() == 0


async def test_a_refund_that_comes_before_its_payment_waits_for_it(stage: CardStage) -> None:
    hooks, payment = stage.machine.hooks, await stage.begin()
    hooks.is_held = True
    url = await links.open_link(stage.till, stage.seller, payment.id)
    await stage.http.post(url, data={"card": CARD})
    (paid,) = stage.machine.transactions.values()
    stage.machine.refund(paid, 100_000)
    hooks.is_held = False
    stage.machine.hooks.again(hooks.held[1])
    await hooks.settled()
    assert (await stage.events())[-1] == ("refund", "waiting", "no_such_payment")
    assert await charging.apply_waiting(stage.till, SYSTEM) == 0
    hooks.release()
    await hooks.settled()
    found = await stage.payment(payment)
    assert (found.status, found.refunded) == (PaymentStatus.PARTLY_REFUNDED, 100_000)
    assert [it[1] for it in await stage.events()] == ["applied"] * 3
    assert await stage.topics() == ["billing.paid", "billing.refunded"]
    assert await stage.gateway_balance() == PRICE - 100_000


async def test_a_no_that_is_told_late_ends_no_other_try(stage: CardStage) -> None:
    payment = await stage.renewal()
    told = Transaction(
        "77",
        TransactionStatus.DECLINED,
        PRICE,
        "KZT",
        invoice_id=payment.invoice_id,
        account_id=str(payment.user_id),
    )
    async with stage.services.db.write() as tx:
        for outcome, transaction_id in ((ChargeResult.DECLINED, "77"), (ChargeResult.SENT, None)):
            attempt = ChargeAttempt(
                payment_id=payment.id,
                request_id=uuid4(),
                started_at=stage.now(),
                outcome=outcome,
                transaction_id=transaction_id,
            )
            tx.add(attempt)
            await tx.flush()
    async with stage.services.db.write() as tx:
        await taking.decline(tx, told, "5051")
    assert sorted(it.outcome for it in await stage.attempts()) == ["declined", "sent"]
    assert (await stage.payment(payment)).status == payment.status
