"""What a seller is told of money: handlers of `billing.paid` and `billing.refunded`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.money import format_tenge
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing.access import system_only
from cube_demper.domain.billing.dunning.telling import PAGE, day
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.billing import Payment, PaymentStatus, Refund


async def paid(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 - a handler's shape
    """Say that a plan is paid for, and until when."""
    system_only(actor)
    payment = await tx.get(Payment, UUID(payload["payment_id"]))
    if payment is not None and payment.is_credited:
        await _credited(tx, payment)
        return
    if payment is None or payment.service_to is None:
        return
    body = f"{_how(payment)}. Оплачено до {day(payment.service_to)}."
    title = f"Тариф {payment.plan.upper()} оплачен"
    await _tell(tx, payment.user_id, title, body, f"paid:{payment.id}")


async def refunded(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 - a handler's shape
    """Say that money went back, and what became of the plan."""
    system_only(actor)
    refund = await tx.get(Refund, UUID(payload["refund_id"]))
    payment = await tx.get(Payment, UUID(payload["payment_id"]))
    if refund is None or payment is None:
        return
    body = f"Возвращено {format_tenge(refund.amount)}."
    if payment.is_credited:
        body = f"С вашего баланса возвращено {format_tenge(refund.amount)}."
    if refund.to_balance:
        body += f" Из них на баланс: {format_tenge(refund.to_balance)}."
    if payment.status == PaymentStatus.REFUNDED and not payment.is_credited:
        body += " Дни, которые были за эти деньги, больше не действуют."
    await _tell(tx, payment.user_id, "Возврат денег", body, f"refunded:{refund.id}")


async def _credited(tx: WriteTx, payment: Payment) -> None:
    invoice = payment.invoice_id.partition("/")[0]
    body = (
        f"Деньги по счёту {invoice} пришли, когда покупать на них было уже нечего. Ими оплатится"
        " следующий период, или напишите в поддержку, и мы их вернём."
    )
    title = f"{format_tenge(payment.amount)} лежат на вашем балансе"
    await _tell(tx, payment.user_id, title, body, f"paid:{payment.id}")


def _how(payment: Payment) -> str:
    if not payment.from_balance:
        return format_tenge(payment.amount)
    if payment.from_balance == payment.amount:
        return f"{format_tenge(payment.amount)} с баланса"
    return f"{format_tenge(payment.amount)}, из них с баланса {format_tenge(payment.from_balance)}"


async def _tell(tx: WriteTx, user_id: UUID, title: str, body: str, key: str) -> None:
    tell = Tell(
        user_id=user_id, kind="plan_paid", title=title, dedupe_key=key, body=body, link=PAGE
    )
    await notifications.notify(tx, SYSTEM, tell)
