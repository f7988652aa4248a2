"""A new store on the sandbox: looked at, begun with, suggested, applied, seen; and a rule replayed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlmodel import col, select

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.overview import service as overview
from cube_demper.domain.replay import service as replays
from cube_demper.domain.trial import service as trial
from cube_demper.domain.trial.schemas import Step
from cube_demper.models.accounts import User
from cube_demper.models.pricing import MarketSnapshot, PriceStatus
from cube_demper.models.stores import BotMode, KaspiStore
from cube_demper.models.trust import PlaceTally
from workers.places import count_places
from workers.replay import Replays
from workers.trial import Scout

if TYPE_CHECKING:
    from worker_stage import Stage


async def _new_seller(stage: Stage) -> Actor:
    """Make the stage's store a new one: suggesting, its catalogue just read."""
    await stage.set_settings(mode=BotMode.SUGGEST)
    async with stage.db.write() as tx:
        await tx.execute(update(User).values(email_confirmed_at=stage.clock.now()))
        await tx.execute(update(KaspiStore).values(synced_at=stage.clock.now()))
    return Actor(Role.USER, stage.user_id, "seller@example.kz")


async def _steps(stage: Stage, actor: Actor) -> dict[Step, bool]:
    async with stage.db.read() as tx:
        return dict((await trial.first_steps(tx, actor)).done)


async def test_a_new_store_goes_from_looks_to_a_price_on_the_window(stage: Stage) -> None:
    actor, clock = await _new_seller(stage), stage.clock
    stage.sandbox.market.freeze_rivals()
    await Scout(stage.services).handle({"store_id": str(stage.store_id)})
    async with stage.db.read() as tx:
        choice = await trial.choice(tx, actor, stage.store_id, clock.now())
    assert choice.looked == choice.shortlist > 0
    assert 0 < len(choice.candidates) <= 10
    behind = [it for it in choice.candidates if it.place == "behind"]
    assert behind
    floors = {it.good.id: it.floor for it in choice.candidates}
    async with stage.db.write() as tx:
        await trial.begin(tx, actor, stage.store_id, floors, clock.now())
    worker = await stage.worker(once=True)
    await worker.run_bounded()
    assert stage.sandbox.audit().accepted == 0
    async with stage.db.read() as tx:
        suggested = await trial.suggestions(tx, actor, stage.store_id)
    assert suggested
    assert all(it.new_price >= floors[it.product_id] for it in suggested)
    chosen = suggested[0]
    async with stage.db.write() as tx:
        await trial.apply(tx, actor, [chosen.id], clock.now())
    assert (await _steps(stage, actor))[Step.APPLIED]

    sender = await stage.worker(once=True)
    await sender.run_bounded()
    clock.jump(95)
    await sender.confirm()

    rows = {row.id: row for row in await stage.history(chosen.product_id)}
    assert rows[chosen.id].status == PriceStatus.CONFIRMED
    sent = [row for row in await stage.history() if row.sent_at is not None]
    assert [row.id for row in sent] == [chosen.id]
    report = stage.sandbox.audit()
    assert (report.accepted, report.sent_twice) == (1, [])
    assert all((await _steps(stage, actor)).values())


async def test_looks_at_the_shortlist_are_not_made_twice(stage: Stage) -> None:
    await _new_seller(stage)
    scout = Scout(stage.services)
    await scout.handle({"store_id": str(stage.store_id)})
    async with stage.db.read() as tx:
        first = len((await tx.scalars(select(col(MarketSnapshot.card)))).all())
    stage.clock.jump(600)
    await scout.handle({"store_id": str(stage.store_id)})
    async with stage.db.read() as tx:
        assert len((await tx.scalars(select(col(MarketSnapshot.card)))).all()) == first > 0


async def test_a_rule_is_replayed_by_the_worker_over_what_the_bot_recorded(stage: Stage) -> None:
    actor = await _new_seller(stage)
    await stage.switch_on(limit=12)
    for _ in range(3):
        worker = await stage.worker(once=True)
        await worker.run_bounded()
        stage.clock.jump(400)
    now = stage.clock.now()
    async with stage.db.write() as tx:
        run_id = await replays.begin_run(
            tx, actor, stage.store_id, TermsChange(step=200), product_ids=None, days=7, now=now
        )
    worker_of_runs = Replays(stage.services)
    await worker_of_runs.handle({"run_id": str(run_id)})
    await worker_of_runs.handle({"run_id": str(run_id)})  # delivered again: nothing is done twice
    async with stage.db.read() as tx:
        view = await replays.find_run(tx, actor, run_id)
        sums, rows = await replays.results_of(tx, actor, run_id)
    assert view is not None
    assert view.status == "done"
    assert view.done == view.total > 0
    assert sums.goods > 0
    assert rows[0].recorded <= now - view.since


async def test_places_are_counted_by_the_worker(stage: Stage) -> None:
    actor = await _new_seller(stage)
    await stage.switch_on(limit=5)
    worker = await stage.worker(once=True)
    await worker.run_bounded()
    await count_places(stage.services)
    async with stage.db.read() as tx:
        (tally,) = await tx.scalars(select(PlaceTally))
        places = await overview.places_held(tx, actor, stage.clock.now(), timedelta(days=1))
    assert tally.bots == 5
    assert [point.known for point in places.points] == [
        tally.first + tally.second_third + tally.lower
    ]
