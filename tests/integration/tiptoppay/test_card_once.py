"""What was given up is not charged, what may have left is not sent again, what is not known is not «no»."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from card_stage import CARD, CardStage
from sqlalchemy import text

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import charging, links, payments, queries, refunds
from cube_demper.domain.billing.charging import ChargeState, charge, charge_or_learn
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.errors import BeingGivenBack
from cube_demper.domain.billing.gateway import RefundOutcome, Transaction, UnknownOutcome
from cube_demper.domain.billing.refunding import RefundState, send_refund
from cube_demper.models.billing import Payment, PaymentStatus, Plan, RefundStatus

PRICE = 999_900


@dataclass
class Mute:
    """A gateway that does what it is asked and whose answers are lost; its lists are late."""

    inner: Any
    asked: list[str] = field(default_factory=list)

    async def charge_token(self, asked: Any) -> UnknownOutcome:
        await self.inner.charge_token(asked)
        return UnknownOutcome("тайм-аут")

    async def refund(self, transaction_id: str, amount: int, request_id: str) -> RefundOutcome:
        self.asked.append(request_id)
        await self.inner.refund(transaction_id, amount, request_id)
        return UnknownOutcome("тайм-аут")

    async def find(self, _invoice_id: str) -> None:
        return None

    async def list_day(self, _day: object) -> Sequence[Transaction]:
        return ()


async def _cancel(stage: CardStage, payment: Payment) -> None:
    async with stage.services.db.write() as tx:
        await payments.cancel(tx, stage.seller, payment.id)


async def test_what_was_given_up_is_not_charged(stage: CardStage) -> None:
    payment = await stage.renewal()
    await _cancel(stage, payment)
    for asked in (SYSTEM, stage.seller):
        assert await charge(stage.till, asked, payment.id) is ChargeState.NOTHING
    assert await charge_or_learn(stage.till, SYSTEM, payment.id) is ChargeState.NOTHING
    assert len(stage.machine.transactions) == 1
    assert not await stage.attempts()
    assert (await stage.payment(payment)).status == PaymentStatus.CANCELLED


async def test_what_is_given_up_while_a_charge_waits_for_it_is_not_charged(
    stage: CardStage,
) -> None:
    payment = await stage.renewal()
    async with stage.services.db.write() as tx:
        await queries.lock_user(tx, stage.seller.owner_id)
        waiting = asyncio.create_task(charge(stage.till, SYSTEM, payment.id))
        await _someone_waits(stage)
        await payments.cancel(tx, stage.seller, payment.id)
    assert await waiting is ChargeState.NOTHING
    assert len(stage.machine.transactions) == 1


async def _someone_waits(stage: CardStage) -> None:
    query = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _ in range(1_000):
        async with stage.services.db.read() as tx:
            if await tx.scalar(query):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("minutes", [0, 3, 59])
async def test_a_charge_that_is_not_found_within_the_hour_is_not_made_again(
    stage: CardStage, minutes: int
) -> None:
    """The gateway's list is late: the charge is there, and no look of that hour shows it."""
    payment = await stage.renewal()
    stage.machine.hooks.addresses["Pay"] = ""
    deaf = replace(stage.till, gateway=Mute(stage.till.gateway))
    assert await charge(deaf, SYSTEM, payment.id) is ChargeState.UNKNOWN
    stage.scene.clock.move(minutes=minutes)
    assert await charge_or_learn(deaf, SYSTEM, payment.id) is ChargeState.UNKNOWN
    await charging.reconcile_all(deaf, SYSTEM)
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    assert [it.outcome for it in await stage.attempts()] == ["unknown"]
    assert len(stage.machine.transactions) == 2
    stage.scene.clock.move(minutes=10)
    assert await charge_or_learn(stage.till, SYSTEM, payment.id) is ChargeState.PAID
    assert len(stage.machine.transactions) == 2
    assert await stage.gateway_balance() == 2 * PRICE


