"""Money given back, whole or in part: asked for by the operator, done by the gateway or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidInput, NotFound
from cube_demper.core.ids import new_id
from cube_demper.core.money import format_tenge
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import (
    balances,
    ledger,
    payment_queries,
    queries,
    subscribing,
)
from cube_demper.domain.billing.access import operator_only
from cube_demper.domain.billing.closing import close_upgrade
from cube_demper.domain.billing.errors import NoSuchPayment
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.domain.billing.machine import SETTLED, Event, step
from cube_demper.domain.billing.settling import money_line
from cube_demper.models.billing import (
    Payment,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from cube_demper.models.ledger import Account

REFUNDED_TOPIC: Final = "billing.refunded"


async def request(
    tx: WriteTx, actor: Actor, invoice_id: str, now: datetime, *, amount: int | None, reason: str
) -> Refund:
    """Ask for a refund of so much (None: of all that is left); what a card paid goes back first.

    A card's part is then sent by `billing`'s worker; what was paid by hand or from the balance is done at
    once. Raises NoSuchPayment, InvalidInput, PermissionDenied.
    """
    operator_only(actor)
    payment = await _held(tx, invoice_id)
    left = payment.amount - await _promised(tx, payment)
    amount = left if amount is None else amount
    if payment.status not in SETTLED:
        raise InvalidInput("Платёж не оплачен: возвращать нечего.")
    if not 0 < amount <= left:
        raise InvalidInput(
            f"Вернуть можно не больше {format_tenge(left)}: остальное уже возвращено."
        )
    if payment.is_credited and amount > (rest := await balances.spendable(tx, payment.user_id)):
        raise InvalidInput(
            f"Эти деньги легли на баланс, и там осталось {format_tenge(rest)}: больше не вернуть."
        )
    refund = Refund(
        payment_id=payment.id,
        amount=amount,
        to_balance=await _balance_part(tx, payment, amount),
        request_id=new_id(),
        reason=reason,
        requested_by=actor.user_id,
    )
    tx.add(refund)
    await tx.flush()
    given = payment.amount - left
    await audit.record(
        tx, actor, "refund_requested", "payment", payment.id, owner=payment.user_id,
        before={"refunded": given}, after={"refunded": given + amount},
        amount=amount, reason=reason,
    )  # fmt: skip
    if await payment_queries.is_given_back(tx, payment.user_id, now):
        await close_upgrade(tx, actor, payment.user_id)
    if payment.method != PaymentMethod.CARD or refund.to_balance == amount:
        await _done(tx, payment, refund, None, now)
    return refund


async def sending(tx: WriteTx, actor: Actor, refund_id: UUID) -> Refund:
    """Commit that a refund is about to leave; the same `request_id` may then leave twice. Raises NotFound."""
    operator_only(actor)
    refund = await tx.get(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund is None:
        raise NotFound
    if refund.status == RefundStatus.REQUESTED:
        refund.status = RefundStatus.SENT
        await tx.flush()
    return refund


async def unsent(tx: ReadTx, actor: Actor, now: datetime, limit: int) -> Sequence[UUID]:
    """Return refunds to send or to ask about, the oldest first. Raises PermissionDenied."""
    operator_only(actor)
    return await payment_queries.list_unsent_refunds(tx, now, limit)


async def refused(tx: WriteTx, actor: Actor, refund_id: UUID, words: str) -> None:
    """Note that the gateway refused a refund, in its words. Raises NotFound."""
    refund = await sending(tx, actor, refund_id)
    if refund.status == RefundStatus.SENT:
        refund.status, refund.failure_words = RefundStatus.REFUSED, words
        await audit.record(tx, actor, "refund_refused", "payment", refund.payment_id, words=words)


async def refunded(
    tx: WriteTx,
    actor: Actor,
    transaction_id: str,
    now: datetime,
    *,
    refund_transaction_id: str,
    amount: int,
) -> None:
    """Take in that the gateway gave `amount` back; twice is once, and one made in its cabinet counts too.

    Raises NoSuchPayment while the payment itself is not known: it is told again later.
    """
    operator_only(actor)
    found = await payment_queries.find_by_transaction(tx, transaction_id)
    if found is None:
        raise NoSuchPayment
    payment = await _held(tx, found.invoice_id)
    if await payment_queries.find_refund(tx, refund_transaction_id) is not None:
        return
    refund = await _matching(tx, payment, amount) or await _from_outside(tx, payment, amount)
    await _done(tx, payment, refund, refund_transaction_id, now)


async def _done(
    tx: WriteTx, payment: Payment, refund: Refund, gateway_id: str | None, now: datetime
) -> None:
    refund.status, refund.done_at = RefundStatus.DONE, now
    refund.gateway_refund_id = gateway_id
    payment.refunded += refund.amount
    is_whole = payment.refunded >= payment.amount
    event = Event.REFUND_ALL if is_whole else Event.REFUND_PART
    payment.status = step(PaymentStatus(payment.status), event) or payment.status
    await tx.flush()
    await ledger.post(tx, _posting(payment, refund), now)
    if is_whole and not payment.is_credited:
        await subscribing.take_back(tx, payment, now)
    payload = {
        "payment_id": str(payment.id),
        "refund_id": str(refund.id),
        "user_id": str(payment.user_id),
        "amount": refund.amount,
    }
    await outbox.enqueue(tx, REFUNDED_TOPIC, refund.id, payload, now)
    tx.emit(f"user:{payment.user_id}", "billing", payment.id)


def _posting(payment: Payment, refund: Refund) -> Posting:
    """Money goes back where it came from; money that had bought nothing comes off the person's balance."""
    user_id, back = payment.user_id, refund.amount - refund.to_balance
    source = (
        Line(Account.CUSTOMER, refund.amount, user_id=user_id)
        if payment.is_credited
        else Line(Account.REVENUE, refund.amount)
    )
    lines = [
        source,
        *money_line(payment.method, -back),
        Line(Account.CUSTOMER, -refund.to_balance, user_id=user_id),
    ]
    return Posting(f"refund:{refund.id}", "refund", lines, payment.id, refund.id)


