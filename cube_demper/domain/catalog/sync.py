"""The walk of a sync run over a cabinet: a page a transaction, from wherever it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    PermissionDenied,
)
from cube_demper.db import outbox
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import sync_queries
from cube_demper.domain.catalog.errors import StoreGone
from cube_demper.domain.catalog.saving import home_city, save_products, save_supply
from cube_demper.domain.catalog.syncs import queries, rules
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.catalog.syncs.schemas import PAGE_SIZE, Cabinet, SyncReport, SyncRun
from cube_demper.domain.trial.schemas import LOOK_TOPIC, look_message
from cube_demper.models.stores import KaspiStore
from cube_demper.models.syncing import SyncState

__all__ = ["Cabinet", "failed", "go_on", "save_supply", "sync_store"]

_NO_POINTS = "Kaspi не показал ни одной точки продаж."
_CUT_SHORT = "Kaspi прислал список товаров не целиком."
_NOT_BELIEVED = (
    "Kaspi не показал {missing} из {known} товаров. Похоже на сбой, поэтому с продажи ничего не"
    " сняли. Если товаров правда нет, обновите каталог ещё раз."
)
_NOT_GONE = (
    "Kaspi не показал {missing} из {known} товаров, но они в продаже. С продажи ничего не сняли."
)
_SIGNED_OUT = "Вход в Kaspi истёк. Войдите заново, и обновление продолжится с того же места."

Now = Callable[[], datetime]


async def sync_store(
    db: Database, actor: Actor, store_id: UUID, cabinet: Cabinet, now: datetime
) -> SyncReport:
    """Read a store's whole catalogue here and now; after an error, calling again goes on.

    Raises PermissionDenied, StoreGone, and what the cabinet raises.
    """
    _require_system(actor)
    async with db.write() as tx:
        run, _ = await syncs.open_run(tx, store_id, now)
    ended = await go_on(db, actor, run.id, cabinet, lambda: now, must_rest=lambda: False)
    if ended is None:
        raise StoreGone
    return SyncReport(ended.goods_read, ended.added, ended.changed, ended.removed)


async def go_on(
    db: Database,
    actor: Actor,
    run_id: UUID,
    cabinet: Cabinet,
    now: Now,
    *,
    must_rest: Callable[[], bool],
) -> SyncRun | None:
    """Walk on until the run ends, or until `must_rest` says so after a page: then it is queued again.

    Returns the run as it is left, None when it is gone. Raises PermissionDenied and what the cabinet
    raises; the run then stands where it stood, and `failed` writes down why.
    """
    _require_system(actor)
    run = await _begin(db, run_id, cabinet, now)
    while run is not None and run.state is SyncState.RUNNING:
        step = _check_missing if run.is_list_read else _take_page
        run = await step(db, run, cabinet, now)
        if run is not None and run.state is SyncState.RUNNING and must_rest():
            async with db.write() as tx:
                await syncs.wake(tx, run, now())
            return run
    return run


async def failed(
    tx: WriteTx, actor: Actor, run_id: UUID, error: IntegrationError, now: datetime
) -> bool:
    """Write down why a run stands; tell whether it is to be tried again. Raises PermissionDenied."""
    _require_system(actor)
    run = await queries.lock(tx, run_id)
    if run is None or not run.is_live:
        return False
    is_signed_out = isinstance(error, CredentialsRejected)
    patience = (
        rules.PATIENCE_WITH_ANSWERS
        if isinstance(error, ContractChanged)
        else rules.PATIENCE_WITH_SILENCE
    )
    tries = run.tries + 1
    words = _SIGNED_OUT if is_signed_out else error.message
    if tries < patience and not is_signed_out:
        await queries.change(tx, run.id, tries=tries, trouble=words)
        await _tell(tx, run.store_id)
        return True
    await _end(tx, run, SyncState.FAILED, now, tries=tries, trouble=words)
    return False


async def _begin(db: Database, run_id: UUID, cabinet: Cabinet, now: Now) -> SyncRun | None:
    """Start a queued run: read the points, without which prices by city mean nothing."""
    async with db.read() as tx:
        run = await queries.find(tx, run_id)
    if run is None or run.state is not SyncState.QUEUED:
        return run
    points = await cabinet.points()
    async with db.write() as tx:
        run = await queries.lock(tx, run_id)
        if run is None or run.state is not SyncState.QUEUED:
            return run
        store = await sync_queries.get_store(tx, run.store_id)
        if not points and store.points:
            raise ContractChanged(_NO_POINTS)
        store.points = [dict(point) for point in points]
        store.home_city_id = home_city(points)
        tx.emit(f"user:{store.user_id}", "sync", store.id)
        return await queries.change(
            tx, run.id, state=SyncState.RUNNING, started_at=run.started_at or now(), tries=0
        )


async def _take_page(db: Database, run: SyncRun, cabinet: Cabinet, now: Now) -> SyncRun | None:
    """Read and save one page, unless the run was stopped or taken further by another meanwhile."""
    number = run.next_page
    page = await cabinet.page(number)
    if len(page.products) < rules.expected_rows(page, number) and not rules.is_patience_spent(run):
        raise ContractChanged(_CUT_SHORT)
    async with db.write() as tx:
        fresh = await _still(tx, run)
        if fresh is not run:
            return fresh
        store = await sync_queries.get_store(tx, run.store_id)
        saved = await save_products(tx, store, page.products, now())
        await _tell(tx, run.store_id)
        return await queries.change(
            tx,
            run.id,
            next_page=number + 1,
            is_list_read=rules.is_last(page, number),
            total=page.total,
            goods_read=run.goods_read + len(page.products),
            added=run.added + saved.added,
            changed=run.changed + saved.changed,
            tries=0,
            trouble="",
        )


async def _check_missing(db: Database, run: SyncRun, cabinet: Cabinet, now: Now) -> SyncRun | None:
    """Ask Kaspi about each product that the list did not show; mark as removed what it denies too.

    Goods move between pages while one reads, and a list may lie: neither may take a product off sale.
    """
    since = run.started_at or now()
    async with db.read() as tx:
        known, missing = await sync_queries.count_on_sale(tx, run.store_id, since)
        last = await queries.before(tx, run)
    is_doubted = rules.is_hard_to_believe(missing, known, last)
    after = ""
    while skus := await _not_met(db, run, since, after):
        after = skus[-1]
        found = [it for it in await cabinet.details(skus) if it.is_on_sale and it.sku in skus]
        if is_doubted:
            words = _NOT_GONE if found else _NOT_BELIEVED
            text = words.format(missing=missing, known=known)
            return await _give_up(db, run, text, None if found else missing, now)
        async with db.write() as tx:
            if (fresh := await _still(tx, run)) is not run:
                return fresh
            store = await sync_queries.get_store(tx, run.store_id)
            await save_products(tx, store, found, now())
    return await _finish(db, run, since, now)


async def _not_met(db: Database, run: SyncRun, since: datetime, after: str) -> list[str]:
    async with db.read() as tx:
        return await sync_queries.list_not_met(tx, run.store_id, since, after, PAGE_SIZE)


async def _give_up(
    db: Database, run: SyncRun, words: str, suspected: int | None, now: Now
) -> SyncRun | None:
    async with db.write() as tx:
        if (fresh := await _still(tx, run)) is not run:
            return fresh
        return await _end(tx, run, SyncState.FAILED, now(), trouble=words, suspected=suspected or 0)


async def _finish(db: Database, run: SyncRun, since: datetime, now: Now) -> SyncRun | None:
    async with db.write() as tx:
        if (fresh := await _still(tx, run)) is not run:
            return fresh
        removed = await sync_queries.mark_removed(tx, run.store_id, since)
        store = await sync_queries.get_store(tx, run.store_id)
        if store.synced_at is None:  # a new store: its trial begins without waiting for its seller
            await outbox.enqueue(tx, LOOK_TOPIC, *look_message(store.id, now()), now())
        await sync_queries.set_synced(tx, run.store_id, now())
        await _tell(tx, run.store_id, "store")
        return await _end(tx, run, SyncState.DONE, now(), removed=removed)


async def _still(tx: WriteTx, run: SyncRun) -> SyncRun | None:
    """Return `run` itself when it stands where it stood, else what has become of it."""
    fresh = await queries.lock(tx, run.id)
    same_place = fresh is not None and (
        (fresh.state, fresh.next_page, fresh.is_list_read)
        == (run.state, run.next_page, run.is_list_read)
    )
    return run if same_place else fresh


async def _end(
    tx: WriteTx, run: SyncRun, state: SyncState, now: datetime, **values: object
) -> SyncRun:
    ended = await queries.change(tx, run.id, state=state, finished_at=now, **values)
    await _tell(tx, run.store_id)
    return ended


async def _tell(tx: WriteTx, store_id: UUID, kind: str = "sync") -> None:
    store: KaspiStore = await sync_queries.get_store(tx, store_id)
    tx.emit(f"user:{store.user_id}", kind, store_id)


def _require_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