async def test_the_hour_of_a_refund_is_counted_from_its_first_try(stage: CardStage) -> None:
    """The gateway keeps a request id for an hour from then: each repeat does not make that longer."""
    payment = await stage.begin()
    await stage.pay(payment=payment)
    stage.machine.hooks.addresses["Refund"] = ""
    async with stage.services.db.write() as tx:
        refund = await refunds.request(
            tx, SYSTEM, payment.invoice_id, stage.now(), amount=99_900, reason="по просьбе"
        )
    mute = Mute(stage.till.gateway)
    deaf = replace(stage.till, gateway=mute)
    for _ in range(4):  # at once, after 25, 50 and 75 minutes
        assert await send_refund(deaf, SYSTEM, refund.id) is RefundState.UNKNOWN
        stage.scene.clock.move(minutes=25)
    assert len(mute.asked) == 3
    assert len(set(mute.asked)) == 1
    (paid,) = (it for it in stage.machine.transactions.values() if not it.is_refund)
    assert paid.refunded == 99_900
    assert [it.status for it in await stage.refunds()] == [RefundStatus.SENT]


async def test_a_gateway_that_is_away_is_asked_ever_less_often_in_one_row(stage: CardStage) -> None:
    payment = await stage.renewal()
    away = stage.terminal.build(TIPTOPPAY_URL="http://127.0.0.1:9")
    till, started, tried = replace(stage.till, gateway=away), stage.now(), []
    for _ in range(6 * 60):  # the worker looks every ten seconds
        async with stage.services.db.read() as tx:
            found = await dunning.open_charges(tx, SYSTEM, stage.now())
        if found:
            tried.append((stage.now() - started).total_seconds())
            assert await charge(till, SYSTEM, payment.id) is ChargeState.LATER
        stage.scene.clock.move(seconds=10)
    waits = [after - before for before, after in itertools.pairwise(tried)]
    assert waits[0] < 30  # the client itself waits some seconds between its own tries
    assert all(after >= before for before, after in itertools.pairwise(waits[:6]))
    assert 600 <= waits[-1] < 640
    assert len(tried) < 14
    (attempt,) = await stage.attempts()
    assert (attempt.outcome, attempt.tries) == ("not_sent", len(tried))
    assert await charge(stage.till, stage.seller, payment.id) is ChargeState.PAID  # a person asks
    await stage.machine.hooks.settled()
    await away.aclose()
    assert [it.outcome for it in await stage.attempts()] == ["approved"]
    assert await stage.gateway_balance() == 2 * PRICE


async def test_a_link_of_an_upgrade_whose_plan_is_given_back_is_refused_in_words(
    stage: CardStage,
) -> None:
    bought = await stage.begin()
    await stage.pay(payment=bought)
    stage.scene.clock.move(days=20)
    upgrade = await stage.begin(Plan.PRO)
    url = await links.open_link(stage.till, stage.seller, upgrade.id)
    async with stage.services.db.write() as tx:
        await refunds.request(tx, SYSTEM, bought.invoice_id, stage.now(), amount=None, reason="")
    with pytest.raises(BeingGivenBack):
        await links.open_link(stage.till, stage.seller, upgrade.id)
    await stage.http.post(url, data={"card": CARD})  # on the gateway's page, opened before
    await stage.machine.hooks.settled()
    assert await stage.gateway_balance() == PRICE
    assert (await stage.payment(upgrade)).status == PaymentStatus.CANCELLED


async def test_a_refund_told_of_anothers_account_gives_nothing_back(stage: CardStage) -> None:
    payment = await stage.begin()
    await stage.pay(payment=payment)
    (paid,) = stage.machine.transactions.values()
    answer = await stage.tell(
        "Refund", TransactionId="99", PaymentTransactionId=str(paid.id), Amount="9999.00",
        InvoiceId=payment.invoice_id, AccountId="11111111-1111-1111-1111-111111111111",
    )  # fmt: skip
    assert answer.json() == {"code": 0}
    assert (await stage.events())[-1] == ("refund", "refused", "anothers_invoice")
    assert await stage.gateway_balance() == PRICE
