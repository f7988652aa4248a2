"""SQL of money, people and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.domain.statistics.schemas import Churn, DayRow, PlanMoney
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.billing import (
    Payment,
    PaymentStatus,
    PlanTerms,
    Refund,
    RefundStatus,
    Subscription,
    SubscriptionStatus,
)
from cube_demper.models.steering import StatisticsDay

_PERIOD, _GRACE = timedelta(days=30), timedelta(days=3)


def almaty_day(moment: Any) -> ColumnElement[date]:
    """Return the day of Almaty of a moment."""
    return cast(func.timezone("Asia/Almaty", moment), Date)


async def count_online(tx: ReadTx, since: datetime) -> int:
    """Count sellers seen since then."""
    return (
        await tx.scalar(
            select(func.count())
            .select_from(User)
            .where(col(User.last_seen_at) >= since, col(User.role) == UserRole.USER)
        )
        or 0
    )


async def count_sign_ups(tx: ReadTx, since: datetime) -> int:
    """Count sellers who signed up since then."""
    return (
        await tx.scalar(
            select(func.count())
            .select_from(User)
            .where(col(User.created_at) >= since, col(User.role) == UserRole.USER)
        )
        or 0
    )


def _in_force(now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Subscription.status) == SubscriptionStatus.ACTIVE,
        or_(col(Subscription.current_period_end) > now, col(Subscription.grace_until) > now),
    )


async def list_plans(tx: ReadTx, now: datetime) -> list[PlanMoney]:
    """Return the paid plans with who has them now and what they bring in 30 days."""
    plan = case(
        (col(Subscription.first_until) > now, col(Subscription.first_plan)),
        else_=col(Subscription.plan),
    )
    price = func.coalesce(col(Subscription.price), col(PlanTerms.price))
    rows = await tx.execute(
        select(col(PlanTerms.code), col(PlanTerms.title), func.count(), func.sum(price))
        .select_from(Subscription)
        .join(PlanTerms, col(PlanTerms.code) == plan)
        .where(_in_force(now), col(Subscription.is_trial).is_(False), price > 0)
        .group_by(col(PlanTerms.code), col(PlanTerms.title), col(PlanTerms.price))
        .order_by(col(PlanTerms.price))
    )
    return [PlanMoney(code, title, count, int(mrr)) for code, title, count, mrr in rows.all()]


async def count_trials(tx: ReadTx, now: datetime) -> int:
    """Count trials in force."""
    return (
        await tx.scalar(
            select(func.count())
            .select_from(Subscription)
            .where(_in_force(now), col(Subscription.is_trial))
        )
        or 0
    )


async def revenue_by_day(
    tx: ReadTx, since: datetime, until: datetime
) -> dict[date, dict[str, int]]:
    """Return the money of each day by plan: what card, bank and Kaspi brought, less what went back."""
    paid_on, given_on = almaty_day(col(Payment.paid_at)), almaty_day(col(Refund.done_at))
    came = await tx.execute(
        select(
            paid_on, col(Payment.plan), func.sum(col(Payment.amount) - col(Payment.from_balance))
        )
        .where(
            col(Payment.paid_at) >= since,
            col(Payment.paid_at) < until,
            col(Payment.status).in_(SETTLED),
        )
        .group_by(paid_on, col(Payment.plan))
    )
    went = await tx.execute(
        select(given_on, col(Payment.plan), -func.sum(col(Refund.amount) - col(Refund.to_balance)))
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(
            col(Refund.done_at) >= since,
            col(Refund.done_at) < until,
            col(Refund.status) == RefundStatus.DONE,
        )
        .group_by(given_on, col(Payment.plan))
    )
    found: dict[date, dict[str, int]] = {}
    for day, plan, amount in (*came.all(), *went.all()):
        plans = found.setdefault(day, {})
        plans[plan] = plans.get(plan, 0) + int(amount)
    return found


def _covers(at: datetime) -> ColumnElement[bool]:
    """Tell whether a payment covers a moment; three days' delay of the next is none yet."""
    begins = func.coalesce(col(Payment.service_from), col(Payment.paid_at))
    ends = func.coalesce(col(Payment.service_to), col(Payment.paid_at) + _PERIOD)
    return and_(col(Payment.paid_at) <= at, begins <= at, ends + _GRACE > at)


async def churn(tx: ReadTx, since: datetime, now: datetime) -> Churn:
    """Compare those who paid then with those who pay now."""
    paid = col(Payment.status).in_((PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED))
    people = (
        select(
            func.bool_or(_covers(since)).label("before"), func.bool_or(_covers(now)).label("after")
        )
        .where(paid)
        .group_by(col(Payment.user_id))
        .subquery()
    )
    before, after = people.c.before, people.c.after
    row = (
        await tx.execute(
            select(
                func.count().filter(before),
                func.count().filter(before, ~after),
                func.count().filter(after, ~before),
            ).select_from(people)
        )
    ).one()
    return Churn(before=row[0], lost=row[1], won=row[2])


async def list_days(tx: ReadTx, first: date, last: date) -> dict[date, DayRow]:
    """Return the collected days of a span."""
    rows = await tx.scalars(
        select(StatisticsDay).where(col(StatisticsDay.day) >= first, col(StatisticsDay.day) <= last)
    )
    return {
        it.day: DayRow(
            it.day, it.changed, it.refused, it.suggested, it.errors, it.stores, it.bots, it.goods,
            it.paying, it.trials, it.mrr, it.updated_at,
        )
        for it in rows.all()
    }  # fmt: skip


async def save_day(tx: WriteTx, day: date, figures: Mapping[str, Any]) -> None:
    """Write a day's figures over those it has."""
    statement = insert(StatisticsDay).values(day=day, **figures)
    await tx.execute(statement.on_conflict_do_update(index_elements=["day"], set_=dict(figures)))


async def known_days(tx: ReadTx, first: date) -> Sequence[date]:
    """Return the days since then that were collected."""
    rows = await tx.scalars(select(col(StatisticsDay.day)).where(col(StatisticsDay.day) >= first))
    return rows.all()
