"""Rivals on the database: moves kept by looks, profiles counted by the worker, read by the seller."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from market_histories import ALMATY, DAY, US, Scene, chase, clearance, human, tenge, vanishing
from records import add_product, add_rival, add_store, add_user, seller
from sqlalchemy import text

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor
from cube_demper.domain.market import service as markets
from cube_demper.domain.market.rivals import naming
from cube_demper.domain.market.rivals import service as rivals
from cube_demper.domain.market.rivals.page_schemas import RivalQuery
from cube_demper.domain.market.rivals.schemas import Behaviour
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore

LATER = DAY + timedelta(days=6)


async def _store(
    db: Database, *cards: str, merchant: str = US
) -> tuple[Actor, KaspiStore, list[Product]]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, merchant_id=merchant, name=f"Лавка {merchant}")
        goods = [
            await add_product(
                tx, store, external_kaspi_id=card, name=f"Чайник {card}", min_price=tenge(9200)
            )
            for card in cards
        ]
    return seller(user), store, goods


async def _looks(db: Database, looks: Iterable[Market], at_once: int = 60) -> None:
    """Keep looks in batches, as a worker does."""
    batch: list[Market] = []
    for look in looks:
        batch.append(look)
        if len(batch) == at_once:
            async with db.write() as tx:
                await markets.remember_markets(tx, SYSTEM, batch)
            batch = []
    async with db.write() as tx:
        await markets.remember_markets(tx, SYSTEM, batch)


async def _play(db: Database, scene: Scene, days: float, act: Any) -> None:
    await _looks(db, [scene.look(), *scene.play(round(days * 1440), act)])


async def _page(db: Database, actor: Actor, **asked: Any) -> dict[str, rivals.RivalRow]:
    async with db.read() as tx:
        page = await rivals.list_rivals(tx, actor, RivalQuery(**asked))
    return {row.profile.merchant_id: row for row in page.rows}


async def test_each_rival_is_recognised_on_the_goods_of_a_store(db: Database) -> None:
    actor, store, (kettle, iron, lamp, _) = await _store(db, "1", "2", "3", "4")
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 2, chase())
    await _play(db, Scene("2", {US: 9300, "SALE": 12_000, "BOT": 9400}), 4, clearance())
    await _play(db, Scene("3", {US: 9300, "HAND": 9600}), 5, human())
    await _play(db, Scene("4", {US: 9300, "GONE": 9100}), 1, vanishing())
    assert await rivals.count_next(db, SYSTEM, LATER) == store.id
    found = await _page(db, actor)
    assert {name: row.profile.behaviour for name, row in found.items()} == {
        "BOT": Behaviour.BOT,
        "SALE": Behaviour.CLEARANCE,
        "HAND": Behaviour.HUMAN,
        "GONE": Behaviour.GONE,
    }
    bot = found["BOT"].profile
    assert (bot.name, bot.goods, bot.goods_now) == ("Магазин BOT", 2, 2)
    assert bot.places[0].product_id == kettle.id
    assert bot.places[0].stops_at == tenge(9000)
    assert (bot.under_floor, bot.deepest_percent) == (1, -2)
    assert {place.product_id for place in bot.places} == {kettle.id, iron.id}
    assert found["HAND"].profile.places[0].product_id == lamp.id


async def test_the_list_is_sorted_searched_and_narrowed(db: Database) -> None:
    actor, store, _ = await _store(db, "1", "2")
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 1, chase())
    await _play(db, Scene("2", {US: 9300, "BOT": 9400, "STILL": 9250}), 0.1, lambda _: None)
    await rivals.count_next(db, SYSTEM, LATER)
    assert list(await _page(db, actor)) == ["BOT", "STILL"]
    assert list(await _page(db, actor, sort="name", is_descending=True)) == ["STILL", "BOT"]
    assert list(await _page(db, actor, sort="delay", is_descending=False)) == ["BOT", "STILL"]
    assert list(await _page(db, actor, search="still")) == ["STILL"]
    assert list(await _page(db, actor, search="100%")) == []
    assert list(await _page(db, actor, behaviour="bot")) == ["BOT"]
    assert list(await _page(db, actor, store_id=store.id)) == ["BOT", "STILL"]
    async with db.read() as tx:
        page = await rivals.list_rivals(tx, actor, RivalQuery(page=9))
    assert (page.page, page.total, page.counts) == (1, 2, {"bot": 1, "stands": 1})
    assert page.counted_at == LATER


async def test_nobody_sees_another_sellers_rivals(db: Database) -> None:
    actor, _, (kettle,) = await _store(db, "1")
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 0.2, chase())
    await rivals.count_next(db, SYSTEM, LATER)
    (row,) = (await _page(db, actor)).values()
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    assert await _page(db, stranger) == {}
    async with db.write() as tx:
        with pytest.raises(NotFound):
            await rivals.get_rival(tx, stranger, row.id)
        assert await rivals.duel_of(tx, stranger, kettle.id, "BOT", since=DAY) is None
        with pytest.raises(PermissionDenied):
            await rivals.list_rivals(tx, NOBODY, RivalQuery())
        with pytest.raises(StoreNotFound):
            await stores.exclude_rival(tx, stranger, row.store_id, "BOT", LATER)
    with pytest.raises(PermissionDenied):
        await rivals.count_next(db, actor, LATER)


async def test_two_stores_on_one_card_are_each_others_rivals(db: Database) -> None:
    one, _, _ = await _store(db, "1")
    two, _, _ = await _store(db, "1", merchant="BOT")
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 1, chase())
    while await rivals.count_next(db, SYSTEM, LATER):
        pass
    assert list(await _page(db, one)) == ["BOT"]
    assert list(await _page(db, two)) == [US]


async def test_a_store_is_counted_each_quarter_of_an_hour_and_forgets_who_is_no_more(
    db: Database,
) -> None:
    actor, store, _ = await _store(db, "1")
    scene = Scene("1", {US: 9300, "BOT": 9200})
    await _play(db, scene, 0.1, lambda _: None)
    assert await rivals.count_next(db, SYSTEM, LATER) == store.id
    assert await rivals.count_next(db, SYSTEM, LATER + timedelta(minutes=15)) is None
    async with db.write() as tx:
        await tx.execute(text("DELETE FROM market_moves"))
        await tx.execute(text("UPDATE market_looks SET prices = '{\"NEW\": 920000}'"))
    assert await rivals.count_next(db, SYSTEM, LATER + timedelta(minutes=16)) == store.id
    assert list(await _page(db, actor)) == ["NEW"]


async def test_a_store_without_rivals_yet_is_counted_each_minute(db: Database) -> None:
    _, store, _ = await _store(db, "1")
    for minute, taken in ((0, store.id), (1, None), (2, store.id)):
        assert await rivals.count_next(db, SYSTEM, LATER + timedelta(minutes=minute)) == taken


async def test_a_name_that_is_not_seen_again_stays(db: Database) -> None:
    actor, _, _ = await _store(db, "1")
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 0.1, lambda _: None)
    await rivals.count_next(db, SYSTEM, LATER)
    async with db.write() as tx:
        await tx.execute(text("DELETE FROM market_moves"))
    await rivals.count_next(db, SYSTEM, LATER + timedelta(hours=2))
    assert (await _page(db, actor))["BOT"].profile.name == "Магазин BOT"


async def test_the_duel_has_both_lines(db: Database) -> None:
    actor, _, (kettle,) = await _store(db, "1")

    def act(scene: Scene) -> None:
        if scene.minute == 10:
            scene.prices[US] = 9100
        if scene.minute == 13:
            scene.prices["BOT"] = 9099

    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 0.02, act)
    since = DAY + timedelta(minutes=5)
    async with db.read() as tx:
        duel = await rivals.duel_of(tx, actor, kettle.id, "BOT", since=since)
        whole = await rivals.duel_of(tx, actor, kettle.id, "BOT", since=DAY - timedelta(days=3))
    assert whole is not None
    assert whole.since == DAY
    assert duel is not None
    assert duel.ours == ((since, tenge(9300)), (DAY + timedelta(minutes=10), tenge(9100)))
    assert duel.theirs == ((since, tenge(9200)), (DAY + timedelta(minutes=13), tenge(9099)))
    assert (duel.floor, duel.until) == (tenge(9200), DAY + timedelta(minutes=29))


async def test_a_rival_is_left_out_of_a_store_and_taken_back(db: Database) -> None:
    actor, store, _ = await _store(db, "1")
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 0.1, lambda _: None)
    await rivals.count_next(db, SYSTEM, LATER)

    async def excluded() -> tuple[bool, tuple[str, ...]]:
        async with db.read() as tx:
            settings = await stores.bot_settings(tx, actor, store.id)
        return (await _page(db, actor))["BOT"].is_excluded, settings.excluded_merchant_ids

    async with db.write() as tx:
        assert await stores.exclude_rival(tx, actor, store.id, "BOT", LATER) == 1
        assert await stores.exclude_rival(tx, actor, store.id, "BOT", LATER) == 0
    assert await excluded() == (True, ("BOT",))
    async with db.write() as tx:
        await stores.include_rival(tx, actor, store.id, "BOT", LATER)
    assert await excluded() == (False, ())


async def test_old_moves_are_deleted_with_old_looks(db: Database) -> None:
    await _play(db, Scene("1", {US: 9300, "BOT": 9200}), 1, chase())
    async with db.write() as tx:
        await markets.keep_partitions(tx, SYSTEM, (DAY + timedelta(days=33)).date())
        assert await tx.scalar(text("SELECT count(*) FROM market_moves")) == 0
        assert await tx.scalar(text("SELECT count(*) FROM market_looks")) == 0


async def test_looks_of_two_workers_at_the_same_cards_take_turns(db: Database) -> None:
    cards = [str(number) for number in range(20)]

    async def worker(order: list[str], minute: int) -> None:
        looks = [Scene(card, {US: 9000 + minute, "R": 9100}, minute).look() for card in order]
        async with db.write() as tx:
            await markets.remember_markets(tx, SYSTEM, looks)

    for minute in range(0, 20, 2):
        await asyncio.gather(worker(cards, minute), worker(cards[::-1], minute + 1))
    async with db.read() as tx:
        rows = await tx.execute(text("SELECT (prices->>'MINE')::bigint FROM market_looks"))
        assert {row[0] for row in rows} == {tenge(9019)}
        city = await tx.scalar(text("SELECT DISTINCT city_id FROM market_looks"))
    assert city == ALMATY


async def test_sellers_met_are_found_by_name_or_number_in_ones_own_store_alone(
    db: Database,
) -> None:
    actor, store, _ = await _store(db)
    stranger, foreign, _ = await _store(db, merchant="30000777")
    async with db.write() as tx:
        await add_rival(tx, store.id, "20000001", "Alser", goods=5)
        await add_rival(tx, store.id, "20000002", "ALSER-Тараз", goods=40)
        await add_rival(tx, store.id, "20000003", "100%_цена")
        await add_rival(tx, foreign.id, "20000004", "Alser чужой")
    async with db.read() as tx:
        found = await naming.find_met(tx, actor, store.id, " alser ")
        by_number = await naming.find_met(tx, actor, store.id, "0003")
        literal = await naming.find_met(tx, actor, store.id, "%")
        known = await naming.met_by_id(tx, actor, store.id, ["20000001", "20000004", "9"])
        others = await naming.find_met(tx, stranger, store.id, "alser")
        assert await naming.has_met_anybody(tx, actor, store.id)
        assert not await naming.has_met_anybody(tx, stranger, store.id)
    assert [(it.name, it.goods) for it in found] == [("ALSER-Тараз", 40), ("Alser", 5)]
    assert [it.name for it in by_number] == [it.name for it in literal] == ["100%_цена"]
    assert set(known) == {"20000001"}
    assert others == []
