"""What the operator does about cards: commands, `cube doctor`, the worker's part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from card_stage import CARD, LOSES_ANSWER, CardStage
from click.testing import CliRunner, Result

from cube_demper.card_commands import card_commands
from cube_demper.doctor.payments import look_at_payments
from cube_demper.doctor.report import Level
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import charging, refunds
from cube_demper.models.billing import PaymentStatus, RefundStatus
from cube_demper.sandbox.tiptoppay.world import Transaction
from workers.card_payments import CardPayments

PRICE = 999_900
Invoke = Callable[..., "asyncio.Future[Result]"]


@pytest.fixture
async def cube(stage: CardStage) -> Invoke:
    """Run a command as `cube billing …` does, with the stage's services."""
    loop = asyncio.get_running_loop()

    def run(work: Callable) -> object:
        return asyncio.run_coroutine_threadsafe(work(stage.services), loop).result()

    commands = {it.name: it for it in card_commands(run)}

    def invoke(name: str, *arguments: str) -> asyncio.Future[Result]:
        return asyncio.ensure_future(
            asyncio.to_thread(CliRunner().invoke, commands[name], arguments)
        )

    return invoke


async def _say(stage: CardStage) -> list[tuple[Level, str]]:
    async with stage.services.db.read() as tx:
        found = await look_at_payments(stage.services, tx, stage.now())
    return [(it.level, " ".join([it.text, *it.details])) for it in found]


async def test_the_worker_sends_refunds(stage: CardStage) -> None:
    payment = await stage.begin()
    await stage.pay(CARD, payment)
    async with stage.services.db.write() as tx:
        asked = await refunds.request(
            tx, SYSTEM, payment.invoice_id, stage.now(), amount=100_000, reason="по просьбе"
        )
    worker = CardPayments(stage.services)
    await worker.send_refund(asked.id)
    await worker.aclose()
    await stage.machine.hooks.settled()
    assert [it.status for it in await stage.refunds()] == [RefundStatus.DONE]
    assert await stage.gateway_balance() == PRICE - 100_000


async def test_a_day_is_compared_by_command(stage: CardStage, cube: Invoke) -> None:
    await stage.pay()
    day = f"{stage.now():%Y-%m-%d}"
    assert (await cube("compare", "--day", day)).output == "Расхождений нет.\n"
    (paid,) = stage.machine.transactions.values()
    paid.amount = 100
    stage.scene.clock.move(days=1)
    told = await cube("compare")
    assert told.exit_code == 1
    assert "суммы не совпадают, там 1\u00a0₸, у нас 9\u00a0999\u00a0₸" in told.output
    assert any("не сошлось: 1" in words for _, words in await _say(stage))


async def test_webhooks_are_pointed_at_us(stage: CardStage, cube: Invoke) -> None:
    stage.machine.hooks.addresses.clear()
    assert (await _say(stage))[1][0] is Level.BAD
    done = await cube("webhooks")
    assert done.exit_code == 0
    assert "Pay: http://localhost:3000/webhooks/tiptoppay/pay\n" in done.output
    assert len(done.output.splitlines()) == 7
    assert [level for level, _ in await _say(stage)] == [Level.GOOD] * 3


async def test_the_doctor_counts_what_needs_a_person(stage: CardStage) -> None:
    payment = await stage.renewal(LOSES_ANSWER)
    stage.machine.hooks.addresses["Pay"] = ""
    worker = CardPayments(stage.services)
    await charging.charge(stage.till, SYSTEM, payment.id)
    fields = {"TransactionId": "5", "InvoiceId": payment.invoice_id, "Amount": "1.00"}
    await stage.tell("Pay", **fields, Status="Completed", Currency="KZT")
    await stage.tell("Fail", **fields | {"InvoiceId": "CD-NOBODYS0"})
    stage.scene.clock.move(hours=2)
    told = await _say(stage)
    assert any("без ответа дольше часа: 1\u00a0списание" in words for _, words in told)
    assert any(words.endswith("за неделю: 1 wrong_sum: 1") for _, words in told)
    assert any("которых у нас нет, за неделю: 1" in words for _, words in told)
    await worker.charge(payment.id)
    await worker.aclose()
    assert (await stage.payment(payment)).status == PaymentStatus.PAID
    assert not any("без ответа" in words for _, words in await _say(stage))


