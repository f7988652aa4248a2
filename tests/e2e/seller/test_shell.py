"""The frame in a browser: places, search, theme, language, a lost connection, accessibility, 404."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from page_audit import audit, reopened
from playwright.async_api import expect
from records import add_product, add_store, add_user

from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification

pytestmark = pytest.mark.e2e


async def _seller(db: Database) -> User:
    async with db.write() as tx:
        user = await add_user(tx, full_name="Айгерим Касымова")
        for name in ("Алма Дом", "Тау Маркет"):
            store = await add_store(tx, user, name=name)
            seen = datetime.now(UTC)
            await add_product(tx, store, name=f"Чайник {name}", last_check_time=seen)
    return user


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
async def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(
    db: Database, sign_in: Any, scheme: Any, phone: bool
) -> None:
    page = await sign_in(await _seller(db), "/products", phone=phone)
    await page.emulate_media(color_scheme=scheme)
    await expect(page.locator("html")).to_have_class(scheme)
    await expect(page.get_by_text("Чайник Алма Дом").first).to_be_visible()
    await audit(page)


async def test_dark_is_chosen_before_the_first_paint(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await page.get_by_role("button", name="Аккаунт").click()
    await page.get_by_role("menuitem", name="Тема").press("ArrowRight")
    await page.get_by_role("menuitem", name="Тёмная").click()
    await expect(page.locator("html")).to_have_class("dark")
    seen: list[str] = []
    await page.route("**/assets/*.js", lambda route: route.abort())
    await page.goto(page.url, wait_until="commit")
    await page.wait_for_function("document.body")
    seen.append(await page.evaluate("document.documentElement.className"))
    assert seen == ["dark"]


async def test_slash_goes_to_search_and_enter_finds_goods(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await expect(page.get_by_role("button", name="Аккаунт")).to_have_text("АК")
    await page.keyboard.press("/")
    await page.keyboard.type("Тау")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Чайник Тау Маркет").first).to_be_visible()
    await expect(page.get_by_text("Чайник Алма Дом")).to_have_count(0)
    assert "/products?q=" in page.url


async def test_the_store_switcher_narrows_the_list_and_places_remember_it(
    db: Database, sign_in: Any
) -> None:
    page = await sign_in(await _seller(db), "/products")
    await page.get_by_role("button", name="Магазин: Все магазины").click()
    await page.get_by_role("menuitem", name="Тау Маркет").click()
    await expect(page.get_by_role("button", name="Магазин: Тау Маркет")).to_be_visible()
    await expect(page.get_by_text("Чайник Алма Дом")).to_have_count(0)
    place = page.get_by_role("navigation", name="Главное меню").get_by_role("link", name="Бот")
    assert "?store=" in str(await place.get_attribute("href"))


async def test_a_notification_comes_by_itself_and_is_read(db: Database, sign_in: Any) -> None:
    user = await _seller(db)
    page = await sign_in(user, "/bot")
    bell = page.get_by_role("button", name="Уведомления")
    await expect(bell).to_have_accessible_name("Уведомления: 0")
    async with db.write() as tx:
        tx.add(Notification(user_id=user.id, kind="x", title="Нужен вход в Kaspi", dedupe_key="1"))
    await reopened(page)
    await expect(bell).to_have_accessible_name("Уведомления: 1")
    await bell.click()
    await expect(page.get_by_text("Нужен вход в Kaspi")).to_be_visible()
    await page.get_by_role("button", name="Прочитать все").click()
    # The answer is an event of its own, heard by the frame's watcher.
    await expect(page.get_by_role("button", name="Прочитать все")).to_have_count(0)


async def test_a_language_is_chosen_and_what_it_lacks_stays_russian(
    db: Database, sign_in: Any
) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await page.get_by_role("button", name="Аккаунт").click()
    await page.get_by_role("menuitem", name="Язык").press("ArrowRight")
    await page.get_by_role("menuitem", name="Қазақша").click()
    places = page.get_by_role("navigation", name="Басты мәзір")
    await expect(places.get_by_role("link", name="Тауарлар")).to_be_visible()
    await expect(page.get_by_role("heading", name="Бот", exact=True)).to_be_visible()
    await reopened(page)
    await expect(places.get_by_role("link", name="Тауарлар")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "kk")


async def test_a_lost_connection_is_said_in_russian_and_heals(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await expect(page.get_by_role("button", name="Аккаунт")).to_have_text("АК")
    bar = page.get_by_text("Связь потеряна, восстанавливаем…")
    await page.evaluate(
        """() => {
            const Real = window.WebSocket;
            window.healed = () => { window.WebSocket = Real; };
            window.WebSocket = class { constructor() { throw new Error("cut"); } };
        }"""
    )
    await page.context.set_offline(True)
    await page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(bar).to_be_visible()
    await expect(page.get_by_text("Cannot connect")).to_have_count(0)
    await page.context.set_offline(False)
    await page.evaluate("window.healed()")
    await expect(bar).to_have_count(0)


async def test_more_on_a_phone_leads_everywhere(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot", phone=True)
    await page.get_by_role("button", name="Ещё").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("link", name="Товары").click()
    await expect(page.get_by_text("Чайник Алма Дом").first).to_be_visible()
    await expect(sheet).to_have_count(0)


async def test_the_sidebar_folds_and_stays_folded(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await page.get_by_role("button", name="Свернуть или развернуть меню").click()
    await reopened(page)
    await expect(page.locator("aside")).to_have_css("width", "57px")
    await page.get_by_role("link", name="Товары").first.focus()
    await expect(page.get_by_role("link", name="Товары").first).to_be_visible()


async def test_leaving_ends_the_session(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await page.get_by_role("button", name="Аккаунт").click()
    await page.get_by_role("menuitem", name="Выйти").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Цены на Kaspi")
    await page.goto(page.url + "bot")
    await expect(page.get_by_role("heading", name="Вход")).to_be_visible()


async def test_an_unknown_address_says_so_and_leads_home(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/no-such-page")
    await expect(page.get_by_role("heading", name="Страницы нет")).to_be_visible()
    await expect(page.get_by_role("link", name="На главную")).to_have_attribute("href", "/")


async def test_a_broken_page_says_so_in_russian(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/bot")
    await expect(page.get_by_role("button", name="Аккаунт")).to_have_text("АК")
    await page.add_init_script(
        "Object.defineProperty(Intl.DateTimeFormat.prototype, 'format',"
        " { get() { throw Error('boom'); } });"
    )
    await page.goto(page.url.replace("/bot", "/products"))
    await expect(page.get_by_role("heading", name="Страница не открылась")).to_be_visible()
    await expect(page.get_by_role("link", name="Обновить страницу")).to_be_visible()
