"""SQL of a partner's account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.partners.schemas import Balance, Entry
from cube_demper.models.accounts import User
from cube_demper.models.partner_program import (
    EntryKind,
    EntryStatus,
    PartnerLead,
    PartnerLink,
    PartnerPayout,
    PartnerTransaction,
    PayoutStatus,
)
from cube_demper.models.partners import Partner

_COMMISSIONS = (EntryKind.COMMISSION, EntryKind.TAKE_BACK)
_OPEN = (PayoutStatus.REQUESTED, PayoutStatus.APPROVED)


async def entries_of_payment(tx: ReadTx, payment_id: UUID) -> Sequence[PartnerTransaction]:
    """List the lines of one payment, the commission first."""
    return (
        await tx.scalars(
            select(PartnerTransaction)
            .where(col(PartnerTransaction.payment_id) == payment_id)
            .order_by(col(PartnerTransaction.kind), col(PartnerTransaction.at))
            .execution_options(populate_existing=True)
        )
    ).all()


async def move_payment(
    tx: WriteTx,
    payment_id: UUID,
    before: Sequence[EntryStatus],
    after: EntryStatus,
    now: datetime,
) -> int:
    """Move the lines of a payment from one status to another; return their sum."""
    rows = await tx.scalars(
        update(PartnerTransaction)
        .where(
            col(PartnerTransaction.payment_id) == payment_id,
            col(PartnerTransaction.status).in_(before),
        )
        .values(status=after, released_at=now if after is EntryStatus.RELEASED else None)
        .returning(col(PartnerTransaction.amount))
    )
    return sum(rows.all())


async def refund_count(tx: ReadTx, partner_id: UUID) -> tuple[int, int]:
    """Count a partner's payments, and those of them that were given back, even in part."""
    refunded = (
        select(col(PartnerTransaction.payment_id))
        .where(
            col(PartnerTransaction.partner_id) == partner_id,
            col(PartnerTransaction.kind) == EntryKind.TAKE_BACK,
        )
        .distinct()
    )
    row = (
        await tx.execute(
            select(
                func.count(),
                func.count().filter(col(PartnerTransaction.payment_id).in_(refunded)),
            ).where(
                col(PartnerTransaction.partner_id) == partner_id,
                col(PartnerTransaction.kind) == EntryKind.COMMISSION,
            )
        )
    ).one()
    return row[0], row[1]


