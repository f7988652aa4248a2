"""All payments of all sellers, as the operator reads them; what is done to one: `operating`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.paging import PAGE_SIZE, Page, inside, offset
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import payment_queries, staff_queries
from cube_demper.domain.billing.errors import NoSuchPayment
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.domain.billing.staff_queries import TRANSFERS, Wanted
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, Refund, RefundStatus

__all__ = ["TRANSFERS", "PaymentCard", "PaymentsPage", "Wanted", "get_card", "list_payments"]


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """A page of (payment, payer's address); `kept`: money of the chosen that was not given back, tiyn."""

    page: Page
    kept: int


@dataclass(frozen=True, slots=True)
class PaymentCard:
    """A payment with what was given back of it. `left`: what can still be given back, tiyn.

    `left_by_money`: of that, what goes back to the card or the bank; the rest returns to the balance.
    """

    payment: Payment
    email: str
    refunds: Sequence[Refund]
    left: int
    left_by_money: int


async def list_payments(tx: ReadTx, actor: Actor, wanted: Wanted, page: int) -> PaymentsPage:
    """Return a page of all payments. Raises PermissionDenied."""
    actor.require_operator()
    found = await staff_queries.sum_up(tx, wanted)
    chosen = [found.get(wanted.tab, (0, 0))] if wanted.tab else list(found.values())
    total = sum(count for count, _ in chosen)
    page = inside(page, total)
    rows = await staff_queries.list_payments(tx, wanted, limit=PAGE_SIZE, offset=offset(page))
    counts = {tab: count for tab, (count, _) in found.items()}
    counts[""] = sum(counts.values())
    kept = sum(found.get(tab, (0, 0))[1] for tab in ("paid", "refunded"))
    if wanted.tab:
        kept = chosen[0][1]
    return PaymentsPage(Page(rows, page, total, counts), kept)


async def get_card(tx: ReadTx, actor: Actor, invoice_id: str) -> PaymentCard:
    """Return one payment with its refunds. Raises NoSuchPayment, PermissionDenied."""
    actor.require_operator()
    payment = await payment_queries.find_by_invoice(tx, invoice_id)
    if payment is None:
        raise NoSuchPayment
    rows = await payment_queries.list_refunds(tx, payment.id)
    live = [it for it in rows if it.status != RefundStatus.REFUSED]
    left = payment.amount - sum(it.amount for it in live) if payment.status in SETTLED else 0
    by_money = payment.amount - payment.from_balance - sum(it.amount - it.to_balance for it in live)
    user = await tx.get_one(User, payment.user_id)
    return PaymentCard(payment, user.email, rows, left, min(left, max(0, by_money)))


async def waiting_transfers(tx: ReadTx, actor: Actor) -> int:
    """Count transfers that wait to be confirmed. Raises PermissionDenied."""
    actor.require_operator()
    return (await staff_queries.sum_up(tx, Wanted(tab="waiting"))).get("waiting", (0, 0))[0]


def is_transfer_waiting(payment: Payment, now: datetime) -> bool:
    """Tell whether a payment waits for its transfer, its time over or not."""
    return (
        payment.method in TRANSFERS and payment.status not in SETTLED and payment.created_at <= now
    )
