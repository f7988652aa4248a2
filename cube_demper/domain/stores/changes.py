"""Changes of a store's bot by its seller: settings, mode, stop and start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.stores import rules
from cube_demper.domain.stores.errors import InvalidSettings, SettingsChanged, StoreNotFound
from cube_demper.domain.stores.queries import switches
from cube_demper.domain.stores.reading import settings_of, store_bot
from cube_demper.domain.stores.schemas import (
    BotSettings,
    SendForecast,
    StopForecast,
    StopResult,
    StoreBot,
)
from cube_demper.models.stores import BotMode, DempingSettings

_STOPPED = "Бот остановлен вами."
_SUGGEST_ONLY = "Отправка выключена: бот только предлагает цены."


async def list_stores(tx: ReadTx, actor: Actor) -> list[StoreBot]:
    """Return the actor's stores, by name."""
    return [store_bot(*row) for row in await switches.list_stores(tx, actor)]


async def get_store(tx: ReadTx, actor: Actor, store_id: UUID) -> StoreBot:
    """Return one store. Raises StoreNotFound, for a store of somebody else too."""
    rows = await switches.list_stores(tx, actor, store_id)
    if not rows:
        raise StoreNotFound
    return store_bot(*rows[0])


async def bot_settings(tx: ReadTx, actor: Actor, store_id: UUID) -> BotSettings:
    """Return how a store's bot works; asking creates and changes nothing. Raises StoreNotFound."""
    rows = await switches.list_stores(tx, actor, store_id)
    if not rows:
        raise StoreNotFound
    return settings_of(rows[0][1] or DempingSettings(store_id=store_id))


async def change_bot_settings(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    settings: BotSettings,
    now: datetime,
    *,
    seen: BotSettings | None = None,
) -> int:
    """Change how a store's bot works and have all its goods checked anew; return how many.

    `seen`: the settings that the seller had before their eyes.

    Raises InvalidSettings (from here or from the database's own checks), SettingsChanged (they are
    not those that were `seen` any more) and StoreNotFound.
    """
    store = await get_store(tx, actor, store_id)
    rules.check_settings(settings)
    before = await bot_settings(tx, actor, store_id)
    if seen is not None and before != seen:
        raise SettingsChanged
    try:
        await switches.save_settings(tx, store_id, _columns(settings))
    except IntegrityError as error:
        raise _refusal(error) from error
    checked = await switches.check_at(tx, [store_id], now)
    old, new = _columns(before), _columns(settings)
    changed = {name: [str(old[name]), str(new[name])] for name in new if old[name] != new[name]}
    await audit.record(tx, actor, "bot_settings_changed", "store", store_id, **changed)
    _announce(tx, [store])
    return checked


async def send_forecast(tx: ReadTx, actor: Actor, store_id: UUID, now: datetime) -> SendForecast:
    """Say what would be sent first if sending were allowed now. Raises StoreNotFound."""
    store = await get_store(tx, actor, store_id)
    plans = await billing.entitlements(tx, actor, [store.user_id], now)
    suggested, falls, rises, biggest = await switches.sum_up_suggestions(tx, store_id)
    return SendForecast(
        bots=await switches.count_bots(tx, [store_id]),
        suggested=suggested,
        falls=falls,
        rises=rises,
        biggest_fall=biggest,
        can_reprice=plans[store.user_id].can_reprice,
    )


async def set_mode(tx: WriteTx, actor: Actor, store_id: UUID, mode: BotMode, now: datetime) -> None:
    """Let the bot send prices, or only suggest them (what is queued is then dropped).

    Raises PlanLacks when the plan has no repricing, and StoreNotFound.
    """
    store = await get_store(tx, actor, store_id)
    if store.mode is mode:
        return
    if mode is BotMode.AUTO:
        await billing.require(tx, actor, Feature.REPRICING, now)
    await switches.save_settings(tx, store_id, {"mode": mode})
    if mode is BotMode.SUGGEST:
        await pricing.drop_queued(tx, actor, store_ids=[store_id], note=_SUGGEST_ONLY, now=now)
    await switches.check_at(tx, [store_id], now)
    await audit.record(tx, actor, "bot_mode_changed", "store", store_id, mode=mode)
    _announce(tx, [store])


