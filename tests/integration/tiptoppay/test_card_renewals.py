"""Renewals by a saved card, and refunds: lost answers, kills, webhooks that come first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest
from card_stage import ASKS_LATER, CARD, LOSES_ANSWER, PAYS_ONCE, CardStage
from tiptoppay_stage import START

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import (
    cards,
    charging,
    comparing,
    gateway_queries,
    hearing,
    links,
    payments,
    refunds,
)
from cube_demper.domain.billing.charging import ChargeState, charge, reconcile
from cube_demper.domain.billing.comparing import DifferenceKind
from cube_demper.domain.billing.errors import PaymentClosed
from cube_demper.domain.billing.refunding import RefundState, send_refund
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.billing import (
    Payment,
    PaymentMethod,
    PaymentStatus,
    Plan,
    Refund,
    RefundStatus,
)

PRICE = 999_900


class Killed(BaseException):
    """Stands for a kill: nothing of ours runs after it."""


@dataclass
class Dying:
    """A gateway whose caller is killed before or after the request."""

    inner: Any
    after: bool

    async def charge_token(self, asked: Any) -> None:
        if self.after:
            await self.inner.charge_token(asked)
        raise Killed

    async def refund(self, *asked: Any) -> None:
        if self.after:
            await self.inner.refund(*asked)
        raise Killed


def dying(stage: CardStage, *, after: bool) -> Any:
    return replace(stage.till, gateway=Dying(stage.till.gateway, after))


async def outcomes(stage: CardStage) -> list[str]:
    return [it.outcome for it in await stage.attempts()]


async def test_a_saved_card_renews(stage: CardStage) -> None:
    payment = await stage.renewal()
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.PAID
    await stage.machine.hooks.settled()
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.NOTHING
    assert (await stage.payment(payment)).status == PaymentStatus.PAID
    assert await outcomes(stage) == ["approved"]
    assert await stage.gateway_balance() == 2 * PRICE
    assert await stage.topics() == ["billing.paid"] * 2
    assert len(await stage.cards()) == 1


async def test_a_card_without_money_fails_the_payment_in_the_banks_words(stage: CardStage) -> None:
    payment = await stage.renewal(PAYS_ONCE)
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.DECLINED
    await stage.machine.hooks.settled()
    found = await stage.payment(payment)
    assert (found.status, found.failure_code) == (PaymentStatus.FAILED, "5051")
    assert found.failure_words == "Недостаточно средств на карте"
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.NOTHING
    assert await stage.gateway_balance() == PRICE


async def test_three_ds_asks_the_person(stage: CardStage) -> None:
    payment = await stage.renewal(ASKS_LATER)
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.NEEDS_PERSON
    found = await stage.payment(payment)
    assert (found.status, found.failure_code) == (PaymentStatus.FAILED, "three_ds")
    assert found.failure_words == "Банк просит владельца карты подтвердить платёж"
    assert await outcomes(stage) == ["three_ds"]
    (asked,) = [it for it in await stage.notices() if it.kind == "payment_due"]
    assert asked.title == "Не удалось списать 9\u00a0999\u00a0₸"
    assert asked.body == (
        "Банк просит владельца карты подтвердить платёж. Оплатите сами или выберите другую карту."
    )
    assert asked.link == "/billing"


async def test_a_lost_answer_is_looked_for_and_never_charged_again(stage: CardStage) -> None:
    payment = await stage.renewal(LOSES_ANSWER)
    stage.machine.hooks.addresses["Pay"] = ""
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    assert len(stage.machine.transactions) == 2
    assert await reconcile(stage.till, SYSTEM, payment.id) is ChargeState.PAID
    assert await reconcile(stage.till, SYSTEM, payment.id) is ChargeState.NOTHING
    assert await stage.gateway_balance() == 2 * PRICE
    assert await outcomes(stage) == ["approved"]


async def test_a_webhook_may_be_quicker_than_the_answer(stage: CardStage) -> None:
    payment = await stage.renewal(LOSES_ANSWER)
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    await stage.machine.hooks.settled()
    assert (await stage.payment(payment)).status == PaymentStatus.PAID
    assert await outcomes(stage) == ["approved"]
    assert await charging.reconcile_all(stage.till, SYSTEM) == 0
    assert await stage.gateway_balance() == 2 * PRICE


@pytest.mark.parametrize("after", [True, False])
async def test_killed_at_the_call(stage: CardStage, *, after: bool) -> None:
    payment = await stage.renewal()
    stage.machine.hooks.addresses["Pay"] = ""
    with pytest.raises(Killed):
        await charge(dying(stage, after=after), SYSTEM, payment.id)
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    assert await reconcile(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    stage.scene.clock.move(minutes=3)
    assert await charging.reconcile_all(stage.till, SYSTEM) == int(after)
    if not after:
        assert await outcomes(stage) == ["unknown"]
        assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
        stage.scene.clock.move(hours=1)
        assert await reconcile(stage.till, SYSTEM, payment.id) is ChargeState.LATER
        assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.PAID
        assert await outcomes(stage) == ["absent", "approved"]
    assert len(stage.machine.transactions) == 2
    assert await stage.gateway_balance() == 2 * PRICE


async def test_an_unknown_try_stops_every_charge_of_its_person(stage: CardStage) -> None:
    payment = await stage.renewal()
    stage.machine.hooks.addresses["Pay"] = ""
    with pytest.raises(Killed):
        await charge(dying(stage, after=True), SYSTEM, payment.id)
    (card,) = await stage.cards()
    other = await stage.begin(Plan.PRO, card_id=card.id)
    assert await charge(stage.till, SYSTEM, other.id) is ChargeState.UNKNOWN
    stage.scene.clock.move(minutes=3)
    assert await charging.reconcile_all(stage.till, SYSTEM) == 1
    assert len(stage.machine.transactions) == 2
    assert await stage.gateway_balance() == 2 * PRICE


async def test_a_gateway_that_is_away_changes_nothing(stage: CardStage) -> None:
    payment = await stage.renewal()
    away = stage.terminal.build(TIPTOPPAY_URL="http://127.0.0.1:9")
    assert await charge(replace(stage.till, gateway=away), SYSTEM, payment.id) is ChargeState.LATER
    await away.aclose()
    assert (await stage.payment(payment)).status == PaymentStatus.CREATED
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.PAID
    assert await outcomes(stage) == ["approved"]  # the same try: it never left before
    await stage.machine.hooks.settled()


async def test_nobody_looks_while_the_gateway_is_away(stage: CardStage) -> None:
    payment = await stage.renewal(LOSES_ANSWER)
    stage.machine.hooks.addresses["Pay"] = ""
    await charge(stage.till, SYSTEM, payment.id)
    stage.terminal.sandbox.fault("html", "tip_find", count=3)
    assert await reconcile(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    assert await outcomes(stage) == ["unknown"]


async def test_two_workers_charge_once(stage: CardStage) -> None:
    payment = await stage.renewal()
    states = await asyncio.gather(*(charge(stage.till, SYSTEM, payment.id) for _ in range(3)))
    await stage.machine.hooks.settled()
    assert states.count(ChargeState.PAID) == 1
    assert len(stage.machine.transactions) == 2
    assert await stage.gateway_balance() == 2 * PRICE


async def test_cards_are_chosen_and_removed_by_their_holder(stage: CardStage) -> None:
    await stage.pay(CARD)
    stage.scene.clock.move(days=36)
    await stage.pay(PAYS_ONCE)
    first, second = await stage.cards()
    assert (first.last_four, first.is_default, second.is_default) == ("1111", True, False)
    db, now = stage.services.db, stage.now()
    other = Actor(Role.USER, await stage.scene.add("other@example.kz"))
    manager = Actor(Role.USER, other.user_id, acts_for=stage.seller.user_id)
    for actor, error in ((other, NotFound), (manager, PermissionDenied)):
        for act in (cards.make_default, cards.remove):
            with pytest.raises(error):
                async with db.write() as tx:
                    await act(tx, actor, first.id, now)
    async with db.write() as tx:
        await cards.make_default(tx, stage.seller, second.id, now)
    assert (await stage.subscriptions())[0].card_id == second.id
    payment = await stage.begin(Plan.PRO, card_id=second.id)
    async with db.write() as tx:
        await cards.remove(tx, stage.seller, second.id, now)
    assert [it.id for it in await stage.cards()] == [first.id]
    assert (await stage.subscriptions())[0].card_id == first.id
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.DECLINED
    assert (await stage.payment(payment)).failure_code == "no_card"
    async with db.write() as tx:
        await cards.remove(tx, stage.seller, first.id, now)
    assert (await stage.subscriptions())[0].card_id is None


async def test_a_renewing_card_that_is_not_the_default_is_replaced_when_it_is_removed(
    stage: CardStage,
) -> None:
    await stage.pay(CARD)
    stage.scene.clock.move(days=36)
    await stage.pay(PAYS_ONCE)
    first, second = await stage.cards()
    assert first.is_default
    assert (await stage.subscriptions())[0].card_id == second.id
    async with stage.services.db.write() as tx:
        await cards.remove(tx, stage.seller, second.id, stage.now())
    assert (await stage.subscriptions())[0].card_id == first.id


async def test_what_a_saved_card_is_to_pay_has_no_link(stage: CardStage) -> None:
    payment = await stage.renewal()
    with pytest.raises(PaymentClosed):
        await links.open_link(stage.till, stage.seller, payment.id)
    assert len(stage.machine.orders) == 1  # the one that the card came from


async def test_late_money_leaves_the_card_alone(stage: CardStage) -> None:
    await stage.pay(CARD)
    (saved,) = await stage.cards()
    stage.scene.clock.move(days=36)
    transfer = await stage.begin()  # of the same days, given up for the saved card below
    renewal = await stage.begin(card_id=saved.id)
    now, sum_ = stage.now(), transfer.amount
    async with stage.services.db.write() as tx:
        money = Settlement(sum_, "KZT", "kaspi:1", PaymentMethod.KASPI_TRANSFER, now)
        await payments.paid(tx, SYSTEM, transfer.invoice_id, money, now)
    assert await charge(stage.till, SYSTEM, renewal.id) is ChargeState.NOTHING
    assert len(stage.machine.transactions) == 1
    assert (await stage.payment(renewal)).status == PaymentStatus.CANCELLED


async def test_early_webhooks_take_turns(stage: CardStage) -> None:
    for number in ("1", "2"):
        await stage.tell("Refund", TransactionId=number, PaymentTransactionId="9", Amount="1")
    seen = []
    for _ in range(3):
        stage.scene.clock.move(seconds=10)
        async with stage.services.db.read() as tx:
            (waiting,) = await gateway_queries.list_waiting(tx, 1)
        seen.append(waiting)
        async with stage.services.db.write() as tx:
            await hearing.take_waiting(tx, stage.till.ear, stage.now(), event_id=waiting)
    assert seen[0] == seen[2] != seen[1]


async def _paid(stage: CardStage) -> Payment:
    payment = await stage.begin()
    await stage.pay(CARD, payment)
    return payment


async def _ask(stage: CardStage, payment: Payment, amount: int | None = None) -> Refund:
    async with stage.services.db.write() as tx:
        return await refunds.request(
            tx, SYSTEM, payment.invoice_id, stage.now(), amount=amount, reason="по просьбе"
        )


async def test_refunds_in_part_and_whole(stage: CardStage) -> None:
    payment = await _paid(stage)
    part = await _ask(stage, payment, 99_900)
    assert await send_refund(stage.till, SYSTEM, part.id) is RefundState.DONE
    rest = await _ask(stage, payment)
    assert await send_refund(stage.till, SYSTEM, rest.id) is RefundState.DONE
    await stage.machine.hooks.settled()
    assert await send_refund(stage.till, SYSTEM, rest.id) is RefundState.NOTHING
    found = await stage.payment(payment)
    assert (found.status, found.refunded) == (PaymentStatus.REFUNDED, PRICE)
    assert [it.status for it in await stage.refunds()] == [RefundStatus.DONE] * 2
    assert (await stage.topics()).count("billing.refunded") == 2
    assert await stage.gateway_balance() == 0


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("after", [True, False])
async def test_a_refund_whose_sender_was_killed(
    stage: CardStage, *, after: bool, is_told: bool
) -> None:
    payment = await _paid(stage)
    if not is_told:
        stage.machine.hooks.addresses["Refund"] = ""
    refund = await _ask(stage, payment, 99_900)
    with pytest.raises(Killed):
        await send_refund(dying(stage, after=after), SYSTEM, refund.id)
    await stage.machine.hooks.settled()
    is_known = after and is_told
    expected = RefundState.NOTHING if is_known else RefundState.DONE
    assert await send_refund(stage.till, SYSTEM, refund.id) is expected
    await stage.machine.hooks.settled()
    assert [it.status for it in await stage.refunds()] == [RefundStatus.DONE]
    assert await stage.gateway_balance() == PRICE - 99_900
    (paid,) = (it for it in stage.machine.transactions.values() if not it.is_refund)
    assert paid.refunded == 99_900


async def test_a_refund_is_not_repeated_after_its_hour(stage: CardStage) -> None:
    payment = await _paid(stage)
    stage.machine.hooks.is_held = True
    refund = await _ask(stage, payment, 99_900)
    with pytest.raises(Killed):
        await send_refund(dying(stage, after=True), SYSTEM, refund.id)
    stage.scene.clock.move(minutes=55)
    assert await send_refund(stage.till, SYSTEM, refund.id) is RefundState.DONE  # found in its day
    assert [it.is_refund for it in stage.machine.transactions.values()].count(True) == 1
    stage.machine.hooks.release()
    await stage.machine.hooks.settled()
    assert await stage.gateway_balance() == PRICE - 99_900
    assert [it.status for it in await stage.refunds()] == [RefundStatus.DONE]


async def test_a_refund_that_the_gateway_refuses(stage: CardStage) -> None:
    payment = await _paid(stage)
    stage.machine.hooks.addresses["Refund"] = ""
    (paid,) = stage.machine.transactions.values()
    stage.machine.refund(paid, PRICE)
    refund = await _ask(stage, payment, 99_900)
    assert await send_refund(stage.till, SYSTEM, refund.id) is RefundState.REFUSED
    assert [it.status for it in await stage.refunds()] == [RefundStatus.REFUSED]
    assert await stage.gateway_balance() == PRICE


async def test_a_refund_made_in_the_cabinet_counts_and_no_more_than_was_paid(
    stage: CardStage,
) -> None:
    payment = await _paid(stage)
    (paid,) = stage.machine.transactions.values()
    stage.machine.refund(paid, 99_900)
    await stage.machine.hooks.settled()
    assert await stage.gateway_balance() == PRICE - 99_900
    answer = await stage.tell(
        "Refund", TransactionId="99", PaymentTransactionId=str(paid.id), Amount="9999.00",
        InvoiceId=payment.invoice_id,
    )  # fmt: skip
    assert answer.json() == {"code": 0}
    assert (await stage.events())[-1] == ("refund", "refused", "wrong_sum")
    assert await stage.gateway_balance() == PRICE - 99_900


async def test_a_day_is_compared(stage: CardStage) -> None:
    payment = await _paid(stage)
    day = START.date()
    assert await comparing.compare_day(stage.till, SYSTEM, day) == []
    stage.machine.hooks.addresses["Refund"] = ""
    (paid,) = stage.machine.transactions.values()
    refund = stage.machine.refund(paid, 99_900)
    (unknown,) = await comparing.compare_day(stage.till, SYSTEM, day)
    assert (unknown.kind, unknown.is_refund) == (DifferenceKind.NOT_OURS, True)
    del stage.machine.transactions[refund.id]
    paid.amount = 1
    (wrong,) = await comparing.compare_day(stage.till, SYSTEM, day)
    assert (wrong.kind, wrong.there, wrong.here) == (DifferenceKind.SUM, 1, PRICE)
    paid.created -= 86_400
    assert await comparing.compare_day(stage.till, SYSTEM, day) == []
    stage.machine.transactions.clear()
    (lost,) = await comparing.compare_day(stage.till, SYSTEM, day)
    assert (lost.kind, lost.invoice_id) == (DifferenceKind.NOT_THERE, payment.invoice_id)
    with pytest.raises(PermissionDenied):
        await comparing.compare_day(stage.till, stage.seller, day)
