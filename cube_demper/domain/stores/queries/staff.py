"""All stores for the operator, and what stands in the way of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, case, false, func, literal, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.stores.queries.readiness import can_send, is_open_at
from cube_demper.domain.stores.staff_schemas import SignInTry, StoreLine, StoreState
from cube_demper.models.accounts import User
from cube_demper.models.billing import PlanTerms, Subscription, SubscriptionStatus
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings, KaspiLogin, KaspiStore


def _state(now: datetime, local: time) -> ColumnElement[str]:
    is_refreshable = func.coalesce(col(KaspiStore.guid)["password"].astext, "") != ""
    conditions: list[tuple[ColumnElement[bool], StoreState]] = [
        (col(User.is_blocked).is_(True), StoreState.OWNER_BLOCKED),
        (col(KaspiStore.is_active).is_(False), StoreState.OFF),
        (~can_send(), StoreState.NO_SESSION),
        (
            and_(
                col(KaspiStore.needs_reauth),
                col(KaspiStore.reauth_reason).is_(None),
                is_refreshable,
            ),
            StoreState.REFRESHING,
        ),
        (col(KaspiStore.needs_reauth).is_(True), StoreState.NEEDS_REAUTH),
        (func.coalesce(col(KaspiStore.sends_blocked_until) > now, false()), StoreState.BANNED),
        (
            func.coalesce(col(DempingSettings.is_enabled), false()).is_(False),
            StoreState.STOPPED,
        ),
        (~_can_reprice(now), StoreState.NO_PLAN),
        (~is_open_at(local), StoreState.RESTING),
    ]
    return case(*((holds, it.value) for holds, it in conditions), else_=StoreState.WORKS.value)


def _can_reprice(now: datetime) -> ColumnElement[bool]:
    plan = case(
        (col(Subscription.first_until) > now, col(Subscription.first_plan)),
        else_=col(Subscription.plan),
    )
    found: ColumnElement[bool] = (
        select(col(Subscription.id))
        .join(PlanTerms, col(PlanTerms.code) == plan)
        .where(
            col(Subscription.user_id) == col(KaspiStore.user_id),
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
            or_(col(Subscription.current_period_end) > now, col(Subscription.grace_until) > now),
            literal(Feature.REPRICING.value) == any_(col(PlanTerms.features)),
        )
        .exists()
    )
    return found


def _stores(search: str, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(KaspiStore)
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
    )
    if search:
        part = f"%{_escaped(search.lower())}%"
        query = query.where(
            or_(
                func.lower(col(KaspiStore.name)).like(part),
                col(KaspiStore.merchant_id).like(f"{_escaped(search)}%"),
                func.lower(col(User.email)).like(part),
            )
        )
    return query


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def count_states(tx: ReadTx, search: str, now: datetime, local: time) -> dict[str, int]:
    """Count the stores that a search finds, by what stands in their way."""
    state = _state(now, local).label("state")
    rows = await tx.execute(_stores(search, state, func.count()).group_by(state))
    return dict(rows.tuples().all())


async def list_stores(
    tx: ReadTx,
    search: str,
    state: str,
    now: datetime,
    local: time,
    *,
    store_id: UUID | None = None,
    limit: int = 1,
    offset: int = 0,
) -> list[StoreLine]:
    """Return a page of stores, the newest first; of one when `store_id` is given."""
    code = _state(now, local)
    query = _stores(search, KaspiStore, DempingSettings, col(User.email), code)
    if state:
        query = query.where(code == state)
    if store_id is not None:
        query = query.where(col(KaspiStore.id) == store_id)
    order = (col(KaspiStore.created_at).desc(), col(KaspiStore.id))
    rows = await tx.execute(query.order_by(*order).limit(limit).offset(offset))
    return [_line(*row) for row in rows.all()]


def _line(store: KaspiStore, settings: DempingSettings | None, email: str, state: str) -> StoreLine:
    return StoreLine(
        id=store.id,
        name=store.name,
        merchant_id=store.merchant_id,
        channel=store.channel,
        user_id=store.user_id,
        email=email,
        state=StoreState(state),
        reauth_reason=store.reauth_reason or "",
        is_enabled=bool(settings and settings.is_enabled),
        mode=settings.mode if settings else "suggest",
        sends_blocked_until=store.sends_blocked_until,
        synced_at=store.synced_at,
    )


async def count_goods(
    tx: ReadTx, store_ids: Sequence[UUID]
) -> dict[UUID, tuple[int, int, int, datetime | None]]:
    """Return of each store its goods, bots, bots whose last look failed, and the last look."""
    bot = col(Product.bot_active)
    rows = await tx.execute(
        select(
            col(Product.store_id),
            func.count(),
            func.count().filter(bot),
            func.count().filter(bot, col(Product.check_failures) > 0),
            func.max(col(Product.last_check_time)),
        )
        .where(col(Product.store_id).in_(store_ids))
        .group_by(col(Product.store_id))
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows.all()}


async def list_sign_ins(tx: ReadTx, store_id: UUID, limit: int) -> list[SignInTry]:
    """Return the last sign-ins of a store."""
    owner = select(col(KaspiStore.user_id)).where(col(KaspiStore.id) == store_id).scalar_subquery()
    rows = await tx.scalars(
        select(KaspiLogin)
        .where(col(KaspiLogin.user_id) == owner, col(KaspiLogin.store_id) == store_id)
        .order_by(col(KaspiLogin.started_at).desc())
        .limit(limit)
    )
    return [
        SignInTry(it.started_at, it.account, it.is_refresh, it.step, it.refusal or "")
        for it in rows.all()
    ]
