"""SQL of all payments, for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.billing.machine import OPEN, SETTLED
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus

TRANSFERS = (PaymentMethod.BANK_INVOICE, PaymentMethod.KASPI_TRANSFER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments: `tab` of `_tab`, method, plan, the days in which they were paid or else begun."""

    tab: str = ""
    method: str = ""
    plan: str = ""
    search: str = ""
    since: datetime | None = None
    user_id: UUID | None = None


def _tab() -> ColumnElement[str]:
    """Put every payment into one tab."""
    status, method = col(Payment.status), col(Payment.method)
    return case(
        (status.in_(OPEN) & method.in_(TRANSFERS), "waiting"),
        (status.in_(OPEN), "open"),
        (status.in_((PaymentStatus.REFUNDED, PaymentStatus.PARTLY_REFUNDED)), "refunded"),
        (status.in_(SETTLED), "paid"),
        else_="failed",
    )


def _at() -> ColumnElement[datetime]:
    return func.coalesce(col(Payment.paid_at), col(Payment.created_at))


def _wanted(wanted: Wanted, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(Payment)
    if wanted.search:
        query = query.join(User, col(User.id) == col(Payment.user_id))
    if wanted.method:
        query = query.where(col(Payment.method) == wanted.method)
    if wanted.plan:
        query = query.where(col(Payment.plan) == wanted.plan)
    if wanted.since is not None:
        query = query.where(_at() >= wanted.since)
    if wanted.user_id is not None:
        query = query.where(col(Payment.user_id) == wanted.user_id)
    if wanted.search:
        text = wanted.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(
            or_(
                col(Payment.invoice_id).like(f"{text.upper()}%"),
                func.lower(col(User.email)).like(f"%{text.lower()}%"),
                col(Payment.gateway_transaction_id) == wanted.search,
            )
        )
    return query


async def sum_up(tx: ReadTx, wanted: Wanted) -> dict[str, tuple[int, int]]:
    """Count payments by tab, with what was asked of card or bank for them and not given back (tiyn)."""
    tab = _tab().label("tab")
    kept = func.sum(col(Payment.amount) - col(Payment.from_balance) - col(Payment.refunded))
    rows = await tx.execute(_wanted(wanted, tab, func.count(), kept).group_by(tab))
    return {code: (count, max(0, int(total or 0))) for code, count, total in rows.all()}


async def list_payments(
    tx: ReadTx, wanted: Wanted, *, limit: int, offset: int
) -> Sequence[tuple[Payment, str]]:
    """Return a page of payments with their payers' addresses, the newest first; waiting ones oldest first."""
    query = _wanted(wanted, col(Payment.id))
    if wanted.tab:
        query = query.where(_tab() == wanted.tab)
    order = col(Payment.created_at).asc() if wanted.tab == "waiting" else _at().desc()
    place = (order, col(Payment.id))
    # The page is cut before rows are read whole: what is passed over by the offset costs little.
    page = query.order_by(*place).limit(limit).offset(offset).subquery()
    rows = await tx.execute(
        select(Payment, col(User.email))
        .join(page, page.c.id == col(Payment.id))
        .join(User, col(User.id) == col(Payment.user_id))
        .order_by(*place)
    )
    return [(payment, email) for payment, email in rows.all()]