async def _balance_part(tx: WriteTx, payment: Payment, amount: int) -> int:
    """Return what of a refund goes to the balance: what money did not pay, and only after that."""
    rows = await payment_queries.list_refunds(tx, payment.id)
    live = [it for it in rows if it.status != RefundStatus.REFUSED]
    money_left = (
        payment.amount - payment.from_balance - sum(it.amount - it.to_balance for it in live)
    )
    return amount - min(amount, max(money_left, 0))


async def _promised(tx: WriteTx, payment: Payment) -> int:
    rows = await payment_queries.list_refunds(tx, payment.id)
    return sum(it.amount for it in rows if it.status != RefundStatus.REFUSED)


async def _matching(tx: WriteTx, payment: Payment, amount: int) -> Refund | None:
    """Return the refund of ours that this answer is of: the oldest that waits for such a sum."""
    rows = await payment_queries.list_refunds(tx, payment.id)
    waiting = (RefundStatus.SENT, RefundStatus.REQUESTED)
    return next(
        (it for it in rows if it.status in waiting and it.amount - it.to_balance == amount), None
    )


async def _from_outside(tx: WriteTx, payment: Payment, amount: int) -> Refund:
    """Add a refund that somebody made in the gateway's own cabinet."""
    refund = Refund(
        payment_id=payment.id,
        amount=min(amount, payment.amount - payment.refunded),
        request_id=new_id(),
        reason="Возврат в кабинете платёжного сервиса",
        status=RefundStatus.SENT,
    )
    tx.add(refund)
    await tx.flush()
    return refund


async def _held(tx: WriteTx, invoice_id: str) -> Payment:
    found = await payment_queries.find_by_invoice(tx, invoice_id)
    if found is None or await queries.lock_user(tx, found.user_id) is None:
        raise NoSuchPayment
    payment = await payment_queries.find_by_invoice(tx, invoice_id)
    if payment is None:
        raise NoSuchPayment
    return payment
