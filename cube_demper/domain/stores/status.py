"""What is read about stores: which are ready for the worker."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.catalog.schemas import Point
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.domain.stores import rules
from cube_demper.domain.stores.queries import readiness
from cube_demper.domain.stores.schemas import BotSettings, ReadyStore, WorkHours
from cube_demper.models import BotMode, Channel, DempingSettings


async def ready_stores(
    tx: ReadTx, actor: Actor, now: datetime, *, store_ids: list[UUID] | None = None
) -> list[ReadyStore]:
    """Return every store whose goods may be looked at now, with all that a worker needs of it.

    Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    rows = await readiness.list_ready(tx, rules.local_time(now), store_ids)
    user_ids = list({store.user_id for store, _ in rows})
    plans = await billing.entitlements(tx, actor, user_ids, now)
    merchants = await readiness.merchant_ids_by_user(tx, user_ids)
    cutoffs = await readiness.find_cutoffs(
        tx, {user_id: plan.bot_limit for user_id, plan in plans.items()}
    )
    return [
        ReadyStore(
            id=store.id,
            user_id=store.user_id,
            merchant_id=store.merchant_id,
            channel=Channel(store.channel),
            guid=store.guid,
            home_city_id=store.home_city_id,
            points=cast("list[Point]", store.points),
            sends_blocked_until=store.sends_blocked_until,
            settings=settings_of(settings),
            mode=effective_mode(settings.mode, can_reprice=plans[store.user_id].can_reprice),
            own_merchant_ids=merchants[store.user_id] - {store.merchant_id},
            cutoff=cutoffs.get(store.user_id),
        )
        for store, settings in rows
    ]


def settings_of(row: DempingSettings) -> BotSettings:
    """Return the settings of a row."""
    return BotSettings(
        price_step=row.price_step,
        check_interval_minutes=row.check_interval_minutes,
        hours=WorkHours(row.work_hours_start, row.work_hours_end),
        min_profit=row.min_profit,
        excluded_merchant_ids=tuple(row.excluded_merchant_ids),
        rival_filters=RivalFilters.from_json(row.rival_filters),
    )


def effective_mode(mode: str, *, can_reprice: bool) -> BotMode:
    """Return the mode in effect: a plan without repricing only suggests."""
    return BotMode(mode) if can_reprice else BotMode.SUGGEST
