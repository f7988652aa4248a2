"""SQL of announcements and of who hears them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, delete, func, literal, or_, select
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.billing import Plan, Subscription, SubscriptionStatus
from cube_demper.models.operations import Notification
from cube_demper.models.steering import Announcement

KIND = "announcement"


def _plan_of(now: datetime) -> ColumnElement[str]:
    """Return the plan that a user has at a moment."""
    first = and_(col(Subscription.first_until) > now, col(Subscription.first_plan).is_not(None))
    in_force = (
        select(case((first, col(Subscription.first_plan)), else_=col(Subscription.plan)))
        .where(
            col(Subscription.user_id) == col(User.id),
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            or_(col(Subscription.current_period_end) > now, col(Subscription.grace_until) > now),
        )
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(in_force, Plan.FREE.value)


def _hearers(plan: str | None, now: datetime) -> Any:
    is_seller = and_(col(User.role) == UserRole.USER, col(User.is_blocked).is_(False))
    return is_seller if plan is None else and_(is_seller, _plan_of(now) == plan)


async def count_hearers(tx: ReadTx, plan: str | None, now: datetime) -> int:
    """Count the sellers whom an announcement reaches."""
    query = select(func.count()).select_from(User).where(_hearers(plan, now))
    return await tx.scalar(query) or 0


async def tell(tx: WriteTx, it: Announcement, now: datetime) -> int:
    """Write the announcement into everybody's notifications, once; return how many are new."""
    columns = ["user_id", "kind", "title", "body", "link", "dedupe_key", "created_at"]
    people = select(
        col(User.id),
        literal(KIND),
        literal(it.title),
        literal(it.body),
        literal(it.link),
        literal(key_of(it.id)),
        literal(now),
    ).where(_hearers(it.plan, now))
    # Without the model's defaults: one id would be drawn for all.
    rows = postgresql.insert(Notification).from_select(columns, people, include_defaults=False)
    added = await tx.execute(
        rows.on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"]).returning(
            col(Notification.id)
        )
    )
    return len(added.all())


def key_of(announcement_id: UUID) -> str:
    """Return the dedupe key of an announcement's notifications."""
    return f"{KIND}:{announcement_id}"


async def list_page(tx: ReadTx, *, limit: int, offset: int) -> Sequence[tuple[Announcement, int]]:
    """Return a page of announcements, the newest first, with how many have read each."""
    key = func.concat(f"{KIND}:", cast(col(Announcement.id), Text))
    read = (
        select(func.count())
        .where(
            col(Notification.kind) == KIND,
            col(Notification.dedupe_key) == key,
            col(Notification.read_at).is_not(None),
        )
        .scalar_subquery()
    )
    order = (col(Announcement.starts_at).desc(), col(Announcement.id))
    rows = await tx.execute(select(Announcement, read).order_by(*order).limit(limit).offset(offset))
    return [row.tuple() for row in rows.all()]


async def count(tx: ReadTx) -> int:
    """Count all announcements."""
    return await tx.scalar(select(func.count()).select_from(Announcement)) or 0


async def list_unread(
    tx: ReadTx, user_id: UUID, now: datetime
) -> Sequence[tuple[Announcement, UUID]]:
    """Return what stands over a seller's pages now, with the notification that closes it."""
    rows = await tx.execute(
        select(Announcement, col(Notification.id))
        .join(
            Notification,
            and_(
                col(Notification.user_id) == user_id,
                col(Notification.dedupe_key)
                == func.concat(f"{KIND}:", cast(col(Announcement.id), Text)),
            ),
        )
        .where(
            col(Announcement.starts_at) <= now,
            col(Announcement.ends_at) > now,
            col(Announcement.withdrawn_at).is_(None),
            col(Notification.read_at).is_(None),
        )
        .order_by(col(Announcement.starts_at).desc())
        .limit(2)
    )
    return [row.tuple() for row in rows.all()]


async def lock(tx: WriteTx, announcement_id: UUID) -> Announcement | None:
    """Take an announcement for this transaction."""
    found: Announcement | None = await tx.scalar(
        select(Announcement)
        .where(col(Announcement.id) == announcement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def forget_unread(tx: WriteTx, announcement_id: UUID) -> int:
    """Take a withdrawn announcement away from those who have not read it; return from how many."""
    gone = await tx.execute(
        delete(Notification)
        .where(
            col(Notification.kind) == KIND,
            col(Notification.dedupe_key) == key_of(announcement_id),
            col(Notification.read_at).is_(None),
        )
        .returning(col(Notification.id))
    )
    return len(gone.all())
