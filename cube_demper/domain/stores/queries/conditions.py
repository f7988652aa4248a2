"""Why goods are not repriced, counted so that every product is in exactly one condition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, tuple_
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.stores.queries.readiness import can_send, is_open_at
from cube_demper.domain.stores.queries.switches import readable_by
from cube_demper.domain.stores.schemas import BotCutoff, ConditionCode
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings, KaspiStore, ReauthReason

OVERDUE_AFTER = timedelta(seconds=60)
"""After this an idle worker takes another shard's goods (DESIGN §5), so more is a shortage."""


def overdue(now: datetime) -> ColumnElement[bool]:
    """A product that should have been looked at a while ago."""
    return col(Product.next_check_at) <= now - OVERDUE_AFTER


async def count_conditions(
    tx: ReadTx,
    actor: Actor,
    now: datetime,
    local: time,
    *,
    store_id: UUID | None,
    without_repricing: list[UUID],
    cutoffs: Mapping[UUID, BotCutoff],
) -> dict[ConditionCode, int]:
    """Count the goods of the actor's stores by the first condition that holds."""
    code = _first_condition(now, local, without_repricing, cutoffs).label("code")
    query = (
        select(code, func.count())
        .select_from(Product)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(readable_by(actor))
        .group_by(code)
    )
    if store_id is not None:
        query = query.where(col(KaspiStore.id) == store_id)
    return {ConditionCode(name): count for name, count in (await tx.execute(query)).all()}


def _first_condition(
    now: datetime,
    local: time,
    without_repricing: list[UUID],
    cutoffs: Mapping[UUID, BotCutoff],
) -> ColumnElement[str]:
    is_off = col(Product.bot_active).is_(False)
    no_bound = func.num_nonnulls(col(Product.min_price), col(Product.max_price)) == 0
    no_sign_in = col(KaspiStore.needs_reauth).is_(True)
    conditions: list[tuple[ColumnElement[bool], ConditionCode]] = [
        (and_(is_off, no_bound), ConditionCode.BOT_OFF_NO_BOUND),
        (is_off, ConditionCode.BOT_OFF),
        (col(User.is_blocked).is_(True), ConditionCode.USER_BLOCKED),
        (col(KaspiStore.is_active).is_(False), ConditionCode.STORE_OFF),
        (
            func.coalesce(col(DempingSettings.is_enabled), false()).is_(False),
            ConditionCode.BOT_STOPPED,
        ),
        *(
            (and_(no_sign_in, col(KaspiStore.reauth_reason) == reason), ConditionCode(reason))
            for reason in ReauthReason
        ),
        (no_sign_in, ConditionCode.NEEDS_REAUTH),
        (~can_send(), ConditionCode.NO_SESSION),
        (col(Product.external_kaspi_id).is_(None), ConditionCode.NO_CARD),
        (_is_over_limit(cutoffs), ConditionCode.OVER_PLAN_LIMIT),
        (col(KaspiStore.user_id).in_(without_repricing), ConditionCode.PLAN_WITHOUT_REPRICING),
        (~is_open_at(local), ConditionCode.OUTSIDE_WORK_HOURS),
        (col(Product.check_failures) > 0, ConditionCode.ERRORS),
        (col(Product.claimed_until) > now, ConditionCode.CLAIMED),
        (col(Product.next_check_at) > now, ConditionCode.NOT_DUE),
        (overdue(now), ConditionCode.OVERDUE),
    ]
    return case(*((holds, code.value) for holds, code in conditions), else_=ConditionCode.DUE.value)


def _is_over_limit(cutoffs: Mapping[UUID, BotCutoff]) -> ColumnElement[bool]:
    switched_on_at = func.coalesce(col(Product.bot_enabled_at), col(Product.created_at))
    return or_(
        false(),
        *(
            and_(
                col(KaspiStore.user_id) == user_id,
                tuple_(switched_on_at, col(Product.id))
                > tuple_(cutoff.switched_on_at, cutoff.product_id),
            )
            for user_id, cutoff in cutoffs.items()
        ),
    )
