"""Replays of many goods: begun and watched by the seller, played by the worker in slices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.core.ids import new_id
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.economics import service as economics
from cube_demper.domain.replay import queries
from cube_demper.domain.replay.errors import NothingToReplay, ReplayBusy, ReplayNotFound
from cube_demper.domain.replay.playing import play, span_of
from cube_demper.domain.replay.schemas import Figures, Row, RunView, Spread, Sums
from cube_demper.domain.replay.store_rule import (
    StoreRule,
    check_store_rule,
    store_rule_from_json,
    store_rule_to_json,
)
from cube_demper.domain.replay.terms import (
    House,
    check_rule,
    rule_from_json,
    rule_to_json,
    trial_of,
)
from cube_demper.models.stores import DempingSettings
from cube_demper.models.trust import ReplayResult, ReplayRun, ReplayStatus

TOPIC = "replay.run"
MOST_GOODS = 5_000
MOST_CHOSEN = 1_000
"""As many as an action over chosen goods takes (`catalog.selecting`)."""
SLICE = 10
_ROWS_SHOWN = 50
_AS_TODAY = StoreRule()
_OVER = (ReplayStatus.DONE, ReplayStatus.CANCELLED)


async def begin_run(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    rule: TermsChange,
    *,
    product_ids: Sequence[UUID] | None,
    days: int,
    now: datetime,
    store_rule: StoreRule = _AS_TODAY,
) -> UUID:
    """Have the worker replay a rule over many goods; return the run.

    `store_rule`: what besides the terms of goods is tried.

    Raises:
        InvalidInput: the rule or the choice is of no use.
        ReplayBusy: another run of this seller is not over.
    """
    check_rule(rule)
    check_store_rule(store_rule)
    span = span_of(days)
    if await queries.count_open(tx, actor.owner_id):
        raise ReplayBusy
    if product_ids is not None and len(product_ids) > MOST_CHOSEN:
        raise InvalidInput(f"Выберите не больше {MOST_CHOSEN} товаров.", field="goods")
    ids = await queries.product_ids(tx, actor.owner_id, store_id, product_ids, MOST_GOODS)
    if not ids:
        raise NothingToReplay
    run = ReplayRun(
        id=new_id(),
        user_id=actor.owner_id,
        store_id=store_id,
        product_ids=None if product_ids is None else [str(it) for it in ids],
        rule=rule_to_json(rule) | store_rule_to_json(store_rule),
        since=now - span,
        until=now,
        total=len(ids),
        created_at=now,
    )
    tx.add(run)
    await tx.flush()
    await outbox.enqueue(tx, TOPIC, run.id, {"run_id": str(run.id)}, now)
    tx.emit(f"user:{actor.owner_id}", "replay", run.id)
    return run.id


async def cancel_run(tx: WriteTx, actor: Actor, run_id: UUID, now: datetime) -> None:
    """End a run; what is done of it stays. Raises ReplayNotFound."""
    if await queries.find_run(tx, actor.owner_id, run_id) is None:
        raise ReplayNotFound
    await queries.set_status(tx, run_id, ReplayStatus.CANCELLED, unless=_OVER, finished_at=now)
    tx.emit(f"user:{actor.owner_id}", "replay", run_id)


async def find_run(tx: ReadTx, actor: Actor, run_id: UUID | None = None) -> RunView | None:
    """Return a run of the actor, the newest when none is named."""
    found = await queries.find_run(tx, actor.owner_id, run_id)
    if found is None:
        return None
    run, store_name = found
    return RunView(
        id=run.id,
        store_id=run.store_id,
        store_name=store_name,
        status=run.status,
        total=run.total,
        done=run.done,
        since=run.since,
        until=run.until,
        created_at=run.created_at,
        rule=run.rule,
        product_ids=None if run.product_ids is None else tuple(map(UUID, run.product_ids)),
    )


async def results_of(tx: ReadTx, actor: Actor, run_id: UUID) -> tuple[Sums, list[Row]]:
    """Return a run's sums and the goods that differ most. Raises ReplayNotFound."""
    if await queries.find_run(tx, actor.owner_id, run_id) is None:
        raise ReplayNotFound
    rows = await queries.list_results(tx, run_id, _ROWS_SHOWN)
    return await queries.sums(tx, run_id), [_row(result, name) for result, name in rows]


