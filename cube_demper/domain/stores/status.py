"""What is read about stores: ready for the worker, why not, how the bots are doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Entitlements
from cube_demper.domain.economics import service as economics
from cube_demper.domain.operations import service as operations
from cube_demper.domain.operations.schemas import Heartbeat
from cube_demper.domain.stores import conditions as meanings
from cube_demper.domain.stores import rules
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.queries import conditions, pulse, readiness, switches
from cube_demper.domain.stores.reading import effective_mode, ready_store, store_bot
from cube_demper.domain.stores.schemas import (
    BotCutoff,
    BotStatus,
    Condition,
    ReadyStore,
    StoreBot,
    StoreStatus,
    WorkerSeen,
)
from cube_demper.domain.supply.counting import sent_alone
from cube_demper.models.stores import DempingSettings, KaspiStore

BUDGET_WINDOW = timedelta(minutes=30)
"""Kaspi counts changes over the last 30 minutes (KASPI.md §2.4)."""
FORGOTTEN_AFTER = 40
"""A worker silent this many times longer than a living one is no longer expected."""


async def ready_stores(
    tx: ReadTx,
    actor: Actor,
    now: datetime,
    *,
    store_ids: list[UUID] | None = None,
    cutoffs: Mapping[UUID, BotCutoff] | None = None,
) -> list[ReadyStore]:
    """Return every store whose goods may be looked at now, with all that a worker needs of it.

    `cutoffs`: what `bot_cutoffs` answered lately, for who asks again and again.
    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    condition = readiness.is_ready(rules.local_time(now))
    rows = await readiness.list_ready(tx, condition, store_ids)
    return await _with_terms(tx, actor, rows, cutoffs, now)


async def reachable_stores(
    tx: ReadTx, actor: Actor, now: datetime, store_ids: list[UUID]
) -> list[ReadyStore]:
    """Return those of the stores whose cabinet takes what a seller sends by hand.

    Their bot may be stopped and it may be night: no price is decided for them by this.
    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    rows = await readiness.list_ready(tx, readiness.is_reachable(), store_ids)
    return await _with_terms(tx, actor, rows, {}, now)


async def _with_terms(
    tx: ReadTx,
    actor: Actor,
    rows: Sequence[tuple[KaspiStore, DempingSettings]],
    cutoffs: Mapping[UUID, BotCutoff] | None,
    now: datetime,
) -> list[ReadyStore]:
    user_ids = list({store.user_id for store, _ in rows})
    plans = await _plans(tx, actor, user_ids, now)
    merchants = await readiness.merchant_ids_by_user(tx, user_ids)
    if cutoffs is None:
        cutoffs = await _cutoffs(tx, plans)
    wished = {store.id: settings.min_profit for store, settings in rows}
    floors = await economics.profit_floors(tx, wished, now)
    return [
        ready_store(
            store,
            settings,
            can_reprice=plans[store.user_id].can_reprice,
            merchant_ids=merchants[store.user_id],
            cutoff=cutoffs.get(store.user_id),
            floors=floors[store.id],
        )
        for store, settings in rows
    ]


async def bot_cutoffs(tx: ReadTx, actor: Actor, now: datetime) -> dict[UUID, BotCutoff]:
    """Return the last bot within the plan of every user who has more. Counts everybody's bots.

    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    return await _cutoffs(tx, await _plans(tx, actor, await readiness.list_owners(tx), now))


async def why_not(
    tx: ReadTx, actor: Actor, now: datetime, store_id: UUID | None = None
) -> list[Condition]:
    """Say why goods are not repriced: each product once, in the first condition that holds.

    Raises StoreNotFound for a store that is not the actor's.
    """
    stores = await switches.list_stores(tx, actor, store_id)
    if store_id is not None and not stores:
        raise StoreNotFound
    user_ids = list({store.user_id for store, _ in stores})
    plans = await _plans(tx, actor, user_ids, now)
    counts = await conditions.count_conditions(
        tx,
        actor,
        now,
        rules.local_time(now),
        store_id=store_id,
        without_repricing=[user for user, plan in plans.items() if not plan.can_reprice],
        cutoffs=await _cutoffs(tx, plans),
    )
    return meanings.in_order(counts)


