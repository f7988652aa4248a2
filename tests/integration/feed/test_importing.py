"""An uploaded list becomes a store: seen first, then taken in whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlalchemy import select
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.errors import ImportNotFound, MerchantTaken
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint, PriceList
from cube_demper.domain.trial.schemas import LOOK_TOPIC
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.feed import ImportStatus, StoreFeed
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.stores import BotMode, Channel, DempingSettings, KaspiStore

BOX = SecretBox(["a key"])
ALMATY, ASTANA = "750000000", "710000000"
CITIES = {"PP1": ALMATY, "PP2": ASTANA}


def line(sku: str = "102298404_1", **more: Any) -> FeedOffer:
    points = (FeedPoint("PP1", is_available=True, stock=3), FeedPoint("PP2", is_available=False))
    given: dict[str, Any] = {"brand": None, "points": points, "price": 1_000_000}
    return FeedOffer(sku=sku, model=f"Товар {sku}", **(given | more))


def price_list(*offers: FeedOffer, merchant: str = "30000001") -> PriceList:
    return PriceList(offers or (line(),), (), merchant, "Лавка")


async def _upload(db: Database, actor: Actor, found: PriceList) -> UUID:
    async with db.write() as tx:
        return await feed.save_upload(tx, actor, "list.xml", found, NOON)


async def _confirm(db: Database, actor: Actor, import_id: UUID, **more: Any) -> None:
    given = {"merchant_id": "30000001", "merchant_name": "Лавка", "cities": CITIES}
    async with db.write() as tx:
        await feed.confirm_import(tx, actor, import_id, now=NOON, **(given | more))


async def _take_in(db: Database, import_id: UUID, later: timedelta = timedelta()) -> None:
    async with db.write() as tx:
        await feed.take_in(tx, import_id, BOX, NOON + later)


async def _import(
    db: Database, actor: Actor, found: PriceList, later: timedelta = timedelta()
) -> None:
    import_id = await _upload(db, actor, found)
    await _confirm(db, actor, import_id)
    await _take_in(db, import_id, later)


async def _goods(db: Database) -> dict[str, Product]:
    async with db.read() as tx:
        return {row.kaspi_sku: row for row in await tx.scalars(select(Product))}


async def _asked_to_look(db: Database) -> list[dict[str, Any]]:
    async with db.read() as tx:
        query = select(col(OutboxMessage.payload)).where(col(OutboxMessage.topic) == LOOK_TOPIC)
        return list((await tx.scalars(query)).all())


@pytest.fixture
async def user(db: Database) -> User:
    async with db.write() as tx:
        return await add_user(tx)


class TestNewStore:
    async def test_is_made_with_its_goods_points_and_address(
        self, db: Database, user: User
    ) -> None:
        own = line("sku 2", price=None, city_prices={ALMATY: 500_000, ASTANA: 600_000})
        await _import(db, seller(user), price_list(line(), own))
        async with db.read() as tx:
            store = (await tx.scalars(select(KaspiStore))).one()
            settings = (await tx.scalars(select(DempingSettings))).one()
            file = (await tx.scalars(select(StoreFeed))).one()
            cities = (await tx.scalars(select(ProductCityPrice))).all()
        assert (store.merchant_id, store.name, store.channel) == ("30000001", "Лавка", Channel.FEED)
        assert [(it["id"], it["cityName"]) for it in store.points] == [
            ("30000001_PP1", "Алматы"),
            ("30000001_PP2", "Астана"),
        ]
        assert (store.home_city_id, store.synced_at) == (ALMATY, NOON)
        assert settings.mode == BotMode.SUGGEST
        assert await _asked_to_look(db) == [{"store_id": str(store.id)}]
        assert (file.published_count, file.source) == (2, "list")
        goods = await _goods(db)
        assert goods["102298404_1"].external_kaspi_id == "102298404"
        assert goods["sku 2"].external_kaspi_id is None
        assert [goods["sku 2"].price, goods["102298404_1"].price] == [500_000, 1_000_000]
        assert {(it.city_id, it.price) for it in cities} == {(ASTANA, 600_000), (ASTANA, 1_000_000)}
        assert goods["sku 2"].availabilities == [
            {
                "storeId": "30000001_PP1",
                "available": "yes",
                "stockCount": 3,
                "stockSpecified": True,
                "preOrder": None,
            },
            {
                "storeId": "30000001_PP2",
                "available": "no",
                "stockCount": None,
                "stockSpecified": False,
                "preOrder": None,
            },
        ]

    async def test_nothing_is_there_before_the_seller_agrees(
        self, db: Database, user: User
    ) -> None:
        import_id = await _upload(db, seller(user), price_list())
        await _take_in(db, import_id)
        assert await _goods(db) == {}

    async def test_is_taken_in_once(self, db: Database, user: User) -> None:
        import_id = await _upload(db, seller(user), price_list())
        await _confirm(db, seller(user), import_id)
        await _take_in(db, import_id)
        await _take_in(db, import_id)
        async with db.read() as tx:
            view = await feed.latest_import(tx, seller(user))
        assert view is not None
        assert (view.status, view.added, view.removed) == (ImportStatus.DONE, 1, 0)
        with pytest.raises(Conflict):
            await _confirm(db, seller(user), import_id)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"merchant_id": " "}, "merchant_id"),
            ({"merchant_id": "1; DROP"}, "merchant_id"),
            ({"merchant_name": ""}, "merchant_name"),
            ({"cities": {"PP1": ALMATY}}, "city_PP2"),
            ({"cities": CITIES | {"PP2": "770000000"}}, "city_PP2"),
        ],
    )
    async def test_what_is_missing_is_asked_for(
        self, db: Database, user: User, given: dict[str, Any], field: str
    ) -> None:
        import_id = await _upload(db, seller(user), price_list())
        with pytest.raises(InvalidInput) as refused:
            await _confirm(db, seller(user), import_id, **given)
        assert refused.value.field == field


class TestKnownStore:
    async def test_what_it_lacks_goes_off_sale_and_is_counted_before(
        self, db: Database, user: User
    ) -> None:
        await _import(db, seller(user), price_list(line("A"), line("B"), line("C")))
        import_id = await _upload(db, seller(user), price_list(line("A"), line("D")))
        async with db.read() as tx:
            view = await feed.latest_import(tx, seller(user))
        assert view is not None
        assert (view.added, view.removed) == (1, 2)
        assert [it["cityId"] for it in view.points] == [ALMATY, ASTANA]
        await _confirm(db, seller(user), import_id)
        await _take_in(db, import_id, timedelta(minutes=1))
        goods = await _goods(db)
        assert {sku for sku, row in goods.items() if row.is_on_sale} == {"A", "D"}

    async def test_what_the_seller_set_stays(self, db: Database, user: User) -> None:
        async with db.write() as tx:
            store = await add_store(tx, user, merchant_id="30000001")
            kept = await add_product(
                tx, store, kaspi_sku="A", price=900_000, min_price=800_000, cost_price=700_000
            )
            await add_product(tx, store, kaspi_sku="B", price=900_000, bot_active=False)
        await _import(db, seller(user), price_list(line("A"), line("B")))
        goods = await _goods(db)
        assert goods["A"].id == kept.id
        assert (goods["A"].price, goods["A"].min_price) == (900_000, 800_000)
        assert (goods["A"].cost_price, goods["A"].bot_active) == (700_000, True)
        assert goods["B"].price == 1_000_000, "nobody looks at it: the list knows best"


class TestOthers:
    async def test_another_sellers_store_is_refused(self, db: Database, user: User) -> None:
        async with db.write() as tx:
            await add_store(tx, await add_user(tx), merchant_id="30000001")
        with pytest.raises(MerchantTaken):
            await _upload(db, seller(user), price_list())
        import_id = await _upload(db, seller(user), price_list(merchant=""))
        with pytest.raises(MerchantTaken):
            await _confirm(db, seller(user), import_id)

    async def test_one_that_was_connected_meanwhile_is_left_alone(
        self, db: Database, user: User
    ) -> None:
        import_id = await _upload(db, seller(user), price_list())
        await _confirm(db, seller(user), import_id)
        async with db.write() as tx:
            await add_store(tx, await add_user(tx), merchant_id="30000001")
        await _take_in(db, import_id)
        async with db.read() as tx:
            view = await feed.latest_import(tx, seller(user))
        assert view is not None
        assert (view.status, await _goods(db)) == (ImportStatus.FAILED, {})
        assert "поддержку" in view.note

    async def test_nobody_touches_anothers_list(self, db: Database, user: User) -> None:
        import_id = await _upload(db, seller(user), price_list())
        async with db.write() as tx:
            stranger = seller(await add_user(tx))
        with pytest.raises(ImportNotFound):
            await _confirm(db, stranger, import_id)
        async with db.write() as tx:
            with pytest.raises(ImportNotFound):
                await feed.cancel_import(tx, stranger, import_id)
        async with db.read() as tx:
            assert await feed.latest_import(tx, stranger) is None

    async def test_an_unconfirmed_e_mail_connects_nothing(self, db: Database) -> None:
        async with db.write() as tx:
            user = await add_user(tx)
            user.email_confirmed_at = None
        with pytest.raises(Conflict, match="почту"):
            await _upload(db, seller(user), price_list())


class TestCards:
    async def test_a_card_is_given_by_its_address_once(self, db: Database, user: User) -> None:
        await _import(db, seller(user), price_list(line("own")))
        product = (await _goods(db))["own"]
        async with db.write() as tx:
            with pytest.raises(InvalidInput):
                await feed.give_card(tx, seller(user), product.id, "чайник", NOON)
            link = "https://kaspi.kz/shop/p/chainik-100000001/?c=750000000"
            assert await feed.give_card(tx, seller(user), product.id, link, NOON) == "100000001"
            with pytest.raises(NotFound):
                await feed.give_card(tx, seller(user), product.id, link, NOON)

    async def test_only_of_own_goods(self, db: Database, user: User) -> None:
        await _import(db, seller(user), price_list(line("own")))
        product = (await _goods(db))["own"]
        async with db.write() as tx:
            stranger = seller(await add_user(tx))
            with pytest.raises(NotFound):
                await feed.give_card(tx, stranger, product.id, "100000001", NOON)
            store_id = product.store_id
            for question in (feed.goods_without_card, feed.feed_view):
                arguments = (NOON,) if question is feed.feed_view else ()
                with pytest.raises(NotFound):
                    await question(tx, stranger, store_id, *arguments)
            with pytest.raises(NotFound):
                await feed.accept_short(tx, stranger, store_id, 1)


async def test_every_line_survives_being_kept(db: Database, user: User) -> None:
    offers = [line(f"sku {number}", brand="Заря") for number in range(2_500)]
    await _import(db, seller(user), price_list(*offers))
    async with db.read() as tx:
        rows = (await tx.scalars(select(Product).where(col(Product.brand) == "Заря"))).all()
    assert len(rows) == 2_500
