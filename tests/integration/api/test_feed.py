"""The price list as Kaspi asks for it."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from feed_scene import ALMATY, ASTANA, FeedScene, open_scene, prices
from queue_scene import fall
from records import NOON, add_decision, add_store, add_user, seller
from sqlalchemy import select, update
from sqlmodel import col
from web_stage import Site

from cube_demper.api.feed import ASKED_AN_HOUR
from cube_demper.core.errors import NotFound
from cube_demper.db.session import WriteTx
from cube_demper.domain.feed import service as feed
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.feed import StoreFeed
from cube_demper.models.operations import Notification
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode, Channel, DempingSettings, KaspiStore


@pytest.fixture
async def shop(site: Site) -> FeedScene:
    return await open_scene(site)


async def _change(shop: FeedScene, model: type, **values: object) -> None:
    async with shop.scene.db.write() as tx:
        await tx.execute(update(model).values(**values))


class TestFile:
    async def test_holds_every_product_on_sale_and_no_other(self, shop: FeedScene) -> None:
        (on_sale, off_sale) = await shop.add(2)
        await _set(shop, off_sale, is_on_sale=False)
        async with shop.scene.db.write() as tx:
            tx.add(ProductCityPrice(product_id=on_sale.id, city_id=ASTANA, price=1_100_000))
        answer = await shop.pull()
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        assert prices(answer.content) == {on_sale.kaspi_sku: {ALMATY: 10_000, ASTANA: 11_000}}

    async def test_speaks_as_kaspi_reads(self, shop: FeedScene) -> None:
        (product,) = await shop.add(name="Чайник <Заря> & Ко", brand="Заря")
        root = ET.fromstring((await shop.pull()).content)  # noqa: S314
        ns = "{kaspiShopping}"
        assert root.tag == f"{ns}kaspi_catalog"
        assert [it.tag.removeprefix(ns) for it in root] == ["company", "merchantid", "offers"]
        assert root.findtext(f"{ns}merchantid") == shop.store.merchant_id
        (offer,) = root.iter(f"{ns}offer")
        assert offer.attrib == {"sku": product.kaspi_sku}
        assert [it.tag.removeprefix(ns) for it in offer] == [
            "model",
            "brand",
            "availabilities",
            "cityprices",
        ]
        assert offer.findtext(f"{ns}model") == "Чайник <Заря> & Ко"
        assert [it.attrib for it in offer.iter(f"{ns}availability")] == [
            {"available": "yes", "storeId": "PP1", "stockCount": "3"},
            {"available": "no", "storeId": "PP2", "preOrder": "2"},
        ]

    async def test_unchanged_file_is_not_sent_again(self, shop: FeedScene) -> None:
        await shop.add(3)
        first = await shop.pull()
        shop.scene.clock.move(hours=1)
        again = await shop.pull(**{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["last-modified"] == first.headers["last-modified"]
        await _change(shop, Product, price=1_200_000)
        third = await shop.pull(**{"If-None-Match": first.headers["etag"]})
        assert third.status_code == 200
        assert [it.outcome for it in await shop.pulls()] == ["taken", "unchanged", "taken"]


async def _set(shop: FeedScene, product: Product, **values: object) -> None:
    async with shop.scene.db.write() as tx:
        await tx.execute(update(Product).where(col(Product.id) == product.id).values(**values))


async def _decide(tx: WriteTx, product: Product, target: int) -> None:
    decision = fall(1_000_000, target).to_json()
    await add_decision(
        tx, product, PriceStatus.QUEUED, new_price=target, queued_at=NOON, decision=decision
    )


async def _queued(shop: FeedScene, product: Product, target: int = 950_000) -> None:
    async with shop.scene.db.write() as tx:
        tx.add(ProductCityPrice(product_id=product.id, city_id=ASTANA, price=1_000_000))
        await _decide(tx, product, target)


class TestQueue:
    async def test_queued_price_is_sent_when_the_file_is_taken(self, shop: FeedScene) -> None:
        (product,) = await shop.add(base_price=1_000_000)
        await _queued(shop, product)
        answer = await shop.pull()
        assert prices(answer.content)[product.kaspi_sku] == {ALMATY: 9_500, ASTANA: 10_000}
        (row,) = await shop.history()
        assert row.status == PriceStatus.SENT
        assert row.confirm_at == row.sent_at + timedelta(minutes=10)

    async def test_is_sent_once_and_stands_until_seen(self, shop: FeedScene) -> None:
        (product,) = await shop.add(base_price=1_000_000)
        await _queued(shop, product)
        first = await shop.pull()
        shop.scene.clock.move(hours=1)
        again = await shop.pull()
        assert prices(again.content) == prices(first.content)
        (row,) = await shop.history()
        assert (row.status, row.attempt) == (PriceStatus.SENT, 1)
        assert [it.changes for it in await shop.pulls()] == [1, 0]

    async def test_bounds_that_changed_keep_it_out(self, shop: FeedScene) -> None:
        (product,) = await shop.add(base_price=1_000_000)
        await _queued(shop, product)
        await _set(shop, product, min_price=960_000)
        answer = await shop.pull()
        assert prices(answer.content)[product.kaspi_sku] == 10_000
        (row,) = await shop.history()
        assert row.status == PriceStatus.SUPERSEDED

    async def test_a_sent_price_leaves_the_file_when_the_floor_rises_over_it(
        self, shop: FeedScene
    ) -> None:
        (product,) = await shop.add(base_price=1_000_000)
        await _queued(shop, product)
        await shop.pull()
        await _set(shop, product, min_price=960_000)
        assert prices((await shop.pull()).content)[product.kaspi_sku] == 10_000

    async def test_price_under_the_floor_is_lifted_while_the_bot_works(
        self, shop: FeedScene
    ) -> None:
        (product,) = await shop.add(price=800_000, min_price=900_000, max_price=1_000_000)
        assert prices((await shop.pull()).content)[product.kaspi_sku] == {ALMATY: 9_000}
        assert any("поднята" in it["text"] for it in (await shop.feed()).problems)

    @pytest.mark.parametrize(
        ("settings", "status"),
        [
            ({"mode": BotMode.SUGGEST}, PriceStatus.SUPERSEDED),
            ({"is_enabled": False}, PriceStatus.QUEUED),
        ],
    )
    async def test_nothing_new_leaves_while_the_bot_may_not_send(
        self, shop: FeedScene, settings: dict[str, object], status: PriceStatus
    ) -> None:
        (product,) = await shop.add(base_price=1_000_000)
        await _queued(shop, product)
        await _change(shop, DempingSettings, **settings)
        assert prices((await shop.pull()).content)[product.kaspi_sku] == 10_000
        assert [it.status for it in await shop.history()] == [status]


class TestRefusals:
    @pytest.mark.parametrize(
        ("model", "values", "words"),
        [
            (KaspiStore, {"points": []}, "точки"),
            (KaspiStore, {"synced_at": None}, "не прочитан"),
            (KaspiStore, {"is_active": False}, "отключён"),
            (KaspiStore, {"channel": Channel.CABINET}, "через кабинет"),
            (KaspiStore, {"synced_at": NOON - timedelta(days=2)}, "больше суток"),
            (User, {"is_blocked": True}, "приостановлен"),
            (StoreFeed, {"published_count": 20}, "10 из 20"),
            (Product, {"is_on_sale": False}, "ни одного товара"),
            (Product, {"availabilities": None}, "ни одного товара"),
        ],
    )
    async def test_is_refused_in_words_rather_than_harmful(
        self, shop: FeedScene, model: type, values: dict[str, object], words: str
    ) -> None:
        await shop.add(10)
        await _change(shop, model, **values)
        answer = await shop.pull()
        assert answer.status_code == 503
        assert words in answer.text
        assert "retry-after" in answer.headers
        assert [it.outcome for it in await shop.pulls()] == ["refused"]

    async def test_the_seller_is_told_once_a_day(self, shop: FeedScene) -> None:
        await shop.add(10)
        await _change(shop, StoreFeed, published_count=20)
        for _ in range(3):
            await shop.pull()
        async with shop.scene.db.read() as tx:
            news = (await tx.scalars(select(Notification))).all()
        assert [it.kind for it in news] == ["feed_refused"]

    async def test_a_refused_file_gives_its_changes_back(self, shop: FeedScene) -> None:
        (product, *_) = await shop.add(30, base_price=1_000_000)
        await _queued(shop, product)
        assert (await shop.pull()).status_code == 200
        await _set(shop, product, price=950_000)
        await _change(shop, Product, availabilities=None)
        await _set(shop, product, availabilities=product.availabilities)
        await _queued_again(shop, product)
        assert (await shop.pull()).status_code == 503
        assert [it.status for it in await shop.history()] == ["sent", "queued"]

    async def test_a_short_file_is_given_when_few_are_missing(self, shop: FeedScene) -> None:
        await shop.add(6)
        await _change(shop, StoreFeed, published_count=11)
        assert (await shop.pull()).status_code == 200


async def _queued_again(shop: FeedScene, product: Product) -> None:
    async with shop.scene.db.write() as tx:
        await _decide(tx, product, 940_000)


class TestAddress:
    async def test_rotated_address_ends_the_old_one(self, shop: FeedScene) -> None:
        await shop.add()
        old = shop.path
        async with shop.scene.db.write() as tx:
            box, now = shop.site.services.secrets, shop.scene.clock.now()
            shop.path = await feed.rotate(tx, shop.actor, shop.store.id, box, now)
        assert shop.path != old
        assert (await shop.site.client.get(old)).status_code == 404
        assert (await shop.pull()).status_code == 200

    async def test_secret_is_of_128_bits_and_kept_encrypted(self, shop: FeedScene) -> None:
        secret = shop.path.removeprefix("/feed/").removesuffix(".xml")
        row = await shop.feed()
        assert len(secret) == 22
        assert secret not in row.token
        async with shop.scene.db.read() as tx:
            box = shop.site.services.secrets
            shown = await feed.show_address(tx, shop.actor, shop.store.id, box)
        assert shown == shop.path

    async def test_is_shown_to_its_seller_only(self, shop: FeedScene) -> None:
        async with shop.scene.db.write() as tx:
            stranger = seller(await add_user(tx))
        box, now = shop.site.services.secrets, shop.scene.clock.now()
        async with shop.scene.db.write() as tx:
            with pytest.raises(NotFound):
                await feed.show_address(tx, stranger, shop.store.id, box)
            with pytest.raises(NotFound):
                await feed.rotate(tx, stranger, shop.store.id, box, now)
            with pytest.raises(NotFound):
                await feed.use_cabinet(tx, stranger, shop.store.id)

    async def test_is_asked_for_so_often_and_no_more(self, shop: FeedScene) -> None:
        await shop.add()
        answers = [(await shop.pull()).status_code for _ in range(ASKED_AN_HOUR + 1)]
        assert answers == [200] * ASKED_AN_HOUR + [429]
        shop.scene.clock.move(hours=1, seconds=1)
        assert (await shop.pull()).status_code == 200


class TestChannel:
    async def test_the_queue_leaves_by_the_channel_of_the_moment(self, site: Site) -> None:
        shop = await open_scene(site, channel=Channel.CABINET, guid={"v": 1, "cookies": "x"})
        (product,) = await shop.add(base_price=1_000_000)
        await _queued(shop, product)
        assert (await shop.pull()).status_code == 503
        async with shop.scene.db.write() as tx:
            box, now = site.services.secrets, shop.scene.clock.now()
            await feed.use_feed(tx, shop.actor, shop.store.id, box, now)
        answer = await shop.pull()
        assert prices(answer.content)[product.kaspi_sku] == {ALMATY: 9_500, ASTANA: 10_000}

    async def test_an_unread_catalogue_is_no_price_list(self, site: Site) -> None:
        async with site.scene.db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user)
            with pytest.raises(Exception, match="обновите каталог"):
                await feed.use_feed(
                    tx, seller(user), store.id, site.services.secrets, site.scene.clock.now()
                )
