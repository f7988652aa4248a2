"""SQL of all partners and their payouts, for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.billing import Subscription, SubscriptionStatus
from cube_demper.models.partner_program import (
    ClickVerdict,
    EntryKind,
    EntryStatus,
    PartnerClickDay,
    PartnerLead,
    PartnerPayout,
    PartnerTransaction,
    PayoutStatus,
)
from cube_demper.models.partners import Partner

_COMMISSIONS = (EntryKind.COMMISSION, EntryKind.TAKE_BACK)


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner with what they brought and what is owed to them. Sums in tiyn.

    `clicks`: of the last 30 days; `active`: leads who have a paid plan now.
    """

    id: UUID
    email: str
    full_name: str
    code: str
    percent: int
    is_blocked: bool
    created_at: datetime
    last_seen_at: datetime | None
    clicks: int = 0
    leads: int = 0
    paying: int = 0
    active: int = 0
    earned: int = 0
    payable: int = 0
    held: int = 0
    doubted: int = 0


def _partners(search: str, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(Partner)
    if search:
        text = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").lower()
        query = query.where(
            or_(
                func.lower(col(Partner.email)).like(f"%{text}%"),
                func.lower(col(Partner.full_name)).like(f"%{text}%"),
                func.lower(col(Partner.code)) == search.lower(),
            )
        )
    return query


async def count_partners(tx: ReadTx, search: str) -> dict[str, int]:
    """Count the partners that a search finds: those who may sign in, and those shut out."""
    tab = case((col(Partner.is_blocked), "blocked"), else_="open").label("tab")
    rows = await tx.execute(_partners(search, tab, func.count()).group_by(tab))
    return dict(rows.tuples().all())


async def list_partners(
    tx: ReadTx, search: str, tab: str, *, limit: int, offset: int
) -> Sequence[Partner]:
    """Return a page of partners, the newest first."""
    query = _partners(search, Partner)
    if tab:
        query = query.where(col(Partner.is_blocked).is_(tab == "blocked"))
    order = (col(Partner.created_at).desc(), col(Partner.id))
    return (await tx.scalars(query.order_by(*order).limit(limit).offset(offset))).all()


async def count_clicks(tx: ReadTx, partner_ids: Sequence[UUID], since: date) -> dict[UUID, int]:
    """Count the clicks of each partner since that day, without robots and repeats."""
    rows = await tx.execute(
        select(col(PartnerClickDay.partner_id), func.sum(col(PartnerClickDay.clicks)))
        .where(
            col(PartnerClickDay.partner_id).in_(partner_ids),
            col(PartnerClickDay.day) >= since,
            col(PartnerClickDay.verdict) == ClickVerdict.COUNTED,
        )
        .group_by(col(PartnerClickDay.partner_id))
    )
    return {partner_id: int(clicks) for partner_id, clicks in rows.all()}


async def count_leads(
    tx: ReadTx, partner_ids: Sequence[UUID], now: datetime
) -> dict[UUID, tuple[int, int]]:
    """Return of each partner the leads, and those of them who have a paid plan now."""
    is_active = (
        select(col(Subscription.id))
        .where(
            col(Subscription.user_id) == col(PartnerLead.user_id),
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            col(Subscription.is_trial).is_(False),
            col(Subscription.current_period_end) > now,
        )
        .exists()
    )
    rows = await tx.execute(
        select(col(PartnerLead.partner_id), func.count(), func.count().filter(is_active))
        .where(col(PartnerLead.partner_id).in_(partner_ids))
        .group_by(col(PartnerLead.partner_id))
    )
    return {row[0]: (row[1], row[2]) for row in rows.all()}


async def sum_money(
    tx: ReadTx, partner_ids: Sequence[UUID]
) -> dict[UUID, tuple[int, int, int, int, int]]:
    """Return of each partner: leads who paid, earned, payable, on hold, in doubt (tiyn)."""
    row = PartnerTransaction
    amount, status, is_commission = (
        col(row.amount),
        col(row.status),
        col(row.kind).in_(_COMMISSIONS),
    )

    def total(condition: Any) -> Any:
        return func.coalesce(func.sum(amount).filter(condition), 0)

    rows = await tx.execute(
        select(
            col(row.partner_id),
            func.count(func.distinct(col(row.lead_id))).filter(
                col(row.kind) == EntryKind.COMMISSION
            ),
            total(and_(is_commission, status != EntryStatus.DENIED)),
            total(status == EntryStatus.RELEASED),
            total(status == EntryStatus.HELD),
            total(status == EntryStatus.DOUBTED),
        )
        .where(col(row.partner_id).in_(partner_ids))
        .group_by(col(row.partner_id))
    )
    return {it[0]: (it[1], int(it[2]), int(it[3]), int(it[4]), int(it[5])) for it in rows.all()}


async def sum_up_payouts(tx: ReadTx) -> dict[str, tuple[int, int]]:
    """Count all payouts by their status, with their sum."""
    rows = await tx.execute(
        select(
            col(PartnerPayout.status), func.count(), func.sum(col(PartnerPayout.amount))
        ).group_by(col(PartnerPayout.status))
    )
    return {status: (count, int(total)) for status, count, total in rows.all()}


async def list_payouts(
    tx: ReadTx, status: str, *, limit: int, offset: int
) -> Sequence[tuple[PartnerPayout, Partner]]:
    """Return a page of payouts: open ones first and the oldest of them, then the last closed."""
    is_open = col(PartnerPayout.status).in_((PayoutStatus.REQUESTED, PayoutStatus.APPROVED))
    query = select(PartnerPayout, Partner).join(
        Partner, col(Partner.id) == col(PartnerPayout.partner_id)
    )
    if status:
        query = query.where(col(PartnerPayout.status) == status)
    order = (
        is_open.desc(),
        case((is_open, col(PartnerPayout.requested_at))).asc(),
        col(PartnerPayout.closed_at).desc(),
        col(PartnerPayout.id),
    )
    rows = await tx.execute(query.order_by(*order).limit(limit).offset(offset))
    return [row.tuple() for row in rows.all()]