async def due_payments(tx: ReadTx, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """List payments whose hold has ended, with their partners; those shut out are left out."""
    rows = await tx.execute(
        select(col(PartnerTransaction.payment_id), col(PartnerTransaction.partner_id))
        .join(Partner, col(Partner.id) == col(PartnerTransaction.partner_id))
        .where(
            col(Partner.is_blocked).is_(False),
            col(PartnerTransaction.status) == EntryStatus.HELD,
            col(PartnerTransaction.kind) == EntryKind.COMMISSION,
            col(PartnerTransaction.hold_until) <= now,
        )
        .order_by(col(PartnerTransaction.hold_until))
        .limit(limit)
    )
    return [(payment, partner) for payment, partner in rows.tuples().all() if payment]


async def balance(tx: ReadTx, partner_id: UUID) -> Balance:
    """Add up a partner's account."""
    amount, status = col(PartnerTransaction.amount), col(PartnerTransaction.status)
    kind = col(PartnerTransaction.kind)

    def total(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(amount).filter(*conditions), 0)

    row = (
        await tx.execute(
            select(
                total(status == EntryStatus.HELD),
                total(status == EntryStatus.DOUBTED),
                total(status == EntryStatus.RELEASED),
                total(kind.in_(_COMMISSIONS), status != EntryStatus.DENIED),
            ).where(col(PartnerTransaction.partner_id) == partner_id)
        )
    ).one()
    payout_sum, payout_status = func.sum(col(PartnerPayout.amount)), col(PartnerPayout.status)
    paid = (
        await tx.execute(
            select(
                func.coalesce(payout_sum.filter(payout_status.in_(_OPEN)), 0),
                func.coalesce(payout_sum.filter(payout_status == PayoutStatus.PAID), 0),
            ).where(col(PartnerPayout.partner_id) == partner_id)
        )
    ).one()
    held, doubted, payable, earned = (int(it) for it in row)
    return Balance(held, doubted, payable, int(paid[0]), int(paid[1]), earned)


async def list_entries(
    tx: ReadTx, partner_id: UUID, kinds: Sequence[str], *, limit: int, offset: int
) -> Sequence[Entry]:
    """List lines of an account, newest first; no kinds: all."""
    it = PartnerTransaction
    statement = (
        select(it, col(User.email), col(PartnerLink.campaign))
        .outerjoin(PartnerLead, col(PartnerLead.id) == col(it.lead_id))
        .outerjoin(User, col(User.id) == col(PartnerLead.user_id))
        .outerjoin(PartnerLink, col(PartnerLink.id) == col(PartnerLead.link_id))
        .where(col(it.partner_id) == partner_id)
        .order_by(col(it.at).desc(), col(it.id))
        .limit(limit)
        .offset(offset)
    )
    if kinds:
        statement = statement.where(col(it.kind).in_(kinds))
    rows = await tx.execute(statement)
    return [
        Entry(
            id=row.id,
            at=row.at,
            kind=row.kind,
            status=row.status,
            amount=row.amount,
            base=row.base,
            percent=row.percent,
            hold_until=row.hold_until,
            doubts=tuple(row.doubts),
            email=email or "",
            campaign=campaign or "",
            note=row.note,
        )
        for row, email, campaign in rows.tuples().all()
    ]


async def count_entries(tx: ReadTx, partner_id: UUID) -> dict[str, int]:
    """Count lines of an account by kind."""
    rows = await tx.execute(
        select(col(PartnerTransaction.kind), func.count())
        .where(col(PartnerTransaction.partner_id) == partner_id)
        .group_by(col(PartnerTransaction.kind))
    )
    return dict(rows.tuples().all())


async def waiting_commissions(tx: ReadTx, partner_id: UUID) -> Sequence[PartnerTransaction]:
    """List a partner's commissions on hold and in doubt."""
    return (
        await tx.scalars(
            select(PartnerTransaction).where(
                col(PartnerTransaction.partner_id) == partner_id,
                col(PartnerTransaction.kind) == EntryKind.COMMISSION,
                col(PartnerTransaction.status).in_([EntryStatus.HELD, EntryStatus.DOUBTED]),
            )
        )
    ).all()


async def find_doubted(
    tx: ReadTx, limit: int, offset: int
) -> Sequence[tuple[PartnerTransaction, str, str]]:
    """List commissions that wait for a person, oldest first, with the e-mails of partner and seller."""
    rows = await tx.execute(
        select(PartnerTransaction, col(Partner.email), col(User.email))
        .join(Partner, col(Partner.id) == col(PartnerTransaction.partner_id))
        .outerjoin(PartnerLead, col(PartnerLead.id) == col(PartnerTransaction.lead_id))
        .outerjoin(User, col(User.id) == col(PartnerLead.user_id))
        .where(
            col(PartnerTransaction.status) == EntryStatus.DOUBTED,
            col(PartnerTransaction.kind) == EntryKind.COMMISSION,
        )
        .order_by(col(PartnerTransaction.at), col(PartnerTransaction.id))
        .limit(limit)
        .offset(offset)
    )
    return [(row, partner, seller or "") for row, partner, seller in rows.tuples().all()]


async def count_doubted(tx: ReadTx) -> tuple[int, datetime | None]:
    """Count the commissions that wait for a person, and say when the first of them was earned."""
    row = await tx.execute(
        select(func.count(), func.min(col(PartnerTransaction.at))).where(
            col(PartnerTransaction.status) == EntryStatus.DOUBTED,
            col(PartnerTransaction.kind) == EntryKind.COMMISSION,
        )
    )
    return row.one().tuple()
