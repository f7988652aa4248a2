"""SQL of payouts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.partner_program import PartnerPayout, PayoutStatus
from cube_demper.models.partners import Partner

_OPEN = (PayoutStatus.REQUESTED, PayoutStatus.APPROVED)


async def find_open(tx: ReadTx, partner_id: UUID) -> PartnerPayout | None:
    """Find the request of a partner that is not closed yet: there is at most one."""
    found: PartnerPayout | None = await tx.scalar(
        select(PartnerPayout).where(
            col(PartnerPayout.partner_id) == partner_id, col(PartnerPayout.status).in_(_OPEN)
        )
    )
    return found


async def lock(tx: WriteTx, payout_id: UUID) -> PartnerPayout | None:
    """Take a payout for this transaction."""
    found: PartnerPayout | None = await tx.scalar(
        select(PartnerPayout)
        .where(col(PartnerPayout.id) == payout_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def list_payouts(
    tx: ReadTx, partner_id: UUID, *, limit: int, offset: int
) -> Sequence[PartnerPayout]:
    """List a partner's payouts, newest first."""
    return (
        await tx.scalars(
            select(PartnerPayout)
            .where(col(PartnerPayout.partner_id) == partner_id)
            .order_by(col(PartnerPayout.requested_at).desc(), col(PartnerPayout.id))
            .limit(limit)
            .offset(offset)
        )
    ).all()


async def count_payouts(tx: ReadTx, partner_id: UUID) -> int:
    """Count a partner's payouts."""
    count: int | None = await tx.scalar(
        select(func.count()).where(col(PartnerPayout.partner_id) == partner_id)
    )
    return count or 0


async def list_by_status(
    tx: ReadTx, statuses: Sequence[str], limit: int, offset: int
) -> Sequence[tuple[PartnerPayout, Partner]]:
    """List payouts of all partners, oldest first."""
    rows = await tx.execute(
        select(PartnerPayout, Partner)
        .join(Partner, col(Partner.id) == col(PartnerPayout.partner_id))
        .where(col(PartnerPayout.status).in_(statuses))
        .order_by(col(PartnerPayout.requested_at), col(PartnerPayout.id))
        .limit(limit)
        .offset(offset)
    )
    return [row.tuple() for row in rows.all()]


async def count_in(tx: ReadTx, status: PayoutStatus) -> tuple[int, datetime | None]:
    """Count the payouts of all partners in a status, and say when the first of them was asked for."""
    row = await tx.execute(
        select(func.count(), func.min(col(PartnerPayout.requested_at))).where(
            col(PartnerPayout.status) == status
        )
    )
    return row.one().tuple()
