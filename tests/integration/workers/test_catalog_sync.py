"""The sync worker against the sandbox's cabinet: faults, signed-out stores, the price bot's wishes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select
from worker_stage import Stage

from cube_demper.core.errors import IntegrationError
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.trial import service as trial
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.stores import KaspiStore
from cube_demper.models.syncing import SyncState
from cube_demper.sandbox.faults import FaultKind
from workers.catalog import CatalogSync, ask_for_old
from workers.outbox import Drain
from workers.topics import trial_lane


@pytest.fixture
async def worker(stage: Stage) -> AsyncIterator[CatalogSync]:
    made = CatalogSync(stage.services)
    yield made
    await made.close()


async def _ask(stage: Stage) -> dict[str, Any]:
    stage.clock.jump(120)
    async with stage.db.write() as tx:
        run = await syncs.ask(tx, SYSTEM, stage.store_id, stage.clock.now())
    return {"run_id": str(run.id)}


async def _run(stage: Stage) -> SyncRun:
    async with stage.db.read() as tx:
        return (await syncs.last_runs(tx, SYSTEM, [stage.store_id]))[stage.store_id]


@pytest.mark.parametrize("kind", [FaultKind.HTML, FaultKind.TRUNCATED, FaultKind.NULLS])
async def test_garbage_in_place_of_the_list_changes_nothing(
    stage: Stage, worker: CatalogSync, kind: FaultKind
) -> None:
    before = [it.model_dump(exclude={"updated_at"}) for it in await stage.products()]
    payload = await _ask(stage)
    stage.sandbox.fault(kind, "list")
    while (await _run(stage)).is_live:
        stage.clock.jump(130)  # the circuit breaker's rest is over
        with suppress(IntegrationError):
            await worker.handle(payload)
    run = await _run(stage)
    assert run.state is SyncState.FAILED
    assert run.trouble
    assert [it.model_dump(exclude={"updated_at"}) for it in await stage.products()] == before


async def test_an_empty_list_takes_nothing_off_sale(stage: Stage, worker: CatalogSync) -> None:
    payload = await _ask(stage)
    stage.sandbox.fault(FaultKind.EMPTY, "list")
    await worker.handle(payload)
    assert (await _run(stage)).state is SyncState.FAILED
    assert sum(it.is_on_sale for it in await stage.products()) == 10


async def test_a_failing_cabinet_is_asked_again_and_the_run_goes_on(
    stage: Stage, worker: CatalogSync
) -> None:
    payload = await _ask(stage)
    fault = stage.sandbox.fault(FaultKind.STATUS, "list", status=503)
    with pytest.raises(IntegrationError):
        await worker.handle(payload)
    assert "503" in (await _run(stage)).trouble
    fault.count = 0
    stage.clock.jump(120)
    await worker.handle(payload)
    run = await _run(stage)
    assert (run.state, run.trouble, run.goods_read) == (SyncState.DONE, "", 10)


async def test_a_signed_out_store_needs_its_seller_and_goes_on_after_the_sign_in(
    stage: Stage, worker: CatalogSync
) -> None:
    payload = await _ask(stage)
    stage.sandbox.sessions.expire("seller@example.kz")
    await worker.handle(payload)
    async with stage.db.read() as tx:
        assert (await tx.get_one(KaspiStore, stage.store_id)).needs_reauth
    run = await _run(stage)
    assert run.state is SyncState.FAILED
    assert "Войдите заново" in run.trouble
    await stage.sign_in()
    await worker.handle(await _ask(stage))
    assert (await _run(stage)).state is SyncState.DONE


async def test_old_catalogues_are_asked_for_once_and_not_again_right_after_a_failure(
    stage: Stage, worker: CatalogSync
) -> None:
    stage.clock.jump(7 * 3600)
    await ask_for_old(stage.services)
    await ask_for_old(stage.services)
    async with stage.db.read() as tx:
        query = select(OutboxMessage.payload).where(col(OutboxMessage.topic) == syncs.TOPIC)
        (payload,) = (await tx.scalars(query)).all()
    stage.sandbox.fault(FaultKind.EMPTY, "list")
    await worker.handle(payload)
    await ask_for_old(stage.services)
    assert (await _run(stage)).state is SyncState.FAILED
    stage.clock.jump(3700)
    await ask_for_old(stage.services)
    assert (await _run(stage)).is_live


async def test_a_new_stores_first_reading_has_its_trial_looked_at_without_its_seller(
    stage: Stage, worker: CatalogSync
) -> None:
    async with stage.db.write() as tx:
        await tx.execute(update(KaspiStore).values(synced_at=None))
        await tx.execute(delete(OutboxMessage))
    await worker.handle(await _ask(stage))
    assert (await _run(stage)).state is SyncState.DONE
    await Drain(stage.services, trial_lane(stage.services), asyncio.Event()).run()
    seller = Actor(Role.USER, stage.user_id, "seller@example.kz")
    async with stage.db.read() as tx:
        choice = await trial.choice(tx, seller, stage.store_id, stage.clock.now())
    assert choice.looked == choice.shortlist > 0
    assert choice.candidates
    assert not choice.is_looking
    stage.clock.jump(3600)
    await worker.handle(await _ask(stage))
    async with stage.db.read() as tx:
        asked = select(OutboxMessage).where(col(OutboxMessage.topic) == trial.TOPIC)
        assert len((await tx.scalars(asked)).all()) == 1
