"""From table rows to what the domain tells. Pure."""

from __future__ import annotations

from typing import cast

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.catalog.schemas import Point
from cube_demper.domain.economics.profit_floors import ProfitFloors
from cube_demper.domain.pricing.schemas import DeliveryFilter, RivalFilters
from cube_demper.domain.stores.schemas import (
    BotCutoff,
    BotSettings,
    ReadyStore,
    StoreBot,
    WorkHours,
)
from cube_demper.models.stores import BotMode, Channel, DempingSettings, KaspiStore, ReauthReason


def settings_of(row: DempingSettings) -> BotSettings:
    """Return the settings of a row."""
    return BotSettings(
        price_step=row.price_step or TIYN_IN_TENGE,
        check_interval_minutes=row.check_interval_minutes,
        hours=WorkHours(row.work_hours_start, row.work_hours_end),
        min_profit=row.min_profit,
        excluded_merchant_ids=tuple(row.excluded_merchant_ids),
        rival_filters=RivalFilters.from_json(row.rival_filters),
        delivery_filter=DeliveryFilter(row.delivery_filter) if row.delivery_filter else None,
        home_city_only=row.home_city_only,
    )


def store_bot(store: KaspiStore, settings: DempingSettings | None) -> StoreBot:
    """Return a store with its bot's switch; while no settings were saved the bot is stopped."""
    row = settings or DempingSettings(store_id=store.id, is_enabled=False)
    return StoreBot(
        id=store.id,
        user_id=store.user_id,
        name=store.name,
        merchant_id=store.merchant_id,
        channel=Channel(store.channel),
        is_active=store.is_active,
        needs_reauth=store.needs_reauth,
        reauth_reason=ReauthReason(store.reauth_reason) if store.reauth_reason else None,
        has_session=store.guid is not None,
        sends_blocked_until=store.sends_blocked_until,
        synced_at=store.synced_at,
        is_enabled=row.is_enabled,
        mode=BotMode(row.mode),
        hours=WorkHours(row.work_hours_start, row.work_hours_end),
        check_interval_minutes=row.check_interval_minutes,
        keeps_password=bool((store.guid or {}).get("password")),
    )


def ready_store(
    store: KaspiStore,
    settings: DempingSettings,
    *,
    can_reprice: bool,
    merchant_ids: frozenset[str],
    cutoff: BotCutoff | None,
    floors: ProfitFloors,
) -> ReadyStore:
    """Gather what a worker needs of a store. `merchant_ids`: those of all stores of its seller."""
    return ReadyStore(
        id=store.id,
        user_id=store.user_id,
        merchant_id=store.merchant_id,
        channel=Channel(store.channel),
        guid=store.guid,
        home_city_id=store.home_city_id,
        points=cast("list[Point]", store.points),
        sends_blocked_until=store.sends_blocked_until,
        settings=settings_of(settings),
        mode=effective_mode(settings.mode, can_reprice=can_reprice),
        own_merchant_ids=merchant_ids - {store.merchant_id},
        cutoff=cutoff,
        floors=floors,
        can_reprice=can_reprice,
    )


def effective_mode(mode: str, *, can_reprice: bool) -> BotMode:
    """Return the mode in effect: a plan without repricing only suggests."""
    return BotMode(mode) if can_reprice else BotMode.SUGGEST
