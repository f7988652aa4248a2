from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import select, update

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import NotificationRow
from cube_demper.domain.operations import service as operations
from cube_demper.domain.operations.schemas import Heartbeat
from cube_demper.domain.pricing.alerts.rules import first_lost_at, lost_before
from cube_demper.domain.pricing.alerts.service import raise_alerts
from cube_demper.domain.stores.silence import tell_of_silence
from cube_demper.models.accounts import User
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel, DempingSettings, KaspiStore


async def raised(db: Database, user: User, now: datetime = NOON) -> list[NotificationRow]:
    async with db.write() as tx:
        await raise_alerts(tx, SYSTEM, now)
        return await notifications.list_latest(tx, seller(user))


async def shop(db: Database, goods: int, decision: dict[str, Any], **product: Any) -> User:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау")
        for _ in range(goods):
            row = await add_product(tx, store, **product)
            if decision:
                await add_decision(tx, row, **decision)
    return user


HELD = {"status": PriceStatus.HELD, "change_reason": "below_floor_hold"}
SENT = {"status": PriceStatus.SENT, "sent_at": NOON - timedelta(minutes=12)}


class TestFloor:
    async def test_five_goods_are_one_line(self, db: Database) -> None:
        user = await shop(db, 5, HELD, last_reason="below_floor_hold")
        (row,) = await raised(db, user)
        assert row.title == "5\u00a0товаров дошли до мин. цены"
        assert row.kind == "floor_hit"
        assert "tab=at_floor" in row.link

    async def test_one_is_named_and_linked(self, db: Database) -> None:
        user = await shop(db, 1, HELD, last_reason="at_floor", name="Чайник")
        (row,) = await raised(db, user)
        assert row.title == "«Чайник» дошёл до мин. цены"
        assert row.link.startswith("/products/")

    async def test_again_today_is_no_news_and_tomorrow_needs_a_new_event(
        self, db: Database
    ) -> None:
        user = await shop(db, 2, HELD, last_reason="at_floor")
        await raised(db, user)
        assert len(await raised(db, user, NOON + timedelta(minutes=30))) == 1
        assert len(await raised(db, user, NOON + timedelta(days=1))) == 1

    async def test_what_left_the_floor_is_not_counted(self, db: Database) -> None:
        user = await shop(db, 2, HELD, last_reason="price_is_right")
        assert await raised(db, user) == []

    async def test_a_bot_that_is_off_tells_nothing(self, db: Database) -> None:
        user = await shop(db, 1, HELD, last_reason="at_floor", bot_active=False)
        assert await raised(db, user) == []

    async def test_every_seller_hears_of_their_own(self, db: Database) -> None:
        first = await shop(db, 1, HELD, last_reason="at_floor")
        second = await shop(db, 3, HELD, last_reason="at_floor")
        await raised(db, first)
        async with db.read() as tx:
            (mine,) = await notifications.list_latest(tx, seller(first))
            (theirs,) = await notifications.list_latest(tx, seller(second))
        assert (mine.title[:2], theirs.title[:2]) == ("«Т", "3\u00a0")


