"""Money that is on its way for too long: what the gateway cannot tell us, a person finds in its cabinet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cube_demper.core.errors import NotFound
from cube_demper.core.ids import new_id
from cube_demper.core.money import format_tenge
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import (
    gateway_queries,
    hearing,
    payment_queries,
    payments,
    queries,
    stuck_queries,
)
from cube_demper.domain.billing.access import operator_only
from cube_demper.domain.billing.schemas import CURRENCY, Settlement
from cube_demper.models.billing import Payment, PaymentMethod, Refund, RefundStatus
from cube_demper.models.gateway import ChargeResult, RefundResult

STUCK_AFTER: Final = timedelta(hours=1)
"""Until then the gateway is asked, and may still answer by itself."""


class StuckKind(StrEnum):
    """Which way the money goes."""

    CHARGE = "charge"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Stuck:
    """A charge or a refund that nobody answered for. `amount` in tiyn; `words`: what was heard last."""

    kind: StuckKind
    invoice_id: str
    email: str
    amount: int
    since: datetime
    words: str = ""


async def list_stuck(tx: ReadTx, actor: Actor, now: datetime, limit: int = 50) -> Sequence[Stuck]:
    """Return what waits for a person, the oldest first. Raises PermissionDenied."""
    operator_only(actor)
    before = now - STUCK_AFTER
    charges = await stuck_queries.list_charges(tx, before, limit)
    refunds = await stuck_queries.list_refunds(tx, before, limit)
    found = [Stuck(StuckKind.CHARGE, *row) for row in charges]
    found += [Stuck(StuckKind.REFUND, *row) for row in refunds]
    return sorted(found, key=lambda it: it.since)[:limit]


async def awaited_transfers(tx: ReadTx, actor: Actor, now: datetime) -> tuple[int, datetime | None]:
    """Count open invoices that a person confirms by a statement; and when the oldest was made.

    Raises PermissionDenied.
    """
    operator_only(actor)
    return await stuck_queries.count_awaited_transfers(tx, now)


async def decide(
    tx: WriteTx, actor: Actor, invoice_id: str, now: datetime, *, made_as: str | None
) -> str:
    """Take a person's word for what the gateway's cabinet shows of an invoice; say what was done.

    `made_as`: the transaction's number there; None: there is none, so that it may be tried again. A charge
    is decided before a refund of the same invoice. Raises NotFound where nothing waits, PermissionDenied,
    and as `payments.paid` does.
    """
    operator_only(actor)
    payment = await payment_queries.find_by_invoice(tx, invoice_id)
    if payment is None or await queries.lock_user(tx, payment.user_id) is None:
        raise NotFound(f"Счёта {invoice_id} нет.")
    await tx.refresh(payment)
    words = await _charge(tx, actor, payment, now, made_as) or await _refund(
        tx, payment, now, made_as
    )
    if words is None:
        raise NotFound(f"По счёту {invoice_id} ничего не зависло дольше часа.")
    await audit.record(
        tx, actor, "stuck_money_decided", "payment", payment.id, made_as=made_as or "нет"
    )
    return f"{invoice_id}: {words}"


async def _charge(
    tx: WriteTx, actor: Actor, payment: Payment, now: datetime, made_as: str | None
) -> str | None:
    attempt = await gateway_queries.find_open_attempt(tx, payment.id)
    if attempt is None or now - attempt.started_at < STUCK_AFTER:
        return None
    if made_as is None:
        attempt.outcome, attempt.words = ChargeResult.ABSENT, "нет в кабинете"
        return "списания не было, тариф продлится обычным порядком."
    due = payment.amount - payment.from_balance
    money = Settlement(due, CURRENCY, made_as, PaymentMethod.CARD, now)
    await payments.paid(tx, actor, payment.invoice_id, money, now)
    attempt.outcome, attempt.transaction_id = ChargeResult.APPROVED, made_as
    return f"{format_tenge(due)} приняты."


async def _refund(tx: WriteTx, payment: Payment, now: datetime, made_as: str | None) -> str | None:
    refund_id = await stuck_queries.oldest_refund(tx, payment.id, now - STUCK_AFTER)
    if refund_id is None:
        return None
    refund = await tx.get_one(Refund, refund_id)
    amount = refund.amount - refund.to_balance
    if made_as is not None:
        await hearing.give_back(tx, payment.gateway_transaction_id or "", made_as, amount, now)
        return f"возврат {format_tenge(amount)} записан."
    await _anew(tx, refund)
    return f"возврат {format_tenge(amount)} отправится заново."


async def _anew(tx: WriteTx, refund: Refund) -> None:
    """Let a refund leave again: under a new id, since the gateway may still hold the old one's answer."""
    refund.request_id, refund.status = new_id(), RefundStatus.REQUESTED
    attempt = await gateway_queries.find_refund_attempt(tx, refund.id)
    if attempt is not None:
        attempt.outcome, attempt.looked_at, attempt.words = RefundResult.NOT_SENT, None, None
    await tx.flush()
