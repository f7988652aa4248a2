"""Cards of stores and the end of one: only one's own, in numbers, with every secret."""

from __future__ import annotations

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.stores import login_work
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.card_schemas import Shelf
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.login_work import SignedInAs
from cube_demper.domain.stores.signing_in_schemas import Shop
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.operations import AuditEntry, Notification
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import DempingSettings, KaspiStore, ReauthReason
from cube_demper.models.syncing import CatalogSync

BOX = SecretBox(["a test's own key"])


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


async def test_a_kept_password_is_forgotten_and_the_session_lives_on(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, guid={"v": 1, "cookies": "x", "password": "y"})
    async with db.write() as tx:
        assert await stores.forget_password(tx, seller(user), store.id, NOON)
        assert not await stores.forget_password(tx, seller(user), store.id, NOON)
    async with db.read() as tx:
        kept = await tx.scalar(select(KaspiStore).where(col(KaspiStore.id) == store.id))
        noted = (await tx.scalars(select(AuditEntry.action))).all()
    assert kept is not None
    assert (kept.guid, kept.needs_reauth) == ({"v": 1, "cookies": "x", "password": None}, False)
    assert noted == ["kaspi_password_forgotten"]


async def test_a_refresh_ends_with_the_password_and_the_seller_is_asked_in(db: Database) -> None:
    guid = {"v": 1, "cookies": "x", "password": BOX.encrypt("y"), "email": "kassa@example.kz"}
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, guid=guid, needs_reauth=True)
        assert await login_work.queue_refreshes(tx, SYSTEM, NOON) == 1
        job = await login_work.claim(tx, SYSTEM, BOX, NOON)
    assert job is not None
    async with db.write() as tx:
        await stores.forget_password(tx, seller(user), store.id, NOON)
    got = SignedInAs((Shop(store.merchant_id, store.name),), [])
    async with db.write() as tx:  # the worker, in the middle of its visit, comes too late
        assert await login_work.signed_in(tx, SYSTEM, job, got, box=BOX, now=NOON) == []
    async with db.write() as tx:
        kept = await tx.get_one(KaspiStore, store.id, populate_existing=True)
        assert kept.guid == guid | {"password": None}
        assert (kept.needs_reauth, kept.reauth_reason) == (True, ReauthReason.CREDENTIALS_MISSING)
        assert await login_work.queue_refreshes(tx, SYSTEM, NOON) == 0
        (told,) = (await tx.scalars(select(Notification))).all()
    assert (told.kind, told.user_id) == ("needs_reauth", user.id)


async def test_a_stranger_forgets_nobodys_password(db: Database) -> None:
    async with db.write() as tx:
        guid = {"v": 1, "cookies": "x", "password": "y"}
        store = await add_store(tx, await add_user(tx), guid=guid)
        stranger = seller(await add_user(tx))
        with pytest.raises(StoreNotFound):
            await stores.forget_password(tx, stranger, store.id, NOON)
        assert (await tx.get_one(KaspiStore, store.id)).guid == guid
