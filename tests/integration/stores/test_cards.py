"""Cards of stores and the end of one: only one's own, in numbers, with every secret."""

from __future__ import annotations

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from cube_demper.db.session import Database
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.card_schemas import Shelf
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.operations import AuditEntry
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import DempingSettings, KaspiStore
from cube_demper.models.syncing import CatalogSync


async def test_cards_count_goods_and_tell_the_sign_in_and_the_last_sync(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, kaspi_email="kaspi@example.kz")
        empty = await add_store(tx, user, guid=None)
        await add_product(tx, store)
        await add_product(tx, store, bot_active=False)
        await add_product(tx, store, bot_active=False, is_on_sale=False)
        await add_product(tx, await add_store(tx, await add_user(tx)))
        run = await syncs.ask(tx, seller(user), store.id, NOON)
    async with db.read() as tx:
        found = {card.bot.id: card for card in await stores.store_cards(tx, seller(user))}
    assert set(found) == {store.id, empty.id}
    card = found[store.id]
    assert (card.shelf, card.sync, card.email) == (Shelf(3, 2, 1), run, "kaspi@example.kz")
    assert found[empty.id].shelf == Shelf()


async def test_removing_a_store_says_numbers_first_and_leaves_nothing_of_it(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, guid={"v": 1, "cookies": "x", "password": "y"})
        other = await add_store(tx, user)
        product = await add_product(tx, store)
        tx.add(ProductCityPrice(product_id=product.id, city_id="710000000", price=100))
        await add_decision(tx, product, PriceStatus.QUEUED)
        await add_decision(tx, await add_product(tx, other), PriceStatus.QUEUED)
        await syncs.ask(tx, seller(user), store.id, NOON)
    async with db.read() as tx:
        forecast = await stores.removal_forecast(tx, seller(user), store.id)
    assert (forecast.shelf, forecast.queued, forecast.decisions) == (Shelf(1, 1, 1), 1, 1)
    assert forecast.has_password
    async with db.write() as tx:
        assert await stores.remove_store(tx, seller(user), store.id, NOON) == store.name
    kept: dict[type[SQLModel], int] = {
        KaspiStore: 1,
        DempingSettings: 1,
        Product: 1,
        ProductCityPrice: 0,
        PriceHistory: 1,
        CatalogSync: 0,
    }
    async with db.read() as tx:
        for table, count in kept.items():
            assert await tx.scalar(select(func.count()).select_from(table)) == count, table
        noted = (await tx.scalars(select(AuditEntry.action))).all()
        history = (await tx.scalars(select(PriceHistory.status))).all()
    assert "store_removed" in noted
    assert history == [PriceStatus.QUEUED], "the other store's queue stays"


async def test_another_sellers_store_is_neither_shown_nor_removed(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        stranger = seller(await add_user(tx))
    async with db.write() as tx:
        assert await stores.store_cards(tx, stranger) == []
        with pytest.raises(StoreNotFound):
            await stores.removal_forecast(tx, stranger, store.id)
        with pytest.raises(StoreNotFound):
            await stores.remove_store(tx, stranger, store.id, NOON)
        assert await tx.scalar(select(KaspiStore.id).where(col(KaspiStore.id) == store.id))
