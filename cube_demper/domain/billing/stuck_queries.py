"""SQL of money on its way for too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.billing.gateway_queries import OPEN_CHARGES
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, Refund, RefundStatus
from cube_demper.models.gateway import ChargeAttempt, RefundAttempt

_SINCE: ColumnElement[datetime] = func.coalesce(
    col(RefundAttempt.started_at), col(Refund.created_at)
)
Row = tuple[str, str, int, datetime, str]
"""An invoice, its payer's address, a sum, since when, and what was heard last."""


async def list_charges(tx: ReadTx, before: datetime, limit: int) -> Sequence[Row]:
    """Return charges begun before then whose outcome nobody knows."""
    rows = await tx.execute(
        select(
            col(Payment.invoice_id),
            col(User.email),
            col(Payment.amount) - col(Payment.from_balance),
            col(ChargeAttempt.started_at),
            func.coalesce(col(ChargeAttempt.words), ""),
        )
        .join(Payment, col(Payment.id) == col(ChargeAttempt.payment_id))
        .join(User, col(User.id) == col(Payment.user_id))
        .where(
            col(ChargeAttempt.outcome).in_(OPEN_CHARGES), col(ChargeAttempt.started_at) <= before
        )
        .order_by(col(ChargeAttempt.started_at))
        .limit(limit)
    )
    return rows.tuples().all()


async def list_refunds(tx: ReadTx, before: datetime, limit: int) -> Sequence[Row]:
    """Return refunds asked for before then that have not ended."""
    rows = await tx.execute(
        select(
            col(Payment.invoice_id),
            col(User.email),
            col(Refund.amount) - col(Refund.to_balance),
            _SINCE,
            func.coalesce(col(RefundAttempt.words), ""),
        )
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .join(User, col(User.id) == col(Payment.user_id))
        .outerjoin(RefundAttempt, col(RefundAttempt.refund_id) == col(Refund.id))
        .where(_is_stuck(before))
        .order_by(_SINCE)
        .limit(limit)
    )
    return rows.tuples().all()


async def oldest_refund(tx: ReadTx, payment_id: UUID, before: datetime) -> UUID | None:
    """Return the refund of a payment that waits longest."""
    found: UUID | None = await tx.scalar(
        select(col(Refund.id))
        .outerjoin(RefundAttempt, col(RefundAttempt.refund_id) == col(Refund.id))
        .where(col(Refund.payment_id) == payment_id, _is_stuck(before))
        .order_by(_SINCE)
        .limit(1)
    )
    return found


async def count_awaited_transfers(tx: ReadTx, now: datetime) -> tuple[int, datetime | None]:
    """Count open invoices that a person confirms by hand; and when the oldest was made."""
    row = (
        await tx.execute(
            select(func.count(), func.min(col(Payment.created_at))).where(
                col(Payment.status) == PaymentStatus.CREATED,
                col(Payment.method).in_((PaymentMethod.BANK_INVOICE, PaymentMethod.KASPI_TRANSFER)),
                col(Payment.expires_at) > now,
            )
        )
    ).one()
    return int(row[0]), row[1]


def _is_stuck(before: datetime) -> ColumnElement[bool]:
    open_ = (RefundStatus.REQUESTED, RefundStatus.SENT)
    return col(Refund.status).in_(open_) & (before >= _SINCE)
