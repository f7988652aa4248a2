"""What a transaction of the gateway does to its payment, whether a webhook, a charge or a look told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict
from cube_demper.core.money import format_tenge
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import (
    cards,
    declines,
    gateway_queries,
    payment_queries,
    payments,
    queries,
)
from cube_demper.domain.billing.errors import NoSuchPayment, TestPayment, WrongSum
from cube_demper.domain.billing.gateway import Transaction
from cube_demper.domain.billing.machine import OPEN
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.billing import Payment, PaymentMethod
from cube_demper.models.gateway import ChargeResult

_OLDEST: Final = timedelta(days=30)
_AHEAD: Final = timedelta(hours=1)


class AnothersInvoice(Conflict):
    """Счёт выставлен другому человеку."""

    code = "anothers_invoice"


async def held(tx: WriteTx, told: Transaction) -> Payment:
    """Return the payment of a transaction with its person's money held.

    Raises NoSuchPayment, AnothersInvoice.
    """
    found = await payment_queries.find_by_invoice(tx, told.invoice_id)
    if found is None or await queries.lock_user(tx, found.user_id) is None:
        raise NoSuchPayment
    payment = await payment_queries.find_by_invoice(tx, told.invoice_id)
    if payment is None:
        raise NoSuchPayment
    if told.account_id not in ("", str(payment.user_id)):
        raise AnothersInvoice
    return payment


async def take(
    tx: WriteTx, secrets: SecretBox, told: Transaction, now: datetime, *, is_test_allowed: bool
) -> None:
    """Take money in, keep the card that paid, end the try that it belongs to.

    Raises NoSuchPayment, AnothersInvoice, WrongSum, TestPayment, AnothersTransaction.
    """
    payment = await held(tx, told)
    at = _believed(told.at, now)
    if told.is_test and not is_test_allowed:
        raise TestPayment
    if told.amount is None:
        raise WrongSum
    card = await cards.keep(tx, secrets, payment.user_id, told.card, at)
    if card is not None and payment.card_id is None:
        payment.card_id = card.id
    settlement = Settlement(
        told.amount, told.currency, told.id, PaymentMethod.CARD, at, is_test=told.is_test
    )
    await payments.paid(
        tx, SYSTEM, payment.invoice_id, settlement, now, is_test_allowed=is_test_allowed
    )
    await _end_try(tx, payment, ChargeResult.APPROVED, told)


async def take_hold(
    tx: WriteTx, secrets: SecretBox, told: Transaction, now: datetime, *, is_test_allowed: bool
) -> None:
    """Note that money is held on a card: it is not ours before it is taken. Raises as `take`."""
    payment = await held(tx, told)
    if told.is_test and not is_test_allowed:
        raise TestPayment
    if (told.amount, told.currency) != (payment.amount - payment.from_balance, payment.currency):
        raise WrongSum
    await cards.keep(tx, secrets, payment.user_id, told.card, _believed(told.at, now))
    await payments.authorized(tx, SYSTEM, payment.invoice_id)


async def decline(tx: WriteTx, told: Transaction, code: str, words: str = "") -> None:
    """Note that the bank said no. Raises NoSuchPayment, AnothersInvoice.

    Who pays on the gateway's page may take another card there: such a payment stays open.
    """
    payment = await held(tx, told)
    if told.id and await gateway_queries.has_ended_try(tx, payment.id, told.id):
        return  # told again, and late: another try may be on its way by now
    result = ChargeResult.THREE_DS if code == declines.THREE_DS else ChargeResult.DECLINED
    was_charged = await _end_try(tx, payment, result, told)
    shown = declines.words_of(code, words)
    if was_charged:
        await _ask_to_pay(tx, payment, shown)
    if was_charged or payment.gateway_order_id is None:
        await payments.failed(
            tx, SYSTEM, payment.invoice_id, code=code, words=shown, transaction_id=told.id or None
        )
    elif payment.status in OPEN:
        payment.failure_code, payment.failure_words = code, shown
        tx.emit(f"user:{payment.user_id}", "billing", payment.id)


async def _ask_to_pay(tx: WriteTx, payment: Payment, words: str) -> None:
    """Tell the person that their saved card did not pay: they were not there to see it."""
    asked = format_tenge(payment.amount - payment.from_balance)
    tell = Tell(
        user_id=payment.user_id,
        kind="payment_due",
        title=f"Не удалось списать {asked}",
        dedupe_key=f"charge:{payment.id}",
        body=f"{words.rstrip('.')}. Оплатите сами или выберите другую карту.",
        link="/billing",
    )
    await notifications.notify(tx, SYSTEM, tell)


async def _end_try(tx: WriteTx, payment: Payment, result: ChargeResult, told: Transaction) -> bool:
    """End the try that is on its way; tell whether there was one."""
    attempt = await gateway_queries.find_open_attempt(tx, payment.id)
    if attempt is not None:
        attempt.outcome, attempt.transaction_id = result, told.id or None
        attempt.code, attempt.words = told.code or None, told.words or None
        await tx.flush()
    return attempt is not None


def _believed(at: datetime | None, now: datetime) -> datetime:
    """Return when it was paid; a gateway's clock that is far off is not believed."""
    return at if at is not None and now - _OLDEST <= at <= now + _AHEAD else now