async def bot_status(
    tx: ReadTx,
    actor: Actor,
    now: datetime,
    *,
    changes_limit: int,
    alive_within: timedelta = operations.ALIVE_WITHIN,
) -> BotStatus:
    """Say how the actor's bots are doing; `changes_limit`: how many changes Kaspi takes in 30 min.

    `alive_within`: how long a living worker may be silent, in the clock's own time.
    """
    stores = [store_bot(*row) for row in await switches.list_stores(tx, actor)]
    plans = await _plans(tx, actor, list({store.user_id for store in stores}), now)
    opened = {store.id: rules.opened_at(store.hours, now) for store in stores}
    backlogs = await pulse.backlogs(tx, opened, now)
    traffic = await pulse.traffic(tx, list(opened), now - BUDGET_WINDOW)
    stock = Counter(id_ for id_, _ in await sent_alone(tx, list(opened), now - BUDGET_WINDOW))
    beats = await operations.alive(tx, now, within=alive_within * FORGOTTEN_AFTER)
    return BotStatus(
        stores=tuple(
            _store_status(
                store,
                backlogs.get(store.id, pulse.Backlog()),
                traffic.get(store.id, pulse.Traffic()),
                stock[store.id],
                now,
                can_reprice=plans[store.user_id].can_reprice,
            )
            for store in stores
        ),
        workers=_workers(
            [
                _worker(beat, is_alive=now - beat.seen_at < alive_within)
                for beat in beats
                if beat.name == "demping"
            ]
        ),
        changes_limit=changes_limit,
    )


def _store_status(
    store: StoreBot,
    backlog: pulse.Backlog,
    traffic: pulse.Traffic,
    stock: int,
    now: datetime,
    *,
    can_reprice: bool,
) -> StoreStatus:
    is_open = rules.is_open(store.hours, now)
    return StoreStatus(
        store=store,
        effective_mode=effective_mode(store.mode, can_reprice=can_reprice),
        is_open=is_open,
        opens_at=None if is_open else rules.next_open(store.hours, now),
        bots=backlog.bots,
        due=backlog.due,
        overdue=backlog.overdue,
        changes_used=traffic.changes + stock,
        queued=traffic.queued,
        sending=traffic.sending,
        last_look_at=backlog.last_look_at,
        speed_minutes=rules.slower_than_set(backlog.wait_seconds, store.check_interval_minutes),
    )


def _workers(seen: list[WorkerSeen]) -> tuple[WorkerSeen, ...]:
    """Leave out the dead whose shard has a living process, or is no longer needed by the living."""
    alive = [worker for worker in seen if worker.is_alive]
    count = max((worker.instance_count for worker in alive), default=None)
    served = {worker.instance_index for worker in alive}
    missing: dict[int, WorkerSeen] = {}
    for worker in sorted(seen, key=lambda worker: worker.seen_at):
        index = worker.instance_index
        if index not in served and (count is None or index < count):
            missing[index] = worker
    return tuple(
        sorted([*alive, *missing.values()], key=lambda it: (it.instance_index, it.process))
    )


def _worker(beat: Heartbeat, *, is_alive: bool) -> WorkerSeen:
    return WorkerSeen(
        instance_index=beat.instance_index,
        instance_count=beat.instance_count,
        process=beat.process,
        is_alive=is_alive,
        seen_at=beat.seen_at,
        pass_at=beat.pass_at,
        pass_facts=beat.pass_facts,
    )


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied


async def _plans(
    tx: ReadTx, actor: Actor, user_ids: list[UUID], now: datetime
) -> dict[UUID, Entitlements]:
    return await billing.entitlements(tx, actor, user_ids, now) if user_ids else {}


async def _cutoffs(tx: ReadTx, plans: dict[UUID, Entitlements]) -> dict[UUID, BotCutoff]:
    limits = {user_id: plan.bot_limit for user_id, plan in plans.items()}
    return await readiness.find_cutoffs(tx, limits)
