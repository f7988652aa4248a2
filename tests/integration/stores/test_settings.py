"""Settings, mode, stop and start against the real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from cube_demper.core.errors import LimitReached, PermissionDenied
from cube_demper.db.session import BrowserEvent, Database
from cube_demper.domain.accounts.schemas import NOBODY
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.domain.stores import rules, service
from cube_demper.domain.stores.errors import InvalidSettings, SettingsChanged, StoreNotFound
from cube_demper.domain.stores.schemas import BotSettings, WorkHours
from cube_demper.models.billing import Plan
from cube_demper.models.catalog import Product
from cube_demper.models.operations import AuditEntry
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings

_SETTINGS = BotSettings(
    price_step=500,
    check_interval_minutes=20,
    hours=WorkHours(time(22), time(6)),
    min_profit=100_000,
    excluded_merchant_ids=("111", "222"),
    rival_filters=RivalFilters(min_rating=4.5),
)


async def _audited(db: Database) -> list[str]:
    async with db.read() as tx:
        return list((await tx.scalars(select(AuditEntry.action))).all())


class TestReading:
    async def test_reading_settings_creates_nothing_and_changes_nothing(self, db: Database) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot=False)
        async with db.write() as tx:
            settings = await service.bot_settings(tx, seller(user), store.id)
            (listed,) = await service.list_stores(tx, seller(user))
        async with db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(DempingSettings)) == 0
        assert settings.price_step == 100
        assert not listed.is_enabled
        assert listed.mode is BotMode.SUGGEST

    async def test_other_sellers_store_does_not_exist_for_me(self, db: Database) -> None:
        async with db.write() as tx:
            store = await add_store(tx, await add_user(tx))
            stranger = seller(await add_user(tx))
        async with db.write() as tx:
            assert await service.list_stores(tx, stranger) == []
            for call in (
                service.bot_settings(tx, stranger, store.id),
                service.change_bot_settings(tx, stranger, store.id, _SETTINGS, NOON),
                service.set_mode(tx, stranger, store.id, BotMode.SUGGEST, NOON),
                service.send_forecast(tx, stranger, store.id, NOON),
                service.stop_forecast(tx, stranger, [store.id]),
                service.stop_bot(tx, stranger, [store.id], NOON),
                service.start_bot(tx, stranger, [store.id], NOON),
                service.why_not(tx, stranger, NOON, store.id),
            ):
                with pytest.raises(StoreNotFound):
                    await call
            with pytest.raises(PermissionDenied):
                await service.list_stores(tx, NOBODY)


class TestChangeBotSettings:
    @pytest.mark.parametrize("has_row", [True, False])
    async def test_what_is_saved_is_read_back_and_goods_are_checked_anew(
        self, db: Database, has_row: bool
    ) -> None:
        later = NOON + timedelta(hours=1)
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot=has_row)
            mine = await add_product(tx, store, next_check_at=later)
            off = await add_product(tx, store, bot_active=False, next_check_at=later)
            other = await add_product(tx, await add_store(tx, user), next_check_at=later)
        async with db.write() as tx:
            checked = await service.change_bot_settings(tx, seller(user), store.id, _SETTINGS, NOON)
            events = list(tx.info["events"])
        async with db.read() as tx:
            assert await service.bot_settings(tx, seller(user), store.id) == _SETTINGS
            due = {row.id: row.next_check_at for row in (await tx.scalars(select(Product))).all()}
        assert checked == 1
        assert due == {mine.id: NOON, off.id: later, other.id: later}
        assert events == [BrowserEvent(f"user:{user.id}", "store", str(store.id))]
        assert await _audited(db) == ["bot_settings_changed"]

    async def test_settings_that_somebody_has_changed_are_not_written_over(
        self, db: Database
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store, actor = await add_store(tx, user), seller(user)
            seen = await service.bot_settings(tx, actor, store.id)
        raised = replace(seen, min_profit=100_000)
        async with db.write() as tx:
            await service.change_bot_settings(tx, actor, store.id, raised, NOON, seen=seen)
        async with db.write() as tx:
            with pytest.raises(SettingsChanged):
                await service.change_bot_settings(tx, actor, store.id, _SETTINGS, NOON, seen=seen)
        async with db.read() as tx:
            assert await service.bot_settings(tx, actor, store.id) == raised

    async def test_round_the_clock_stays_round_the_clock(self, db: Database) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot=False)
            await service.change_bot_settings(
                tx, seller(user), store.id, replace(_SETTINGS, hours=WorkHours()), NOON
            )
        async with db.read() as tx:
            assert (await service.bot_settings(tx, seller(user), store.id)).hours == WorkHours()

    async def test_saving_settings_of_a_new_store_does_not_start_its_bot(
        self, db: Database
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot=False)
            await service.change_bot_settings(tx, seller(user), store.id, _SETTINGS, NOON)
            assert not (await service.get_store(tx, seller(user), store.id)).is_enabled

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"price_step": 0}, "price_step"),
            ({"price_step": 150}, "price_step"),
            ({"check_interval_minutes": 0}, "check_interval_minutes"),
            ({"min_profit": -100}, "min_profit"),
            ({"hours": WorkHours(time(9), time(9))}, "work_hours_start"),
            ({"hours": WorkHours(time(9), None)}, "work_hours_start"),
        ],
    )
    async def test_database_refuses_what_the_rules_let_through_in_the_same_words(
        self,
        db: Database,
        monkeypatch: pytest.MonkeyPatch,
        change: dict[str, object],
        field: str,
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user)
        bad = replace(_SETTINGS, **change)
        async with db.read() as tx:
            with pytest.raises(InvalidSettings):
                await service.change_bot_settings(tx, seller(user), store.id, bad, NOON)
        monkeypatch.setattr(rules, "check_settings", lambda _: None)
        with pytest.raises(InvalidSettings) as refused:
            async with db.write() as tx:
                await service.change_bot_settings(tx, seller(user), store.id, bad, NOON)
        assert set(refused.value.fields) == {field}
        async with db.read() as tx:
            assert (await service.bot_settings(tx, seller(user), store.id)).price_step == 100


class TestStop:
    async def test_stop_drops_the_queue_and_says_what_is_already_on_its_way(
        self, db: Database
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store, other = await add_store(tx, user), await add_store(tx, user)
            goods = [await add_product(tx, store) for _ in range(3)]
            elsewhere = await add_product(tx, other)
            queued = await add_decision(tx, goods[0], PriceStatus.QUEUED)
            await add_decision(tx, goods[1], PriceStatus.SENDING)
            kept = await add_decision(tx, elsewhere, PriceStatus.QUEUED)
        async with db.write() as tx:
            forecast = await service.stop_forecast(tx, seller(user), [store.id])
            result = await service.stop_bot(tx, seller(user), [store.id], NOON)
            again = await service.stop_bot(tx, seller(user), [store.id], NOON)
        assert (forecast.stores, forecast.bots) == (1, 3)
        assert (forecast.queued, forecast.sending) == (1, 1)
        assert result.store_ids == (store.id,)
        assert (result.dropped, result.sending) == (1, 1)
        assert again.store_ids == ()
        async with db.read() as tx:
            statuses = dict((await tx.execute(select(PriceHistory.id, PriceHistory.status))).all())
            assert (await tx.get(PriceHistory, queued.id)).note == "Бот остановлен вами."
        assert statuses[queued.id] == "superseded"
        assert statuses[kept.id] == "queued"
        assert await _audited(db) == ["bot_stopped"]

    async def test_stopped_store_is_not_ready_and_a_start_makes_its_goods_due(
        self, db: Database
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user)
            product = await add_product(tx, store, next_check_at=NOON + timedelta(hours=1))
            await service.stop_bot(tx, seller(user), [store.id], NOON)
        async with db.write() as tx:
            assert not (await service.get_store(tx, seller(user), store.id)).is_enabled
            assert await service.start_bot(tx, seller(user), [store.id], NOON) == (store.id,)
            assert await service.start_bot(tx, seller(user), [store.id], NOON) == ()
        async with db.read() as tx:
            assert (await tx.get(Product, product.id)).next_check_at == NOON

    async def test_store_without_settings_can_be_started(self, db: Database) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot=False)
            await service.start_bot(tx, seller(user), [store.id], NOON)
            assert (await service.get_store(tx, seller(user), store.id)).is_enabled

    async def test_part_of_a_list_with_a_strangers_store_is_not_stopped_either(
        self, db: Database
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            mine = await add_store(tx, user)
            foreign = await add_store(tx, await add_user(tx))
        with pytest.raises(StoreNotFound):
            async with db.write() as tx:
                await service.stop_bot(tx, seller(user), [mine.id, foreign.id], NOON)
        async with db.read() as tx:
            assert (await service.get_store(tx, seller(user), mine.id)).is_enabled


class TestMode:
    async def test_allowing_sends_says_first_what_would_be_sent(self, db: Database) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot={"mode": BotMode.SUGGEST})
            falls, rises, settled = [await add_product(tx, store) for _ in range(3)]
            suggested = PriceStatus.SUGGESTED
            await add_decision(tx, falls, suggested, new_price=950_000)
            await add_decision(tx, rises, suggested, new_price=1_020_000)
            await add_decision(tx, settled, suggested)
            await add_decision(tx, settled, PriceStatus.HELD, new_price=None, created_at=NOON)
        async with db.write() as tx:
            forecast = await service.send_forecast(tx, seller(user), store.id, NOON)
            await service.set_mode(tx, seller(user), store.id, BotMode.AUTO, NOON)
            await service.set_mode(tx, seller(user), store.id, BotMode.AUTO, NOON)
            assert (await service.get_store(tx, seller(user), store.id)).mode is BotMode.AUTO
        assert (forecast.bots, forecast.suggested) == (3, 2)
        assert (forecast.falls, forecast.rises, forecast.biggest_fall) == (1, 1, 50_000)
        assert await _audited(db) == ["bot_mode_changed"]

    async def test_going_back_to_suggestions_drops_the_queue(self, db: Database) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user, bot={"mode": BotMode.AUTO})
            row = await add_decision(tx, await add_product(tx, store), PriceStatus.QUEUED)
            await service.set_mode(tx, seller(user), store.id, BotMode.SUGGEST, NOON)
        async with db.read() as tx:
            assert (await tx.get(PriceHistory, row.id)).status == "superseded"

    @pytest.mark.parametrize("plan", [Plan.FREE, None])
    async def test_plan_without_repricing_cannot_allow_sends(
        self, db: Database, plan: Plan | None
    ) -> None:
        async with db.write() as tx:
            user = await add_user(tx, plan=plan)
            store = await add_store(tx, user, bot={"mode": BotMode.SUGGEST})
        async with db.write() as tx:
            with pytest.raises(LimitReached):
                await service.set_mode(tx, seller(user), store.id, BotMode.AUTO, NOON)
            assert (await service.get_store(tx, seller(user), store.id)).mode is BotMode.SUGGEST


async def test_unknown_mode_is_refused_by_the_database(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        await add_store(tx, user)
    async with db.write() as tx:
        with pytest.raises(IntegrityError, match="mode_known"):
            await tx.execute(text("UPDATE demping_settings SET mode = 'wild'"))
