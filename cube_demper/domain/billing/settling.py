"""What money that came does: the ledger, the subscription it bought, or the balance when it buys nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import balances, ledger, subscribing
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus
from cube_demper.models.ledger import Account

PAID_TOPIC: Final = "billing.paid"
MONEY: Final = {
    PaymentMethod.CARD: Account.GATEWAY,
    PaymentMethod.BANK_INVOICE: Account.BANK,
    PaymentMethod.KASPI_TRANSFER: Account.KASPI,
}
"""Where the money of each method lies; the balance is no such place."""


def money_line(method: str, amount: int) -> list[Line]:
    """Return the line of money that came (or went, negative) by this method; none for nothing."""
    return [Line(MONEY[PaymentMethod(method)], amount)] if amount else []


async def settle(
    tx: WriteTx, payment: Payment, settlement: Settlement, now: datetime, *, was_closed: bool
) -> None:
    """Book a payment and turn it into a subscription; what buys nothing any more stays the person's."""
    is_covered = payment.from_balance <= await balances.spendable(tx, payment.user_id)
    if not is_covered or await subscribing.is_stale(tx, payment, now):
        await _credit(tx, payment, settlement, now)
        return
    await ledger.post(
        tx,
        Posting(
            f"paid:{payment.id}",
            "payment",
            [
                *money_line(settlement.method, settlement.amount),
                Line(Account.CUSTOMER, payment.from_balance, user_id=payment.user_id),
                Line(Account.REVENUE, -payment.amount),
            ],
            payment_id=payment.id,
        ),
        now,
    )
    await subscribing.apply(tx, payment, now)
    details = {"amount": payment.amount, "plan": payment.plan, "late": was_closed}
    await audit.record(tx, SYSTEM, "payment_paid", "payment", payment.id, **details)
    await _tell(tx, payment, now)


async def take_extra(tx: WriteTx, payment: Payment, settlement: Settlement, now: datetime) -> None:
    """Keep money that came for an invoice that was paid before: it lies on the balance, to be returned."""
    extra = Payment(
        user_id=payment.user_id,
        plan=payment.plan,
        purpose=payment.purpose,
        method=settlement.method,
        status=PaymentStatus.PAID,
        amount=settlement.amount,
        invoice_id=f"{payment.invoice_id}/{settlement.transaction_id}",
        gateway_transaction_id=settlement.transaction_id,
        is_test=settlement.is_test,
        paid_at=settlement.at,
    )
    tx.add(extra)
    await tx.flush()
    await _credit(tx, extra, settlement, now)


async def _credit(tx: WriteTx, payment: Payment, settlement: Settlement, now: datetime) -> None:
    """Keep money as the person's own. Who earns by it earns now: spent from the balance it earns no more."""
    payment.is_credited = True
    payment.amount, payment.from_balance = settlement.amount, 0
    await tx.flush()
    await ledger.post(
        tx,
        Posting(
            f"paid:{payment.id}",
            "credit",
            [
                *money_line(settlement.method, settlement.amount),
                Line(Account.CUSTOMER, -settlement.amount, user_id=payment.user_id),
            ],
            payment_id=payment.id,
        ),
        now,
    )
    await audit.record(
        tx, SYSTEM, "payment_credited", "payment", payment.id, amount=settlement.amount
    )
    await _tell(tx, payment, now)
    tx.emit(f"user:{payment.user_id}", "billing", payment.id)


async def _tell(tx: WriteTx, payment: Payment, now: datetime) -> None:
    payload = {
        "payment_id": str(payment.id),
        "user_id": str(payment.user_id),
        "amount": payment.amount,
        "from_balance": payment.from_balance,
    }
    await outbox.enqueue(tx, PAID_TOPIC, payment.id, payload, now)