async def stop_forecast(tx: ReadTx, actor: Actor, store_ids: Sequence[UUID]) -> StopForecast:
    """Say what stopping these stores' bots touches. Raises StoreNotFound."""
    running = [store for store in await _own(tx, actor, store_ids) if store.is_enabled]
    ids = [store.id for store in running]
    queued, sending = await switches.count_sends(tx, ids)
    return StopForecast(len(ids), await switches.count_bots(tx, ids), queued, sending)


async def stop_bot(
    tx: WriteTx, actor: Actor, store_ids: Sequence[UUID], now: datetime, *, note: str = _STOPPED
) -> StopResult:
    """Stop the bots of these stores: nothing more is queued, and what is queued is dropped.

    What Kaspi is being told at this very moment cannot be called back: it is counted in `sending`.
    `note`: why, for the journal of what was dropped. Raises StoreNotFound.
    """
    stores = await _own(tx, actor, store_ids)
    stopped = await switches.switch(tx, [store.id for store in stores], is_enabled=False)
    dropped = 0
    if stopped:
        dropped = await pricing.drop_queued(tx, actor, store_ids=stopped, note=note, now=now)
    _, sending = await switches.count_sends(tx, stopped)
    await _record_switch(tx, actor, [it for it in stores if it.id in stopped], is_enabled=False)
    return StopResult(tuple(stopped), dropped, sending)


async def start_bot(
    tx: WriteTx, actor: Actor, store_ids: Sequence[UUID], now: datetime
) -> tuple[UUID, ...]:
    """Start the bots of these stores; return those that were stopped. Raises StoreNotFound."""
    stores = await _own(tx, actor, store_ids)
    for store in stores:
        await switches.save_settings(tx, store.id, {})
    started = await switches.switch(tx, [store.id for store in stores], is_enabled=True)
    await switches.check_at(tx, started, now)
    await _record_switch(tx, actor, [it for it in stores if it.id in started], is_enabled=True)
    return tuple(started)


async def _own(tx: ReadTx, actor: Actor, store_ids: Sequence[UUID]) -> list[StoreBot]:
    wanted = set(store_ids)
    found = [store for store in await list_stores(tx, actor) if store.id in wanted]
    if len(found) != len(wanted):
        raise StoreNotFound
    return found


async def _record_switch(
    tx: WriteTx, actor: Actor, stores: Sequence[StoreBot], *, is_enabled: bool
) -> None:
    action = "bot_started" if is_enabled else "bot_stopped"
    for it in stores:
        await audit.record(
            tx, actor, action, "store", it.id, owner=it.user_id,
            before={"is_enabled": not is_enabled}, after={"is_enabled": is_enabled},
        )  # fmt: skip
    _announce(tx, stores)


def _announce(tx: WriteTx, stores: Sequence[StoreBot]) -> None:
    for store in stores:
        tx.emit(f"user:{store.user_id}", "store", store.id)


def _columns(settings: BotSettings) -> dict[str, object]:
    return {
        "price_step": settings.price_step,
        "check_interval_minutes": settings.check_interval_minutes,
        "work_hours_start": settings.hours.start,
        "work_hours_end": settings.hours.end,
        "min_profit": settings.min_profit,
        "excluded_merchant_ids": list(settings.excluded_merchant_ids),
        "rival_filters": settings.rival_filters.to_json(),
        "delivery_filter": settings.delivery_filter,
        "home_city_only": settings.home_city_only,
    }


def _refusal(error: IntegrityError) -> InvalidSettings:
    text = str(error.orig)
    for name, (field, sentence) in rules.SENTENCES_OF_CHECKS.items():
        if name in text:
            return InvalidSettings({field: sentence})
    raise error
