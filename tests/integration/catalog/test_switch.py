"""The bot's switch: who may be switched on, within which plan, and how it is taken back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from records import (
    NOON,
    add_decision,
    add_product,
    add_products,
    add_store,
    add_user,
    limit_bots,
    seller,
)
from sqlmodel import select

from cube_demper.db.session import Database
from cube_demper.domain.catalog import service
from cube_demper.domain.catalog.edit_schemas import BulkReport, Refusal
from cube_demper.domain.catalog.errors import NothingSelected, UndoExpired
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab, Selection
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore

OFF = {"bot_active": False, "bot_enabled_at": None}


async def _shop(db: Database) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        return user, await add_store(tx, user)


async def _switch(db: Database, user: User, selection: Selection, *, on: bool = True) -> BulkReport:
    async with db.write() as tx:
        return await service.switch_bot(tx, seller(user), selection, on=on, now=NOON)


async def _goods(db: Database) -> dict[UUID, Product]:
    async with db.read() as tx:
        return {row.id: row for row in await tx.scalars(select(Product))}


async def test_switching_on_takes_the_window_prices_as_base(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, price=1_000_050, last_error="был сбой", **OFF)
        for city, price in (("710000000", 1_100_000), ("511010000", None)):
            tx.add(ProductCityPrice(product_id=product.id, city_id=city, price=price))
    report = await _switch(db, user, Selection(ids=(product.id,)))
    assert (report.changed, report.refused_count) == (1, 0)
    kept = (await _goods(db))[product.id]
    assert (kept.bot_active, kept.base_price, kept.bot_enabled_at) == (True, 1_000_100, NOON)
    assert (kept.next_check_at, kept.last_error) == (NOON, None)
    async with db.read() as tx:
        cities = {row.city_id: row for row in await tx.scalars(select(ProductCityPrice))}
    assert cities["710000000"].base_price == 1_100_000
    assert cities["511010000"].base_price is None


async def test_a_bot_that_is_on_keeps_its_base_price(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, base_price=700_000)
    report = await _switch(db, user, Selection(ids=(product.id,)))
    assert (report.changed, report.same) == (0, 1)
    assert (await _goods(db))[product.id].base_price == 700_000


async def test_a_whole_filter_is_switched_and_the_rest_is_told_why(db: Database) -> None:
    user, store = await _shop(db)
    _, others_store = await _shop(db)
    async with db.write() as tx:
        ready = [await add_product(tx, store, **OFF) for _ in range(60)]
        await add_product(tx, store, name="Без пола", min_price=None, **OFF)
        await add_product(tx, store, name="Без кода", external_kaspi_id=None, **OFF)
        await add_product(tx, store, name="Без цены", price=None, **OFF)
        theirs = await add_product(tx, others_store, **OFF)
    everything = Selection(everything=ProductFilter(tab=ProductTab.BOT_OFF))
    async with db.read() as tx:
        preview = await service.preview_switch(tx, seller(user), everything, on=True, now=NOON)
    report = await _switch(db, user, everything)
    assert (report.changed, report.refused) == (preview.changed, preview.refused)
    assert report.changed == 60
    assert report.refused == {
        Refusal.NO_BOUND: 1,
        Refusal.NO_CARD: 1,
        Refusal.PRICE_UNKNOWN: 1,
    }
    assert {it.name for it in report.examples} == {"Без пола", "Без кода", "Без цены"}
    goods = await _goods(db)
    assert all(goods[it.id].bot_active for it in ready)
    assert not goods[theirs.id].bot_active


async def test_somebody_elses_ids_do_nothing(db: Database) -> None:
    user, _ = await _shop(db)
    _, others_store = await _shop(db)
    async with db.write() as tx:
        theirs = await add_product(tx, others_store)
    report = await _switch(db, user, Selection(ids=(theirs.id,)), on=False)
    assert report.changed == 0
    assert (await _goods(db))[theirs.id].bot_active


async def test_an_empty_selection_is_refused(db: Database) -> None:
    user, _ = await _shop(db)
    with pytest.raises(NothingSelected):
        await _switch(db, user, Selection())


async def test_the_plan_limits_bots_even_when_two_switch_at_once(db: Database) -> None:
    async with db.write() as tx:
        await limit_bots(tx, 3)
    user, store = await _shop(db)
    async with db.write() as tx:
        await add_product(tx, store)
        goods = [await add_product(tx, store, **OFF) for _ in range(4)]
    halves = [Selection(ids=tuple(it.id for it in half)) for half in (goods[:2], goods[2:])]
    reports = await asyncio.gather(*(_switch(db, user, half) for half in halves))
    assert sum(it.changed for it in reports) == 2
    assert sum(it.refused.get(Refusal.OVER_PLAN, 0) for it in reports) == 2
    assert sum(it.bot_active for it in (await _goods(db)).values()) == 3


async def test_switching_off_drops_what_waits_to_be_sent(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store)
        await add_decision(tx, product, PriceStatus.QUEUED)
        await add_decision(tx, product, PriceStatus.SENDING)
    report = await _switch(db, user, Selection(ids=(product.id,)), on=False)
    assert report.changed == 1
    async with db.read() as tx:
        statuses = sorted(await tx.scalars(select(PriceHistory.status)))
    assert statuses == ["sending", "superseded"]


async def test_switching_off_is_taken_back_with_the_old_base_price(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, base_price=700_000)
    report = await _switch(db, user, Selection(ids=(product.id,)), on=False)
    assert report.undo_id is not None
    async with db.write() as tx:
        assert await service.undo(tx, seller(user), report.undo_id, NOON) == 1
    kept = (await _goods(db))[product.id]
    assert (kept.bot_active, kept.base_price) == (True, 700_000)
    assert kept.bot_enabled_at == NOON - timedelta(hours=1)
    with pytest.raises(UndoExpired):
        async with db.write() as tx:
            await service.undo(tx, seller(user), report.undo_id, NOON)


async def test_switching_on_is_taken_back(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, **OFF)
    report = await _switch(db, user, Selection(ids=(product.id,)))
    assert report.undo_id is not None
    async with db.write() as tx:
        assert await service.undo(tx, seller(user), report.undo_id, NOON) == 1
    assert not (await _goods(db))[product.id].bot_active


async def test_undo_is_for_its_owner_and_for_an_hour(db: Database) -> None:
    user, store = await _shop(db)
    stranger, _ = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store)
    report = await _switch(db, user, Selection(ids=(product.id,)), on=False)
    assert report.undo_id is not None
    for who, when in ((stranger, NOON), (user, NOON + timedelta(minutes=61))):
        with pytest.raises(UndoExpired):
            async with db.write() as tx:
                await service.undo(tx, seller(who), report.undo_id, when)


@pytest.mark.parametrize("on", [True, False])
async def test_a_long_switch_tells_how_far_it_is_and_is_taken_back_whole(
    db: Database, on: bool
) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        goods = await add_products(tx, store, 1_200, **({} if not on else OFF))
        if not on:
            await add_decision(tx, goods[0], PriceStatus.QUEUED)
    everything = Selection(everything=ProductFilter())
    told: list[tuple[int, int]] = []

    async def tell(done: int, total: int) -> None:
        told.append((done, total))

    async def give_up(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        async with db.write() as tx:
            await service.switch_bot(
                tx, seller(user), everything, on=on, now=NOON, on_progress=give_up
            )
    assert all(it.bot_active != on for it in (await _goods(db)).values())
    async with db.read() as tx:
        waiting = [row.status for row in await tx.scalars(select(PriceHistory))]
    assert waiting == ([] if on else [PriceStatus.QUEUED])
    async with db.write() as tx:
        report = await service.switch_bot(
            tx, seller(user), everything, on=on, now=NOON, on_progress=tell
        )
    assert report.changed == 1_200
    assert report.undo_id is not None
    assert told == [(0, 1_200), (1_000, 1_200), (1_200, 1_200)]
    assert all(it.bot_active == on for it in (await _goods(db)).values())