async def test_the_worker_sweeps_lost_charges_of_closed_payments(stage: CardStage) -> None:
    payment = await stage.renewal(LOSES_ANSWER)
    stage.machine.hooks.addresses["Pay"] = ""
    worker = CardPayments(stage.services)
    await charging.charge(stage.till, SYSTEM, payment.id)
    assert (await stage.payment(payment)).status == PaymentStatus.CREATED
    stage.scene.clock.move(minutes=5)
    await worker.sweep()
    await worker.sweep()
    await worker.aclose()
    found = await stage.payment(payment)
    assert found.status == PaymentStatus.PAID
    assert found.paid_at is not None
    assert stage.now() - found.paid_at == timedelta(minutes=5)


async def _lost_refund(stage: CardStage) -> str:
    """Lose a refund's answer and its webhook until its id may be used no more."""
    payment = await stage.begin()
    await stage.pay(CARD, payment)
    async with stage.services.db.write() as tx:
        asked = await refunds.request(
            tx, SYSTEM, payment.invoice_id, stage.now(), amount=100_000, reason="по просьбе"
        )
    stage.machine.hooks.addresses["Refund"] = ""
    stage.terminal.sandbox.fault("reset_after", "tip_refund", count=1)
    worker = CardPayments(stage.services)
    await worker.send_refund(asked.id)
    assert [it.status for it in await stage.refunds()] == [RefundStatus.SENT]
    stage.scene.clock.move(hours=2)
    await worker.send_refund(asked.id)
    await worker.aclose()
    return payment.invoice_id


async def test_a_refund_whose_answer_was_lost_is_found_in_the_day(
    stage: CardStage, cube: Invoke
) -> None:
    await _lost_refund(stage)
    (done,) = await stage.refunds()
    assert (done.status, done.gateway_refund_id) == (
        RefundStatus.DONE,
        str(list(stage.machine.transactions)[-1]),
    )
    assert await stage.gateway_balance() == PRICE - 100_000
    assert (await cube("stuck")).output == "Ничего не зависло.\n"


@pytest.mark.parametrize("is_made", [True, False])
async def test_a_refund_that_nobody_knows_of_waits_for_a_person(
    stage: CardStage, cube: Invoke, is_made: bool
) -> None:
    listed = stage.machine.refund
    lost: list[Transaction] = []

    def forget(payment: Transaction, amount: int) -> Transaction:
        lost.append(listed(payment, amount))
        del stage.machine.transactions[lost[-1].id]
        return lost[-1]

    stage.machine.refund = forget  # type: ignore[method-assign]
    invoice = await _lost_refund(stage)
    async with stage.services.db.read() as tx:
        assert list(await refunds.unsent(tx, SYSTEM, stage.now(), 9)) == []  # looked up just now
        later = stage.now() + timedelta(days=1)
        assert len(await refunds.unsent(tx, SYSTEM, later, 9)) == 1
    told = (await cube("stuck")).output
    assert told.startswith(f"возврат {invoice}, 1\u00a0000\u00a0₸, seller@example.kz, с 27.11.2026")
    assert "cube billing stuck СЧЁТ --not-made" in told
    assert any("без ответа дольше часа: 1\u00a0возврат" in words for _, words in await _say(stage))
    assert (await cube("stuck", invoice)).exit_code == 2
    stage.machine.refund = listed  # type: ignore[method-assign]
    if is_made:
        said = await cube("stuck", invoice, "--made-as", str(lost[0].id))
    else:
        for paid in stage.machine.transactions.values():
            paid.refunded = 0
        said = await cube("stuck", invoice, "--not-made")
        worker = CardPayments(stage.services)
        await worker.send_refund((await stage.refunds())[0].id)
        await worker.aclose()
    assert said.exit_code == 0, said.output
    assert [it.status for it in await stage.refunds()] == [RefundStatus.DONE]
    assert await stage.gateway_balance() == PRICE - 100_000
    assert (await cube("stuck", invoice, "--not-made")).exit_code != 0


async def test_a_charge_that_nobody_knows_of_is_decided_by_a_person(
    stage: CardStage, cube: Invoke
) -> None:
    payment = await stage.renewal(LOSES_ANSWER)
    stage.machine.hooks.addresses["Pay"] = ""
    await charging.charge(stage.till, SYSTEM, payment.id)
    made = list(stage.machine.transactions.values())[-1]
    assert (
        await cube("stuck", payment.invoice_id, "--not-made")
    ).exit_code != 0  # it may yet answer
    stage.scene.clock.move(hours=2)
    said = await cube("stuck", payment.invoice_id, "--made-as", str(made.id))
    assert "9\u00a0999\u00a0₸ приняты" in said.output
    assert (await stage.payment(payment)).status == PaymentStatus.PAID
    assert await stage.gateway_balance() == 2 * PRICE
    assert [it.outcome for it in await stage.attempts()] == ["approved"]
