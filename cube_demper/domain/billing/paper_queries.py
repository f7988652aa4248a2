"""All SQL of invoices and acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.billing import Payment, PaymentStatus
from cube_demper.models.invoices import BillingRequisites, Invoice, PaperKind


async def find(tx: ReadTx, payment_id: UUID, kind: PaperKind) -> Invoice | None:
    """Return the payment's paper of this kind."""
    row: Invoice | None = await tx.scalar(
        select(Invoice).where(col(Invoice.payment_id) == payment_id, col(Invoice.kind) == kind)
    )
    return row


async def find_requisites(tx: ReadTx, user_id: UUID) -> BillingRequisites | None:
    """Return who pays for this seller."""
    row: BillingRequisites | None = await tx.scalar(
        select(BillingRequisites).where(col(BillingRequisites.user_id) == user_id)
    )
    return row


async def list_due_acts(tx: ReadTx, now: datetime, limit: int) -> Sequence[UUID]:
    """Return payments whose days are over and whose payer has requisites, without an act."""
    has_act = select(Invoice.id).where(
        col(Invoice.payment_id) == col(Payment.id), col(Invoice.kind) == PaperKind.ACT
    )
    rows = await tx.scalars(
        select(Payment.id)
        .join(BillingRequisites, col(BillingRequisites.user_id) == col(Payment.user_id))
        .where(
            col(Payment.status).in_((PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED)),
            col(Payment.is_credited).is_(False),
            col(Payment.service_to) <= now,
            ~has_act.exists(),
        )
        .order_by(col(Payment.service_to))
        .limit(limit)
    )
    return rows.all()


async def next_number(tx: WriteTx, kind: PaperKind, year: int) -> int:
    """Return the next number of the year; whoever asks at the same moment waits for this transaction."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"papers:{kind}:{year}"}
    )
    last = await tx.scalar(
        select(func.max(Invoice.number)).where(col(Invoice.kind) == kind, col(Invoice.year) == year)
    )
    return (last or 0) + 1