async def spread_of(tx: ReadTx, actor: Actor, run_id: UUID) -> Spread:
    """Return how many goods were first for how much of the time. Raises ReplayNotFound."""
    if await queries.find_run(tx, actor.owner_id, run_id) is None:
        raise ReplayNotFound
    real, tried = [0] * Spread.PARTS, [0] * Spread.PARTS
    for was, would_be, goods in await queries.count_by_first(tx, run_id, Spread.PARTS):
        real[was] += goods
        tried[would_be] += goods
    return Spread(tuple(real), tuple(tried))


async def next_of_run(
    tx: ReadTx, actor: Actor, run_id: UUID
) -> tuple[ReplayRun, list[UUID]] | None:
    """Return a run that goes on and its next goods; None when it is over. Raises PermissionDenied."""
    _only_system(actor)
    run = await queries.get_run(tx, run_id)
    if run is None or run.status in _OVER:
        return None
    return run, await queries.left_to_do(tx, run, SLICE)


async def play_for_run(
    tx: ReadTx, actor: Actor, run: ReplayRun, product_id: UUID, house: House
) -> ReplayResult:
    """Replay one product of a run; the seller's own rules and goods alone. Raises PermissionDenied."""
    _only_system(actor)
    found = await queries.find_subject(tx, run.user_id, product_id)
    if found is None or found[0].external_kaspi_id is None:
        return _result(run.id, product_id, Figures(), Figures())
    product, store, settings = found
    merchants = await queries.merchant_ids(tx, run.user_id)
    own = House(house.min_price_tenge, house.max_fall_percent, merchants)
    whole = store_rule_from_json(run.rule)
    kept = whole.settings_over(settings or DempingSettings(store_id=store.id))
    floors = await economics.profit_floors(tx, {store.id: kept.min_profit}, run.until)
    terms = whole.terms_over(product, rule_from_json(run.rule))
    trial = trial_of(product, store, kept, terms, own, floors=floors[store.id])
    place = product.external_kaspi_id or "", store.home_city_id
    outcome = await play(tx, place, trial, since=run.since, until=run.until, keeps_lines=False)
    return _result(run.id, product_id, outcome.real, outcome.tried)


async def keep_results(
    tx: WriteTx, actor: Actor, run_id: UUID, results: Sequence[ReplayResult], now: datetime
) -> bool:
    """Keep a slice and tell the page; False when the run is over, also because nothing is left."""
    _only_system(actor)
    for result in results:
        await tx.merge(result)
    await tx.flush()
    done = await queries.count_done(tx, run_id)
    status = ReplayStatus.RUNNING if results else ReplayStatus.DONE
    ended = {} if results else {"finished_at": now}
    owner = await queries.set_status(tx, run_id, status, unless=_OVER, done=done, **ended)
    if owner is not None:
        tx.emit(f"user:{owner}", "replay", run_id)
    return owner is not None and bool(results)


def _result(run_id: UUID, product_id: UUID, real: Figures, tried: Figures) -> ReplayResult:
    def seconds(span: timedelta) -> int:
        return int(span.total_seconds())

    return ReplayResult(
        run_id=run_id,
        product_id=product_id,
        recorded_s=seconds(tried.on_sale),
        real_first_s=seconds(real.first),
        tried_first_s=seconds(tried.first),
        real_floor_s=seconds(real.at_floor),
        tried_floor_s=seconds(tried.at_floor),
        real_price=real.mean_price,
        tried_price=tried.mean_price,
        real_changes=real.changes,
        tried_changes=tried.changes,
    )


def _row(it: ReplayResult, name: str) -> Row:
    def figures(first: int, floor: int, price: int | None, changes: int) -> Figures:
        return Figures(
            timedelta(seconds=it.recorded_s),
            timedelta(seconds=first),
            timedelta(seconds=floor),
            float((price or 0) * it.recorded_s),
            changes,
        )

    return Row(
        it.product_id,
        name,
        timedelta(seconds=it.recorded_s),
        figures(it.real_first_s, it.real_floor_s, it.real_price, it.real_changes),
        figures(it.tried_first_s, it.tried_floor_s, it.tried_price, it.tried_changes),
    )


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
