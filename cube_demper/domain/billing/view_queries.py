"""SQL of what the pages of billing show. Every query is of one seller."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.billing import Payment, Subscription
from cube_demper.models.dunning import DunningStep, DunningStepKind
from cube_demper.models.invoices import Invoice


async def find_latest(tx: ReadTx, owner_id: UUID) -> Subscription | None:
    """Return the subscription that was made last, whatever became of it.

    Not the one that began last: a refund moves the beginning of what it shortens back.
    """
    row: Subscription | None = await tx.scalar(
        select(Subscription)
        .where(col(Subscription.user_id) == owner_id)
        .order_by(col(Subscription.created_at).desc(), col(Subscription.id))
        .limit(1)
    )
    return row


async def find_last_payment(tx: ReadTx, owner_id: UUID) -> Payment | None:
    """Return the payment that was begun last."""
    row: Payment | None = await tx.scalar(
        select(Payment)
        .where(col(Payment.user_id) == owner_id)
        .order_by(col(Payment.created_at).desc(), col(Payment.id))
        .limit(1)
    )
    return row


async def find_last_failure(tx: ReadTx, subscription_id: UUID) -> Payment | None:
    """Return the last payment that failed to renew a subscription."""
    row: Payment | None = await tx.scalar(
        select(Payment)
        .join(DunningStep, col(DunningStep.payment_id) == col(Payment.id))
        .where(
            col(DunningStep.subscription_id) == subscription_id,
            col(DunningStep.kind) == DunningStepKind.RETRY,
            col(Payment.failure_words).is_not(None),
        )
        .order_by(col(DunningStep.at).desc())
        .limit(1)
    )
    return row


async def list_payments(tx: ReadTx, owner_id: UUID, *, skip: int, limit: int) -> Sequence[Payment]:
    """Return payments, the newest first."""
    rows = await tx.scalars(
        select(Payment)
        .where(col(Payment.user_id) == owner_id)
        .order_by(col(Payment.created_at).desc(), col(Payment.id))
        .offset(skip)
        .limit(limit)
    )
    return rows.all()


async def count_payments(tx: ReadTx, owner_id: UUID) -> int:
    """Count a seller's payments."""
    counted = select(func.count()).select_from(Payment).where(col(Payment.user_id) == owner_id)
    return await tx.scalar(counted) or 0


async def list_papers(tx: ReadTx, payment_ids: Sequence[UUID]) -> dict[UUID, list[Invoice]]:
    """Return the papers of payments, by payment, invoices first."""
    if not payment_ids:
        return {}
    rows = await tx.scalars(
        select(Invoice)
        .where(col(Invoice.payment_id).in_(payment_ids))
        .order_by(col(Invoice.kind).desc())
    )
    found: dict[UUID, list[Invoice]] = {}
    for row in rows:
        found.setdefault(row.payment_id, []).append(row)
    return found
