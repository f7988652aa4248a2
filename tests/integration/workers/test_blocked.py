"""A blocked person's store: a worker that is running sends nothing more for it, and goes on when it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cube_demper.core.ids import new_id
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.accounts import User
from cube_demper.models.pricing import PriceStatus

if TYPE_CHECKING:
    from worker_stage import Stage

ADMIN = Actor(Role.ADMIN, new_id(), "boss@example.kz")


async def _block(stage: Stage, *, is_blocked: bool) -> None:
    async with stage.db.write() as tx:
        owner = (await tx.scalars(select(User))).one()
        await accounts.set_blocked(
            tx, ADMIN, owner.id, is_blocked=is_blocked, now=stage.clock.now()
        )


async def test_blocked_after_the_decision_and_before_the_send(stage: Stage) -> None:
    await stage.queue_lower()
    worker = await stage.worker(once=True)
    ready = await worker._ready(is_forced=True)
    assert ready, "the worker has the store in hand"

    await _block(stage, is_blocked=True)
    worker.lane.start(ready, {store.id: False for store in ready})
    await worker.lane.wait()

    assert stage.sandbox.audit().accepted == 0
    assert (await stage.history())[-1].status == PriceStatus.SUPERSEDED


async def test_a_worker_takes_nothing_of_a_blocked_owner_until_the_block_is_lifted(
    stage: Stage,
) -> None:
    await stage.queue_lower()
    await _block(stage, is_blocked=True)
    worker = await stage.worker(once=True)
    assert not await worker._ready(is_forced=True)

    await stage.drain(worker)
    assert stage.sandbox.audit().accepted == 0

    await _block(stage, is_blocked=False)
    await stage.drain()
    assert stage.sandbox.audit().accepted == 1
