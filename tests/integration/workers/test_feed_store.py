"""The bot of a store without a password: decisions wait for the file, looks prove what it carried."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI
from feed_scene import prices
from sqlalchemy import select, update
from sqlmodel import col
from worker_stage import Stage

from cube_demper import bootstrap
from cube_demper.api.feed import feed_routes
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.feed import service as feed
from cube_demper.models.catalog import Product
from cube_demper.models.operations import Notification
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel, KaspiStore
from cube_demper.sandbox.feeds import Subscription
from cube_demper.sandbox.listeners import WebListener, bind

CITY = "750000000"


@dataclass
class FeedStage:
    """The stage with a store that sends by price list, and Kaspi that takes it."""

    stage: Stage
    url: str
    subscription: Subscription

    async def pull(self) -> None:
        """Let Kaspi take the file now and read it."""
        sandbox = self.stage.sandbox
        await sandbox.feeds.pull(self.subscription, sandbox.now())
        assert self.subscription.status in (200, 304), self.subscription.note

    async def fetch(self) -> dict[str, int | dict[str, int]]:
        """Take the file as Kaspi would, and do nothing with it."""
        async with httpx.AsyncClient() as http:
            return prices((await http.get(self.url)).content)

    async def statuses(self) -> list[str]:
        """Statuses of what was to be changed; a look that only waits is no change."""
        rows = await self.stage.history()
        return [row.status for row in rows if row.status != PriceStatus.HELD]

    async def check(self) -> None:
        """Let the worker look at everything that is due, and confirm what is due."""
        worker = await self.stage.worker(once=True)
        await worker.run_bounded()
        await worker.confirmer.run()

    async def look_again(self, seconds: float) -> None:
        self.stage.clock.jump(seconds)
        for product in await self.stage.products():
            await self.stage.set_product(product.id)
        await self.check()


@pytest.fixture
async def shop(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FeedStage]:
    monkeypatch.setattr(bootstrap, "web", lambda: stage.services)
    app = FastAPI()
    app.include_router(feed_routes())
    listener = WebListener(app, bind(0))
    await listener.start()
    actor = Actor(Role.USER, stage.user_id)
    async with stage.db.write() as tx:
        box, now = stage.services.secrets, stage.clock.now()
        await feed.use_feed(tx, actor, stage.store_id, box, now)
        path = await feed.rotate(tx, actor, stage.store_id, box, now)
        await tx.execute(update(KaspiStore).values(guid=None))
    url = f"http://127.0.0.1:{listener.port}{path}"
    stage.sandbox.market.freeze_rivals()
    yield FeedStage(stage, url, Subscription(stage.merchant, url))
    await listener.stop()


async def _one_bot(shop: FeedStage) -> Product:
    """Switch the bot on for one product whose rival is cheaper by 100 tenge."""
    product = next(it for it in await shop.stage.products() if it.price and it.is_on_sale)
    card, price = product.external_kaspi_id or "", (product.price or 0) // 100
    market = shop.stage.sandbox.market
    market.set_rival(card, market.rivals_on(card)[0].merchant.uid, price - 100)
    for rival in market.rivals_on(card)[1:]:
        market.set_rival(card, rival.merchant.uid, price + 5000)
    await shop.stage.set_product(
        product.id,
        bot_active=True,
        bot_enabled_at=shop.stage.clock.now(),
        base_price=product.price,
        min_price=(price - 1000) * 100,
        max_price=(price + 1000) * 100,
    )
    return product


def _window(shop: FeedStage, product: Product) -> int | None:
    market = shop.stage.sandbox.market
    return market.store_listing(shop.stage.merchant, product.kaspi_sku).price_in(CITY)


async def test_a_decision_waits_for_the_file_and_is_confirmed_by_a_look(shop: FeedStage) -> None:
    product = await _one_bot(shop)
    before = _window(shop, product)
    await shop.check()
    assert await shop.statuses() == [PriceStatus.QUEUED]
    assert _window(shop, product) == before
    await shop.pull()
    assert await shop.statuses() == [PriceStatus.SENT]
    assert _window(shop, product) == (product.price or 0) // 100 - 101
    await shop.look_again(605)
    assert await shop.statuses() == [PriceStatus.CONFIRMED]
    kinds = {entry["kind"] for entry in shop.stage.sandbox.journal.entries}
    assert "accepted" not in kinds, "nothing may go through the cabinet"


async def test_the_same_price_is_not_wanted_again_while_kaspi_reads_the_file(
    shop: FeedStage,
) -> None:
    product = await _one_bot(shop)
    await shop.check()
    await shop.fetch()
    await shop.look_again(15 * 60)
    await shop.look_again(60 * 60)
    assert await shop.statuses() == [PriceStatus.SENT]
    target = (product.price or 0) // 100 - 101
    found = (await shop.fetch())[product.kaspi_sku]
    assert target in (found.values() if isinstance(found, dict) else [found])


async def test_a_price_unseen_for_two_hours_is_an_alarm(shop: FeedStage) -> None:
    await _one_bot(shop)
    await shop.check()
    await shop.fetch()
    worker = await shop.stage.worker()
    for minutes in (11, 20, 30):
        shop.stage.clock.jump(minutes * 60)
        assert await worker.confirmer.run() >= 1
        assert PriceStatus.SENT in await shop.statuses()
    shop.stage.clock.jump(60 * 60)
    await worker.confirmer.run()
    assert PriceStatus.REFUSED in await shop.statuses()
    async with shop.stage.db.read() as tx:
        bodies = (await tx.scalars(select(col(Notification.body)))).all()
    assert any("2 часа" in body for body in bodies)


async def test_a_file_that_broke_off_leaves_its_changes_to_the_next_one(shop: FeedStage) -> None:
    product = await _one_bot(shop)
    await shop.check()
    limits = feed.PriceLimits(10, 30)
    token = shop.url.rpartition("/")[2].removesuffix(".xml")
    file = await feed.open_file(shop.stage.db, token, shop.stage.clock.now(), limits)
    await feed.broken(shop.stage.db, file, shop.stage.clock.now())
    assert await shop.statuses() == [PriceStatus.SENDING]
    worker = await shop.stage.worker()
    shop.stage.clock.jump(130)
    await worker.confirmer.run()
    for _ in range(4):  # looks go on while Kaspi may still have it
        shop.stage.clock.jump(3600)
        await worker.confirmer.run()
    assert await shop.statuses() == [PriceStatus.QUEUED]
    await shop.pull()
    assert await shop.statuses() == [PriceStatus.SENT]
    assert _window(shop, product) == (product.price or 0) // 100 - 101


async def test_switched_to_the_cabinet_in_between_nothing_is_sent_twice(shop: FeedStage) -> None:
    product = await _one_bot(shop)
    await shop.check()
    await shop.pull()
    await shop.stage.sign_in()
    async with shop.stage.db.write() as tx:
        await feed.use_cabinet(tx, Actor(Role.USER, shop.stage.user_id), shop.stage.store_id)
    worker = await shop.stage.worker(until_idle=True)
    await shop.stage.set_product(product.id)
    await worker.run_bounded()
    await worker.lane.wait()
    assert shop.stage.sandbox.audit().accepted == 0
    assert len(await shop.statuses()) == 1


async def test_hours_of_moving_rivals_never_take_a_price_out_of_its_bounds(
    shop: FeedStage,
) -> None:
    stage = shop.stage
    await stage.switch_on()
    stage.sandbox.market.freeze_rivals(is_frozen=False)
    for hour in range(6):
        await shop.look_again(1800)
        if hour == 3:  # the seller lifts every floor between the decision and the file
            for product in await stage.products():
                if product.bot_active and product.min_price and product.max_price:
                    await stage.set_product(product.id, min_price=product.max_price)
        bounds = {
            it.kaspi_sku: (it.min_price or 0, it.max_price or 0)
            for it in await stage.products()
            if it.bot_active
        }
        async with httpx.AsyncClient() as http:
            body = (await http.get(shop.url)).content
        stage.sandbox.feeds._read(shop.subscription, body, stage.sandbox.now())
        assert _home_prices(body).keys() >= bounds.keys()
        for sku, (floor, cap) in bounds.items():
            assert floor <= _home_prices(body)[sku] * 100 <= cap, sku
    async with stage.db.read() as tx:
        assert (await tx.scalars(select(col(KaspiStore.channel)))).one() == Channel.FEED


def _home_prices(body: bytes) -> dict[str, int]:
    assert ET.fromstring(body).tag  # noqa: S314 - our own file
    return {
        sku: found[CITY] if isinstance(found, dict) else found
        for sku, found in prices(body).items()
    }
