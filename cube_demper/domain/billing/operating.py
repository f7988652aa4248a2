"""What an operator does about money from a terminal, and later from the admin app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import payment_queries, payments, refunds
from cube_demper.domain.billing.errors import NoSuchPayment, PaymentClosed, WrongSum
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.domain.billing.schemas import CURRENCY, PlanOffer, Settlement
from cube_demper.domain.billing.service import plans
from cube_demper.domain.billing.words import METHOD_WORDS
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, Plan, RefundStatus

STATES: Final = {
    PaymentStatus.CREATED: "ждёт оплаты",
    PaymentStatus.AUTHORIZED: "деньги заморожены",
    PaymentStatus.PAID: "оплачен",
    PaymentStatus.FAILED: "не прошёл",
    PaymentStatus.CANCELLED: "отменён",
    PaymentStatus.EXPIRED: "просрочен",
    PaymentStatus.PARTLY_REFUNDED: "возвращён частично",
    PaymentStatus.REFUNDED: "возвращён",
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that a person saw on a statement. `reference`: its number there.

    `is_second`: the invoice is paid already, and this is other money for it, which lies on the balance.
    """

    invoice_id: str
    amount: int
    method: PaymentMethod
    at: datetime
    reference: str = ""
    is_second: bool = False

    @property
    def transaction_id(self) -> str:
        """Return what one transfer is known by, however often it is confirmed."""
        return f"{self.method}:{self.reference or self.invoice_id}"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment for an operator, in words."""

    at: datetime
    invoice_id: str
    email: str
    plan: str
    amount: int
    method: str
    words: str


async def confirm(tx: WriteTx, actor: Actor, transfer: Transfer, now: datetime) -> PaymentLine:
    """Take in a transfer that a person saw on a statement. Confirmed twice, it is refused in words.

    Raises NoSuchPayment, WrongSum naming both sums, PaymentClosed, PermissionDenied.
    """
    actor.require_operator()
    payment = await payment_queries.find_by_invoice(tx, transfer.invoice_id)
    if payment is None:
        raise NoSuchPayment(f"Счёта {transfer.invoice_id} нет.")
    if await payment_queries.find_by_transaction(tx, transfer.transaction_id) is not None:
        raise PaymentClosed(f"Перевод {transfer.reference or transfer.invoice_id} уже записан.")
    if payment.status in SETTLED and not (transfer.is_second and transfer.reference):
        raise PaymentClosed(
            f"Счёт {transfer.invoice_id} уже оплачен. Если это ещё один перевод, добавьте --second и"
            " --reference с его номером в выписке."
        )
    due = payment.amount - payment.from_balance
    if due != transfer.amount:
        raise WrongSum(
            f"В счёте {format_tenge(due)}, а пришло {format_tenge(transfer.amount)}: не принято."
        )
    money = Settlement(
        transfer.amount, CURRENCY, transfer.transaction_id, transfer.method, transfer.at
    )
    before = payment.status
    await payments.paid(tx, actor, transfer.invoice_id, money, now)
    await tx.refresh(payment)
    details = {
        "amount": transfer.amount,
        "method": transfer.method,
        "reference": transfer.reference,
    }
    await audit.record(
        tx, actor, "transfer_confirmed", "payment", payment.id, owner=payment.user_id,
        before={"status": before}, after={"status": payment.status}, **details,
    )  # fmt: skip
    user = await tx.get_one(User, payment.user_id)
    taken = await payment_queries.find_by_transaction(tx, transfer.transaction_id)
    return _line(taken or payment, user.email, await plans(tx))


async def give_back(
    tx: WriteTx,
    actor: Actor,
    invoice_id: str,
    now: datetime,
    *,
    amount: int | None,
    reason: str,
) -> str:
    """Give money back and say in words what happens next. Raises as `refunds.request` does."""
    refund = await refunds.request(tx, actor, invoice_id, now, amount=amount, reason=reason)
    words = f"{invoice_id}: возврат {format_tenge(refund.amount)}"
    if refund.to_balance:
        words += f", из них на баланс {format_tenge(refund.to_balance)}"
    if refund.status == RefundStatus.DONE:
        return f"{words} записан. Деньги за перевод верните сами."
    return f"{words} отправится на карту через минуту."


async def list_payments(
    tx: ReadTx, actor: Actor, *, email: str = "", limit: int = 20
) -> Sequence[PaymentLine]:
    """Return the last payments, of one person when given. Raises PermissionDenied."""
    actor.require_operator()
    rows = await payment_queries.list_latest(tx, email, limit)
    offers = await plans(tx)
    return [_line(payment, address, offers) for payment, address in rows]


def _line(payment: Payment, email: str, offers: Mapping[Plan, PlanOffer]) -> PaymentLine:
    words = STATES[PaymentStatus(payment.status)]
    if payment.is_credited:
        words += ", деньги на балансе"
    return PaymentLine(
        at=payment.paid_at or payment.created_at,
        invoice_id=payment.invoice_id,
        email=email,
        plan=offers[Plan(payment.plan)].title,
        amount=payment.amount,
        method=METHOD_WORDS[payment.method].lower().replace("kaspi", "Kaspi"),
        words=words,
    )
