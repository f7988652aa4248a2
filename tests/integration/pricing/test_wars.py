"""Price wars on the database: written when called, followed by looks, ended by the seller."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pricing_bot import RIVAL, make_bot, make_product
from records import NOON, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import Conflict, NotFound
from cube_demper.db.session import Database
from cube_demper.domain.pricing.queries import memories
from cube_demper.domain.pricing.wars import queries
from cube_demper.domain.pricing.wars import service as wars
from cube_demper.models.catalog import Product
from cube_demper.models.operations import Notification
from cube_demper.models.rivalry import WarEnd
from cube_demper.models.stores import KaspiStore

ALMATY = "750000000"


async def test_the_fifth_fall_calls_a_war_that_began_with_the_first(db: Database) -> None:
    bot = await make_bot(db)
    called_at = await bot.war(NOON)
    (war,) = await bot.wars()
    assert (war.rival_id, war.rival_name, war.falls) == (RIVAL, "Магазин R1", 5)
    assert (war.began_at, war.called_at) == (NOON + timedelta(minutes=3), called_at)
    assert war.ends_at == called_at + timedelta(hours=2)
    assert (war.start_price, war.rest_price) == (1_200_000, 1_159_000)
    assert (war.steps[0]["own"], war.steps[0]["rival"]) == (1_200_000, 1_190_000)
    assert 0 < war.cost < war.start_price - war.lowest_price
    (told,) = await bot.news()
    assert told.title == "Ценовая война: «Чайник 77»"
    assert "Возвращаем 11\u00a0590\u00a0₸" in told.body


async def test_four_falls_are_no_war(db: Database) -> None:
    bot = await make_bot(db)
    await bot.war(NOON, falls=4)
    assert (await bot.wars(), await bot.news()) == ([], [])


async def test_looks_are_added_and_the_send_that_goes_back_sets_the_end(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    back = at + timedelta(minutes=2)
    await bot.look(back, 1_148_600, (RIVAL, 1_130_000))
    (war,) = await bot.wars()
    assert war.ends_at == back + timedelta(hours=2)
    await bot.look(back + timedelta(minutes=5), 1_159_000, (RIVAL, 1_050_000))
    async with db.read() as tx:
        (shown,) = await wars.list_wars(tx, bot.actor, bot.product_id, back + timedelta(minutes=60))
    assert shown.is_on(back + timedelta(minutes=60))
    assert shown.figures.spared == 1_159_000 - 1_050_000
    assert shown.figures.lowest == 1_148_600
    assert shown.steps[-1].rival == 1_050_000
    assert shown.steps[-1].floor == 400_000


async def test_a_rival_that_left_ends_the_war_and_the_rest_goes_on(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    gone = at + timedelta(minutes=4)
    await bot.look(gone, 1_148_600, ("OTHER", 1_500_000))
    (war,) = await bot.wars()
    assert (war.ends_at, war.end_reason) == (gone, WarEnd.RIVAL_GONE)
    async with db.read() as tx:
        memory = (await memories(tx, [bot.product_id]))[bot.product_id][ALMATY]
    assert memory.rest is not None


async def test_the_same_war_is_not_written_twice(db: Database) -> None:
    """A worker that died after the commit and asks again changes nothing."""
    bot = await make_bot(db)
    await bot.war(NOON)
    (war,) = await bot.wars()
    async with db.write() as tx:
        names = ("product_id", "store_id", "city_id", "rival_id", "rival_name", "falls", "began_at")
        more = (
            "called_at",
            "ends_at",
            "start_price",
            "rest_price",
            "lowest_price",
            "cost",
            "steps",
        )
        assert not await queries.add(tx, {name: getattr(war, name) for name in names + more})
    assert len(await bot.wars()) == 1


async def test_a_second_war_of_the_day_is_shown_and_not_told_again(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    await bot.look(at + timedelta(minutes=3), 1_159_000, (RIVAL, 1_158_000))
    async with db.write() as tx:
        (notification,) = (await tx.scalars(select(Notification))).all()
        notification.read_at = at
    await bot.war(at + timedelta(hours=3))
    assert len(await bot.wars()) == 2
    (told,) = await bot.news()
    assert told.read_at == at


async def test_another_product_joins_the_same_notification(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    async with db.write() as tx:
        (first,) = (await tx.scalars(select(Product))).all()
        first.bot_active = False
        second = await make_product(tx, await tx.get_one(KaspiStore, first.store_id), "78")
    other = bot.on(second.id)
    await other.war(at + timedelta(minutes=1))
    (told,) = await bot.news()
    assert told.title == "Товаров в ценовой войне сегодня: 2"
    assert told.body.startswith(f"«{bot.store.name}». Последний — «")
    assert told.link == f"/products?tab=war&store={bot.store.id}"
    assert told.read_at is None


async def test_the_seller_ends_the_rest(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    (war,) = await bot.wars()
    async with db.read() as tx:
        forecast = await wars.rest_forecast(tx, bot.actor, war.id)
    assert forecast.target == (forecast.rival_price or 0) - 100
    later = at + timedelta(minutes=10)
    async with db.write() as tx:
        await wars.end_rest(tx, bot.actor, war.id, later)
    (war,) = await bot.wars()
    assert (war.ends_at, war.end_reason) == (later, WarEnd.BY_SELLER)
    async with db.read() as tx:
        memory = (await memories(tx, [bot.product_id]))[bot.product_id][ALMATY]
        product = await tx.get_one(Product, bot.product_id)
    assert memory.rest is None
    assert product.next_check_at == later
    async with db.write() as tx:
        with pytest.raises(Conflict):
            await wars.end_rest(tx, bot.actor, war.id, later)


async def test_the_seller_rests_longer(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    (war,) = await bot.wars()
    async with db.write() as tx:
        until = await wars.prolong_rest(tx, bot.actor, war.id, at)
    assert until == war.ends_at + timedelta(hours=2)
    back = at + timedelta(minutes=2)
    await bot.look(back, 1_148_600, (RIVAL, 1_130_000))
    (war,) = await bot.wars()
    async with db.read() as tx:
        memory = (await memories(tx, [bot.product_id]))[bot.product_id][ALMATY]
    assert memory.rest is not None
    assert (war.ends_at, memory.rest.until) == (until, until)


async def test_nobody_sees_or_ends_another_sellers_war(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    (war,) = await bot.wars()
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    async with db.write() as tx:
        assert await wars.list_wars(tx, stranger, bot.product_id, at) == ()
        assert (await wars.week_of_wars(tx, stranger, at)).wars == 0
        for call in (wars.get_war, wars.end_rest, wars.prolong_rest):
            with pytest.raises(NotFound):
                await call(tx, stranger, war.id, at)
        with pytest.raises(NotFound):
            await wars.rest_forecast(tx, stranger, war.id)


async def test_a_week_of_wars_is_added_up(db: Database) -> None:
    bot = await make_bot(db)
    at = await bot.war(NOON)
    async with db.read() as tx:
        week = await wars.week_of_wars(tx, bot.actor, at + timedelta(minutes=30), bot.store.id)
        later = await wars.week_of_wars(tx, bot.actor, at + timedelta(days=8))
    assert (week.wars, week.goods, week.on_now) == (1, 1, 1)
    assert week.per_sale > 0
    assert later.wars == 0
