"""All SQL of payments and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Interval, func, literal, or_
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.billing.machine import OPEN, SETTLED
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, Refund, RefundStatus
from cube_demper.models.gateway import ChargeAttempt, ChargeResult, RefundAttempt

_FIRST_REST = literal(timedelta(seconds=10), Interval)
_LONGEST_REST = literal(timedelta(minutes=10), Interval)


async def find_by_invoice(tx: ReadTx, invoice_id: str) -> Payment | None:
    """Return a payment as it stands now."""
    row: Payment | None = await tx.scalar(
        select(Payment)
        .where(col(Payment.invoice_id) == invoice_id)
        .execution_options(populate_existing=True)
    )
    return row


async def find_by_transaction(tx: ReadTx, transaction_id: str) -> Payment | None:
    """Return the payment that this transaction of the gateway paid."""
    row: Payment | None = await tx.scalar(
        select(Payment)
        .where(col(Payment.gateway_transaction_id) == transaction_id)
        .execution_options(populate_existing=True)
    )
    return row


async def find_open(tx: ReadTx, user_id: UUID) -> Payment | None:
    """Return the one payment of this person that is open."""
    row: Payment | None = await tx.scalar(
        select(Payment)
        .where(col(Payment.user_id) == user_id, col(Payment.status).in_(OPEN))
        .execution_options(populate_existing=True)
    )
    return row


async def list_overdue(tx: WriteTx, now: datetime, limit: int) -> Sequence[Payment]:
    """Return open payments whose time is over; others skip them."""
    rows = await tx.scalars(
        select(Payment)
        .where(col(Payment.status).in_(OPEN), col(Payment.expires_at) <= now)
        .order_by(col(Payment.expires_at))
        .limit(limit)
    )
    return rows.all()


async def find_refund(tx: ReadTx, gateway_refund_id: str) -> Refund | None:
    """Return the refund that the gateway calls so."""
    row: Refund | None = await tx.scalar(
        select(Refund).where(col(Refund.gateway_refund_id) == gateway_refund_id)
    )
    return row


async def list_refunds(tx: ReadTx, payment_id: UUID) -> Sequence[Refund]:
    """Return a payment's refunds, the oldest first; a payment has a few."""
    rows = await tx.scalars(
        select(Refund)
        .where(col(Refund.payment_id) == payment_id)
        .order_by(col(Refund.created_at), col(Refund.id))
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def is_given_back(tx: ReadTx, user_id: UUID, now: datetime) -> bool:
    """Tell whether the money of days that are not over is on its way back, to the last tiyn."""
    promised = (
        select(func.coalesce(func.sum(col(Refund.amount)), 0))
        .where(
            col(Refund.payment_id) == col(Payment.id), col(Refund.status) != RefundStatus.REFUSED
        )
        .scalar_subquery()
    )
    found = await tx.scalar(
        select(col(Payment.id))
        .where(
            col(Payment.user_id) == user_id,
            col(Payment.status).in_(SETTLED),
            col(Payment.service_to) > now,
            col(Payment.refunded) < col(Payment.amount),
            promised >= col(Payment.amount),
        )
        .limit(1)
    )
    return found is not None


async def sum_promised(tx: ReadTx, user_id: UUID) -> int:
    """Return how much of a person's balance is on its way back to them, in tiyn."""
    total = await tx.scalar(
        select(func.coalesce(func.sum(col(Refund.amount)), 0))
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(
            col(Payment.user_id) == user_id,
            col(Payment.is_credited),
            col(Refund.status).in_((RefundStatus.REQUESTED, RefundStatus.SENT)),
        )
    )
    return int(total or 0)


async def list_unsent_refunds(tx: ReadTx, now: datetime, limit: int) -> Sequence[UUID]:
    """Return refunds that have not ended, the oldest first.

    One that was looked up in vain is left for a tenth of its age: ever longer, and never for good.
    """
    looked, began = col(RefundAttempt.looked_at), col(RefundAttempt.started_at)
    rows = await tx.scalars(
        select(Refund.id)
        .outerjoin(RefundAttempt, col(RefundAttempt.refund_id) == col(Refund.id))
        .where(
            col(Refund.status).in_((RefundStatus.REQUESTED, RefundStatus.SENT)),
            or_(looked.is_(None), looked + (looked - began) / 10 <= now),
        )
        .order_by(col(Refund.created_at))
        .limit(limit)
    )
    return rows.all()


async def list_card_charges(tx: ReadTx, now: datetime, limit: int) -> Sequence[UUID]:
    """Return open payments that a saved card is to pay, the oldest first.

    One that did not leave because the gateway was away is left for 10 s, then twice as long each time, up
    to 10 min.
    """
    again_at = col(ChargeAttempt.started_at) + func.least(
        _LONGEST_REST, _FIRST_REST * func.power(2, func.least(col(ChargeAttempt.tries), 10) - 1)
    )
    rests = (
        select(col(ChargeAttempt.id))
        .where(
            col(ChargeAttempt.payment_id) == col(Payment.id),
            col(ChargeAttempt.outcome) == ChargeResult.NOT_SENT,
            again_at > now,
        )
        .exists()
    )
    rows = await tx.scalars(
        select(Payment.id)
        .where(
            ~rests,
            col(Payment.status).in_(OPEN),
            col(Payment.method) == PaymentMethod.CARD,
            col(Payment.card_id).is_not(None),
        )
        .order_by(col(Payment.created_at))
        .limit(limit)
    )
    return rows.all()


async def list_latest(tx: ReadTx, email: str, limit: int) -> Sequence[tuple[Payment, str]]:
    """Return the last payments with their payers' addresses; of one person when `email` is given."""
    query = select(Payment, User.email).join(User, col(User.id) == col(Payment.user_id))
    if email:
        query = query.where(func.lower(col(User.email)) == email.strip().lower())
    rows = await tx.execute(query.order_by(col(Payment.created_at).desc()).limit(limit))
    return [(payment, address) for payment, address in rows.all()]
