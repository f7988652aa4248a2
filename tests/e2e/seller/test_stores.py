"""The page of stores in a browser: cards, the catalogue's progress, removal, the way back in."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from feed_scene import points_of
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import add_decision, add_product, add_store, add_user
from sqlalchemy import update
from sqlmodel import col, select

from cube_demper.bootstrap import EVENTS_CHANNEL
from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.feed import CatalogSource, StoreFeed
from cube_demper.models.operations import WorkerHeartbeat
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel, KaspiStore, ReauthReason
from cube_demper.models.syncing import CatalogSync, SyncState

pytestmark = pytest.mark.e2e
_SHOTS = os.environ.get("CUBE_SHOTS")


async def _shop(db: Database) -> tuple[User, KaspiStore, KaspiStore]:
    """Make a seller with a store that works and one that Kaspi has signed out."""
    now = datetime.now(UTC)
    points = [
        {"id": f"1_PP{n}", "name": f"PP{n}", "cityId": city, "cityName": city, "enabled": True}
        for n, city in enumerate(("750000000", "710000000"), 1)
    ]
    async with db.write() as tx:
        user = await add_user(tx)
        guid = {"v": 1, "cookies": "x", "password": "y", "authenticated_at": now.isoformat()}
        store = await add_store(
            tx, user, name="Тау Маркет", guid=guid, points=points, synced_at=now
        )
        out = await add_store(
            tx,
            user,
            name="Второй прилавок",
            needs_reauth=True,
            reauth_reason=ReauthReason.SMS_REQUIRED,
            kaspi_email="kassa@example.kz",
        )
        product = await add_product(tx, store)
        await add_product(tx, store, bot_active=False)
        await add_product(tx, out)
        await add_decision(tx, product, PriceStatus.QUEUED)
    return user, store, out


async def _progress(db: Database, redis: Any, user: User, **values: object) -> None:
    async with db.write() as tx:
        await tx.execute(update(CatalogSync).values(**values))
    await redis.publish(EVENTS_CHANNEL, f'["user:{user.id}","sync",""]')


async def test_a_catalogue_is_read_under_the_sellers_eyes_stopped_and_resumed(
    db: Database, redis: Any, sign_in: Any
) -> None:
    user, _store, _out = await _shop(db)
    page: Page = await sign_in(user, "/stores")
    card = page.get_by_role("region", name="Тау Маркет")
    await expect(card).to_contain_text("пароль сохранён")
    await card.get_by_role("button", name="Обновить каталог").click()
    await expect(card).to_contain_text("Ждём очереди…")
    running = {"state": SyncState.RUNNING, "started_at": datetime.now(UTC)}
    await _progress(db, redis, user, total=1_250, goods_read=300, next_page=3, **running)
    await expect(card).to_contain_text("Прочитано 300 из 1\u00a0250\u00a0товаров")
    bar = card.get_by_role("progressbar")
    await expect(bar).to_have_attribute("aria-valuenow", "24")
    await card.get_by_role("button", name="Остановить").click()
    await expect(page.get_by_text("С продажи ничего не снято.")).to_be_visible()
    await card.get_by_role("button", name="Продолжить обновление").click()
    await expect(card).to_contain_text("Прочитано 300 из")
    async with db.read() as tx:
        (run,) = (await tx.scalars(select(CatalogSync))).all()
    assert (run.state, run.next_page) == (SyncState.QUEUED, 3)


async def test_a_kept_password_is_forgotten_without_the_store(db: Database, sign_in: Any) -> None:
    user, store, _out = await _shop(db)
    page: Page = await sign_in(user, "/stores")
    card = page.get_by_role("region", name="Тау Маркет")
    await expect(card).to_contain_text("пароль сохранён")
    await page.get_by_role("button", name="Ещё: Тау Маркет").focus()
    await page.keyboard.press("Enter")
    forget = page.get_by_role("menuitem", name="Стереть пароль Kaspi")
    await forget.press("Enter")
    await expect(page.get_by_text("Пароль стёрт. Когда вход в Kaspi истечёт")).to_be_visible()
    await expect(card).to_contain_text("пароль не хранится")
    await page.get_by_role("button", name="Ещё: Тау Маркет").click()
    await expect(page.get_by_role("menuitem", name="Отключить магазин")).to_be_visible()
    await expect(forget).to_have_count(0)
    async with db.read() as tx:
        kept = await tx.get_one(KaspiStore, store.id)
    assert kept.guid is not None
    assert (kept.guid["cookies"], kept.guid["password"]) == ("x", None)


async def test_a_store_is_removed_after_its_numbers_with_its_sign_in(
    db: Database, sign_in: Any
) -> None:
    user, store, out = await _shop(db)
    page: Page = await sign_in(user, "/stores")
    await page.get_by_role("button", name="Ещё: Тау Маркет").click()
    await page.get_by_role("menuitem", name="Отключить магазин").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Отключить «Тау Маркет»?")
    await expect(question).to_contain_text("Товаров с их границами и ценами2")
    await expect(question).to_contain_text("Цен снимем с очереди1")
    await expect(question).to_contain_text("Вход и пароль от Kaspiсотрём сразу")
    await page.keyboard.press("Escape")
    await expect(question).to_have_count(0)
    await expect(page.get_by_role("button", name="Ещё: Тау Маркет")).to_be_focused()
    await page.get_by_role("button", name="Ещё: Тау Маркет").click()
    await page.get_by_role("menuitem", name="Отключить магазин").click()
    await question.get_by_role("button", name="Отключить магазин").click()
    await expect(page.get_by_text("«Тау Маркет» отключён.")).to_be_visible()
    await expect(page.get_by_role("region", name="Тау Маркет")).to_have_count(0)
    async with db.read() as tx:
        assert (await tx.scalars(select(KaspiStore.id))).all() == [out.id]
    assert store.id != out.id


async def test_a_signed_out_store_says_so_on_its_pages_and_leads_back_in(
    db: Database, sign_in: Any
) -> None:
    user, store, out = await _shop(db)
    page: Page = await sign_in(user, f"/products?store={store.id}")
    told = page.get_by_role("status").filter(has_text="«Второй прилавок»: нужен вход в Kaspi")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(told).to_have_count(0)
    await page.goto(page.url.replace(str(store.id), str(out.id)))
    link = told.get_by_role("link", name="Войти заново")
    await expect(link).to_have_attribute("href", f"/stores/connect?store={out.id}")
    async with db.write() as tx:
        reset = update(KaspiStore).where(col(KaspiStore.id) == out.id)
        await tx.execute(reset.values(needs_reauth=False, reauth_reason=None))
    await reopened(page)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(told).to_have_count(0)


async def test_a_sign_in_that_renews_itself_asks_nothing_of_its_seller(
    db: Database, sign_in: Any
) -> None:
    user, store, _out = await _shop(db)
    async with db.write() as tx:
        reset = update(KaspiStore).where(col(KaspiStore.id) == store.id)
        await tx.execute(reset.values(needs_reauth=True))
    page: Page = await sign_in(user, f"/stores?store={store.id}")
    told = page.get_by_role("status").filter(has_text="«Тау Маркет»")
    await expect(told).to_contain_text("вход в Kaspi не обновляется")
    await expect(told).to_contain_text("Обработчик входов не отвечает")
    now = datetime.now(UTC)
    async with db.write() as tx:
        tx.add(
            WorkerHeartbeat(
                name="logins",
                instance_index=0,
                instance_count=1,
                process="host:1",
                started_at=now,
                seen_at=now,
                pass_facts={},
            )
        )
    await reopened(page)
    await expect(told).to_contain_text("обновляем вход в Kaspi…")
    await expect(told.get_by_role("link")).to_have_count(0)
    card = page.get_by_role("region", name="Тау Маркет")
    await expect(card).to_contain_text("Обновляем вход")
    await expect(card.get_by_role("link", name="Войти в Kaspi")).to_have_count(0)


async def test_the_chosen_store_is_remembered_in_a_new_tab_and_forgotten_with_all(
    db: Database, sign_in: Any
) -> None:
    user, store, _out = await _shop(db)
    page: Page = await sign_in(user, "/products")
    switcher = page.get_by_role("banner").get_by_role("button", name="Магазин:")
    await switcher.click()
    await page.get_by_role("menuitem", name="Тау Маркет").click()
    await page.wait_for_url(lambda url: f"store={store.id}" in url)
    await page.wait_for_function(f"localStorage.getItem('cube_store')?.includes('{store.id}')")
    tab = await page.context.new_page()
    await tab.goto(page.url.split("?")[0])
    await tab.wait_for_url(lambda url: f"store={store.id}" in url)
    await tab.get_by_role("banner").get_by_role("button", name="Магазин:").click()
    await tab.get_by_role("menuitem", name="Все магазины").click()
    await tab.wait_for_url(lambda url: "store=" not in url)
    await tab.wait_for_function("!localStorage.getItem('cube_store')?.includes('-')")
    third = await page.context.new_page()
    await third.goto(page.url.split("?")[0])
    await expect(third.get_by_role("heading", level=1)).to_be_visible()
    await expect(third.get_by_role("button", name="Магазин: Все магазины")).to_be_visible()


async def _add_fed_store(db: Database, user: User, **columns: Any) -> KaspiStore:
    """Give a seller a store that lives by price lists alone."""
    now = datetime.now(UTC)
    feed = {"token": "x", "rotated_at": now, "source": CatalogSource.LIST, "published_count": 2}
    async with db.write() as tx:
        store = await add_store(
            tx,
            user,
            name="Прайс и точка",
            channel=Channel.FEED,
            guid=None,
            points=points_of("1"),
            synced_at=now,
        )
        tx.add(StoreFeed(store_id=store.id, token_hash=store.id.bytes, **(feed | columns)))
        product = await add_product(tx, store)
        await add_product(tx, store, bot_active=False)
        await add_decision(tx, product, PriceStatus.QUEUED, queued_at=now)
    return store


@pytest.mark.parametrize("phone", [False, True])
async def test_a_store_that_lives_by_price_lists_tells_how_its_file_is_doing(
    db: Database, sign_in: Any, *, phone: bool
) -> None:
    user, store, _out = await _shop(db)
    fed = await _add_fed_store(db, user, published_at=datetime.now(UTC) - timedelta(minutes=12))
    page: Page = await sign_in(user, "/stores", phone=phone)
    card = page.get_by_role("region", name="Прайс и точка")
    await expect(card).to_contain_text("Не нужен: есть прайс-лист")
    await expect(card).to_contain_text("Kaspi забрал 12\u00a0мин назад")
    await expect(card).to_contain_text("В последнем файле 2\u00a0товара, следующего ждёт 1")
    await expect(card.get_by_role("link", name="Войти в Kaspi")).to_have_count(0)
    link = card.get_by_role("link", name="Прайс-лист")
    await expect(link).to_have_attribute("href", f"/stores/feed?store={fed.id}")
    if _SHOTS:
        await page.screenshot(path=f"{_SHOTS}/stores-{phone}.png", full_page=True)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="Ещё: Тау Маркет").click()
    await page.get_by_role("menuitem", name="Прайс-лист").click()
    await page.wait_for_url(f"**/stores/feed?store={store.id}")


async def test_without_stores_the_page_leads_to_connecting_one(db: Database, sign_in: Any) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
    page: Page = await sign_in(user, "/stores")
    link = page.get_by_role("main").get_by_role("link", name="Подключить магазин")
    await expect(link).to_have_attribute("href", "/stores/connect")


@pytest.mark.parametrize("phone", [False, True])
async def test_the_page_is_accessible_and_never_scrolls_sideways(
    db: Database, sign_in: Any, *, phone: bool
) -> None:
    user, _store, _out = await _shop(db)
    page: Page = await sign_in(user, "/stores", phone=phone)
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()
    await audit(page)
