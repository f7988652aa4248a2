"""The price list in a browser: upload → address → price on the window, and what is said on the way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from feed_scene import points_of, stock_of
from page_audit import audit
from playwright.async_api import Page, expect
from queue_scene import fall
from records import add_decision, add_product, add_store, add_user, seller
from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.bootstrap import Services as OurServices
from cube_demper.bootstrap import build_services
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.domain.feed import service as feed
from cube_demper.embedded import Services
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.feed import FeedImport, StoreFeed
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, Channel, DempingSettings, KaspiStore
from cube_demper.sandbox.feed_console import export_list
from cube_demper.sandbox.server import Sandbox
from workers.outbox import Drain
from workers.topics import feed_lane

pytestmark = pytest.mark.e2e
_SHOTS = os.environ.get("CUBE_SHOTS")


@pytest.fixture
async def worker(database_url: str, services: Services) -> AsyncIterator[OurServices]:
    """Services of a worker that tells open pages what it has done."""
    settings = Settings(DATABASE_URL=database_url, REDIS_URL=services.redis_url)
    built = build_services(settings, name="feed-worker")
    yield built
    await built.close()


async def _shot(page: Page, name: str) -> None:
    if _SHOTS:
        await page.wait_for_timeout(400)
        await page.screenshot(path=f"{_SHOTS}/{name}.png", full_page=True)


async def _drain(worker: OurServices) -> None:
    await Drain(worker, feed_lane(worker), asyncio.Event()).run()


async def test_from_a_file_to_a_price_on_the_window(
    db: Database, sign_in: Any, worker: OurServices, tmp_path: Path
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
    async with Sandbox.start(seed=1) as sandbox:
        store = "30000001"
        file = tmp_path / "price.xml"
        file.write_bytes(export_list(sandbox, store))
        page = await sign_in(user, "/stores/feed")
        await expect(page.get_by_text("Перетащите прайс-лист")).to_be_visible()
        await _shot(page, "empty-1440")
        await page.wait_for_load_state("networkidle")
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_label("Номер магазина в Kaspi")).to_have_value(store)
        await _shot(page, "preview-1440")
        await page.get_by_role("button", name="Подключить: 10").click()
        await expect(page.get_by_text("Выберите город для точки PP")).to_be_visible()
        await page.get_by_label("PP1").select_option("Алматы")
        await page.get_by_role("button", name="Подключить: 10").click()
        if await page.get_by_label("PP2").count():
            await page.get_by_label("PP2").select_option("Астана")
            await page.get_by_role("button", name="Подключить: 10").click()
        await expect(page.get_by_text("Загружаем товары в магазин")).to_be_visible()
        await _drain(worker)
        await expect(page.get_by_text("Загружено: 10\u00a0товаров")).to_be_visible()
        await page.get_by_role("button", name="Показать адрес").click()
        shown = page.locator("code.k-secret")
        await expect(shown).to_contain_text("http")
        address = await shown.inner_text()
        product = await _decide(db)
        subscription = sandbox.feeds.subscribe(store, address, sandbox.now())
        await sandbox.feeds.pull(subscription, sandbox.now())
        assert (subscription.status, subscription.errors) == (200, [])
        target = (product.price or 0) // 100 - 50
        assert (
            sandbox.market.store_listing(store, product.kaspi_sku).price_in("750000000") == target
        )
        async with db.read() as read:
            statuses = (await read.scalars(select(col(PriceHistory.status)))).all()
        assert statuses == [PriceStatus.SENT]
        row = page.get_by_role("table", name="Кто забирал прайс-лист").get_by_role("row")
        await expect(row.filter(has_text="Забрали")).to_contain_text("1\u00a0новая цена")
        await audit(page)
        await _shot(page, "connected-1440")


async def _decide(db: Database) -> Product:
    """Let the bot have decided on one product of the new store."""
    async with db.write() as tx:
        await tx.execute(
            update(DempingSettings).values(
                mode=BotMode.AUTO, work_hours_start=None, work_hours_end=None
            )
        )
        product = (await tx.scalars(select(Product).order_by(col(Product.kaspi_sku)))).first()
        assert product is not None
        price = product.price or 0
        product.bot_active, product.base_price, product.min_price = True, price, price - 50_000
        target = price - 5_000
        decision = fall(price, target).to_json()
        now = datetime.now(UTC)
        await add_decision(
            tx, product, PriceStatus.QUEUED, new_price=target, decision=decision, queued_at=now
        )
    return product


async def _feed_store(db: Database, worker: OurServices, **columns: Any) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        given = {"channel": Channel.FEED, "guid": None, "synced_at": datetime.now(UTC)}
        store = await add_store(tx, user, name="Тау Маркет", **(given | columns))
        store.points = points_of(store.merchant_id)
        for number in range(8):
            card = {"external_kaspi_id": None} if number < 2 else {}
            stock = stock_of(store.merchant_id)
            await add_product(tx, store, availabilities=stock, base_price=1_000_000, **card)
        await tx.flush()
        now = worker.clock.now()
        await feed.rotate(tx, seller(user), store.id, worker.secrets, now)
    return user, store


async def test_a_short_file_says_so_and_goes_out_after_a_yes(
    db: Database, sign_in: Any, worker: OurServices
) -> None:
    user, _ = await _feed_store(db, worker)
    async with db.write() as tx:
        await tx.execute(update(StoreFeed).values(published_count=40))
    page = await sign_in(user, "/stores/feed", phone=True)
    told = page.get_by_role("status").filter(has_text="Прайс-лист сейчас не отдаётся")
    await expect(told).to_contain_text("8 из 40 товаров")
    await _shot(page, "refused-390")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    await told.get_by_role("button", name="Отдать всё равно").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Отдать прайс-лист из 8\u00a0товаров?")
    await question.get_by_role("button", name="Отдать").click()
    await expect(told).to_have_count(0)


async def test_the_address_is_changed_after_a_question_and_a_card_is_given(
    db: Database, sign_in: Any, worker: OurServices
) -> None:
    user, _store = await _feed_store(db, worker)
    page = await sign_in(user, "/stores/feed")
    await page.get_by_role("button", name="Показать адрес").click()
    shown = page.locator("code.k-secret")
    await expect(shown).to_contain_text("http")
    before = await shown.inner_text()
    await page.get_by_role("button", name="Сменить адрес").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Старый адрес перестанет работать сразу")
    await question.get_by_role("button", name="Сменить адрес").click()
    await expect(shown).not_to_have_text(before)
    await expect(shown).to_contain_text("/feed/")
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.get_by_role("button", name="Сменить адрес").click()
    await other.get_by_role("alertdialog").get_by_role("button", name="Сменить адрес").click()
    await expect(other.locator("code.k-secret")).to_contain_text("http")
    # The one on the screen has ended: it must not be copied into Kaspi.
    await expect(shown).to_contain_text("•••")
    await other.close()
    links = page.get_by_label("Ссылка на карточку")
    await expect(links).to_have_count(2)
    await links.first.fill("чайник")
    await page.get_by_role("button", name="Записать").first.click()
    await expect(page.get_by_text("Вставьте ссылку на товар на kaspi.kz или номер")).to_be_visible()
    await links.first.fill("https://kaspi.kz/shop/p/chainik-100000777/")
    await page.get_by_role("button", name="Записать").first.click()
    await expect(links).to_have_count(1)
    await _shot(page, "store-1440")


async def test_a_bad_file_is_refused_in_words_and_changes_nothing(
    db: Database, sign_in: Any, worker: OurServices
) -> None:
    user, _store = await _feed_store(db, worker)
    page = await sign_in(user, "/stores/feed", phone=True)
    bomb = b'<!DOCTYPE a [<!ENTITY x "y">]><kaspi_catalog/>'
    given = {"name": "x.xml", "mimeType": "text/xml", "buffer": bomb}
    await page.wait_for_load_state("networkidle")
    await page.locator("input[type=file]").set_input_files(given)
    await expect(page.get_by_role("alert").filter(has_text="сущностей")).to_be_visible()
    await _shot(page, "bad-390")
    async with db.read() as tx:
        assert (await tx.scalars(select(FeedImport))).all() == []


async def test_a_cabinet_store_goes_over_after_a_question(
    db: Database, sign_in: Any, worker: OurServices
) -> None:
    user, store = await _feed_store(db, worker, channel=Channel.CABINET, guid={"v": 1})
    page = await sign_in(user, f"/stores/feed?store={store.id}")
    await _shot(page, "cabinet-1440")
    await page.get_by_role("button", name="Перейти на прайс-лист").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("в нём 8\u00a0товаров")
    await question.get_by_role("button", name="Перейти на прайс-лист").click()
    await expect(page.get_by_role("button", name="Показать адрес")).to_be_visible()
    async with db.read() as tx:
        assert (await tx.scalars(select(col(KaspiStore.channel)))).one() == Channel.FEED
