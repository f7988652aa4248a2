"""The worker's first question: which stores may be worked on now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from records import NOON, add_product, add_store, add_user, limit_bots, seller

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.stores import rules, service
from cube_demper.domain.stores.schemas import WorkHours
from cube_demper.models.billing import Plan
from cube_demper.models.stores import BotMode, Channel


async def _ready(db: Database, now: datetime = NOON) -> list[Any]:
    async with db.read() as tx:
        return await service.ready_stores(tx, SYSTEM, now)


async def test_one_row_holds_all_that_the_worker_needs(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        other = await add_store(tx, user, is_active=False)
        bot = {"price_step": 500, "excluded_merchant_ids": ["77"], "min_profit": 100_000}
        store = await add_store(
            tx, user, bot=bot | {"rival_filters": {"min_rating": 4.5}}, points=[{"id": "1_PP1"}]
        )
    (ready,) = await _ready(db)
    assert (ready.id, ready.user_id, ready.merchant_id) == (store.id, user.id, store.merchant_id)
    assert ready.guid == store.guid
    assert ready.points == [{"id": "1_PP1"}]
    assert ready.settings.price_step == 500
    assert ready.settings.min_profit == 100_000
    assert ready.settings.excluded_merchant_ids == ("77",)
    assert ready.settings.rival_filters.min_rating == 4.5
    assert ready.own_merchant_ids == {other.merchant_id}
    assert ready.mode is BotMode.AUTO
    assert ready.cutoff is None


@pytest.mark.parametrize(
    ("store", "bot", "user"),
    [
        ({"is_active": False}, {}, {}),
        ({"needs_reauth": True, "reauth_reason": "sms_required"}, {}, {}),
        ({"guid": None}, {}, {}),
        ({}, {"is_enabled": False}, {}),
        ({}, {}, {"is_blocked": True}),
        ({}, {"work_hours_start": time(13), "work_hours_end": time(21)}, {}),
    ],
)
async def test_store_that_cannot_be_served_is_left_out_and_costs_the_others_nothing(
    db: Database, store: dict[str, Any], bot: dict[str, Any], user: dict[str, Any]
) -> None:
    async with db.write() as tx:
        healthy = await add_store(tx, await add_user(tx))
        await add_store(tx, await add_user(tx, **user), bot=bot, **store)
    assert [ready.id for ready in await _ready(db)] == [healthy.id]


async def test_store_without_saved_settings_is_not_ready(db: Database) -> None:
    async with db.write() as tx:
        await add_store(tx, await add_user(tx), bot=False)
    assert await _ready(db) == []


async def test_feed_store_needs_no_session(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx), guid=None, channel=Channel.FEED)
    assert [ready.id for ready in await _ready(db)] == [store.id]


@pytest.mark.parametrize("plan", [None, Plan.FREE])
async def test_plan_without_repricing_only_suggests(db: Database, plan: Plan | None) -> None:
    async with db.write() as tx:
        await add_store(tx, await add_user(tx, plan=plan), bot={"mode": BotMode.AUTO})
    assert [ready.mode for ready in await _ready(db)] == [BotMode.SUGGEST]


async def test_lapsed_plan_only_suggests(db: Database) -> None:
    async with db.write() as tx:
        await add_store(tx, await add_user(tx))
    assert (await _ready(db, NOON + timedelta(days=30)))[0].mode is BotMode.SUGGEST


async def test_over_the_plan_limit_the_bots_switched_on_earliest_stay(db: Database) -> None:
    async with db.write() as tx:
        await limit_bots(tx, 3)
        user = await add_user(tx)
        first, second = await add_store(tx, user), await add_store(tx, user)
        for minutes, store in ((40, first), (10, first), (30, second), (20, second)):
            await add_product(tx, store, bot_enabled_at=NOON - timedelta(minutes=minutes))
        await add_product(tx, first, bot_active=False)
    cutoffs = {ready.cutoff for ready in await _ready(db)}
    assert len(cutoffs) == 1
    assert cutoffs.pop().switched_on_at == NOON - timedelta(minutes=20)


async def test_each_seller_has_a_cutoff_of_their_own_and_a_plan_without_bots_stops_nobody_else(
    db: Database,
) -> None:
    async with db.write() as tx:
        await limit_bots(tx, 1)
        await limit_bots(tx, 0, Plan.FREE)
        for plan, since in ((Plan.PRO, 10), (Plan.PRO, 20), (Plan.FREE, 30)):
            store = await add_store(tx, await add_user(tx, plan=plan))
            for minutes in (since, since - 5):
                await add_product(tx, store, bot_enabled_at=NOON - timedelta(minutes=minutes))
    found = sorted(ready.cutoff.switched_on_at for ready in await _ready(db) if ready.cutoff)
    assert found[1:] == [NOON - timedelta(minutes=20), NOON - timedelta(minutes=10)]
    assert found[0] < NOON - timedelta(days=365)


async def test_only_the_product_itself_may_ask(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
    async with db.read() as tx:
        with pytest.raises(PermissionDenied):
            await service.ready_stores(tx, seller(user), NOON)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None),
        (time(9), time(21)),
        (time(22), time(6)),
        (time(0), time(23, 59)),
        (time(5), time(0)),
    ],
)
async def test_database_and_python_agree_about_work_hours_at_every_half_hour(
    db: Database, start: time | None, end: time | None
) -> None:
    async with db.write() as tx:
        await add_store(
            tx, await add_user(tx), bot={"work_hours_start": start, "work_hours_end": end}
        )
    midnight = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    for half_hours in range(48):
        now = midnight + timedelta(minutes=30 * half_hours)
        is_ready = bool(await _ready(db, now))
        assert is_ready is rules.is_open(WorkHours(start, end), now), now