class TestFirstPlace:
    @pytest.mark.parametrize(("minutes", "told"), [(119, 0), (121, 1)])
    async def test_only_when_lost_for_long(self, db: Database, minutes: int, told: int) -> None:
        lost = NOON - timedelta(minutes=minutes)
        user = await shop(db, 1, {}, first_lost_at=lost, position=2)
        assert len(await raised(db, user)) == told

    async def test_its_link_opens_those_that_lost_it_for_long(self, db: Database) -> None:
        user = await shop(db, 2, {}, first_lost_at=NOON - timedelta(hours=3), position=2)
        async with db.write() as tx:
            store = await tx.scalar(select(KaspiStore))
            assert store is not None
            await add_product(tx, store, first_lost_at=NOON - timedelta(minutes=90), position=2)
            await add_product(tx, store, position=2)
        (row,) = await raised(db, user)
        assert row.title == "2\u00a0товара потеряли первое место"
        given = dict(part.split("=") for part in row.link.partition("?")[2].split("&"))
        view = ProductFilter(
            tab=ProductTab(given["tab"]),
            store_id=UUID(given["store"]),
            lost_before=lost_before(given["lost"], NOON),
        )
        async with db.read() as tx:
            assert (await catalog.list_products(tx, seller(user), view)).total == 2
            everything = await catalog.list_products(
                tx, seller(user), replace(view, lost_before=None)
            )
        assert everything.total == 4
        assert lost_before("nonsense", NOON) is None

    async def test_who_wants_the_third_place_has_lost_nothing(self, db: Database) -> None:
        lost = NOON - timedelta(hours=3)
        user = await shop(db, 1, {}, first_lost_at=lost, demping_strategy="stay_top_n")
        assert await raised(db, user) == []

    async def test_a_stopped_store_loses_nothing(self, db: Database) -> None:
        user = await shop(db, 1, {}, first_lost_at=NOON - timedelta(hours=3), position=2)
        async with db.write() as tx:
            await tx.execute(update(DempingSettings).values(is_enabled=False))
        assert await raised(db, user) == []

    async def test_what_crossed_yesterday_is_not_told_today(self, db: Database) -> None:
        user = await shop(db, 1, {}, first_lost_at=NOON - timedelta(hours=20), position=2)
        assert await raised(db, user) == []

    def test_the_moment_is_kept_until_it_is_first_again(self) -> None:
        later = NOON + timedelta(hours=1)
        assert first_lost_at(None, 1, 2, NOON) == NOON
        assert first_lost_at(NOON, 2, 3, later) == NOON
        assert first_lost_at(NOON, 3, 1, later) is None
        assert first_lost_at(NOON, 3, None, later) is None
        assert first_lost_at(None, 4, 2, later) is None


class TestLate:
    @pytest.mark.parametrize(("minutes", "told"), [(9, 0), (11, 1), (70, 0)])
    async def test_after_ten_minutes(self, db: Database, minutes: int, told: int) -> None:
        sent = SENT | {"sent_at": NOON - timedelta(minutes=minutes)}
        assert len(await raised(db, await shop(db, 1, sent))) == told

    async def test_a_price_list_is_not_late_after_ten_minutes(self, db: Database) -> None:
        user = await shop(db, 1, SENT)
        async with db.write() as tx:
            await tx.execute(update(KaspiStore).values(channel=Channel.FEED))
        assert await raised(db, user) == []

    async def test_a_price_that_was_seen_is_not_late(self, db: Database) -> None:
        seen = SENT | {"status": PriceStatus.CONFIRMED, "confirmed_at": NOON}
        assert await raised(db, await shop(db, 1, seen)) == []


class TestSilence:
    async def silence(self, db: Database, user: User, now: datetime = NOON) -> list[str]:
        async with db.write() as tx:
            await tell_of_silence(tx, SYSTEM, now)
            return [row.title for row in await notifications.list_latest(tx, seller(user))]

    async def test_told_once_a_day_while_no_worker_lives(self, db: Database) -> None:
        user = await shop(db, 2, {})
        assert await self.silence(db, user) == ["Бот не работает"]
        assert len(await self.silence(db, user, NOON + timedelta(hours=3))) == 1
        assert len(await self.silence(db, user, NOON + timedelta(days=1))) == 2

    async def test_not_while_one_lives(self, db: Database) -> None:
        user = await shop(db, 1, {})
        async with db.write() as tx:
            beat = Heartbeat("demping", 0, 1, "a:1", NOON, NOON - timedelta(minutes=2))
            await operations.beat(tx, beat)
        assert await self.silence(db, user) == []
        assert len(await self.silence(db, user, NOON + timedelta(minutes=2))) == 1

    async def test_another_kind_of_worker_does_not_count(self, db: Database) -> None:
        user = await shop(db, 1, {})
        async with db.write() as tx:
            await operations.beat(tx, Heartbeat("outbox", 0, 1, "a:1", NOON, NOON))
        assert len(await self.silence(db, user)) == 1

    async def test_a_stopped_store_misses_nothing(self, db: Database) -> None:
        user = await shop(db, 1, {})
        async with db.write() as tx:
            await tx.execute(update(DempingSettings).values(is_enabled=False))
        assert await self.silence(db, user) == []


async def test_only_the_product_raises_alerts(db: Database) -> None:
    user = await shop(db, 1, {})
    for call in (raise_alerts, tell_of_silence):
        with pytest.raises(PermissionDenied):
            async with db.write() as tx:
                await call(tx, seller(user), NOON)
