"""Connecting a store in a browser, each way, against the worker that really signs in to the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from kaspi_stage import Kaspi, kaspi_with_workers
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import add_store, add_user
from sqlalchemy import update
from sqlmodel import select
from worker_process import Nursery

from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiLogin, KaspiStore, LoginStep

pytestmark = pytest.mark.e2e
STAFF, OWNER, PHONE = "staff@example.kz", "seller@example.kz", "+77020000001"
_WORK = 60_000
"""Milliseconds that a worker's turn may take: it starts a Chromium of its own."""


@pytest.fixture
async def kaspi(
    db: Database,
    nursery: Nursery,
    database_url: str,
    redis_url: str,
    tmp_path: Path,
) -> AsyncIterator[Kaspi]:
    """A sandbox Kaspi with the real workers `logins` and `outbox`."""
    addresses = {"database_url": database_url, "redis_url": redis_url}
    async with kaspi_with_workers(nursery, tmp_path, **addresses) as made:
        yield made


async def _seller(db: Database) -> User:
    async with db.write() as tx:
        return await add_user(tx)


async def _login(db: Database) -> KaspiLogin:
    async with db.read() as tx:
        return (await tx.scalars(select(KaspiLogin))).one()


async def _store(db: Database) -> KaspiStore:
    async with db.read() as tx:
        return (await tx.scalars(select(KaspiStore))).one()


async def _fill_password(page: Page, email: str, password: str) -> None:
    await page.wait_for_load_state("networkidle")  # a page that wakes up empties what was typed
    await page.get_by_label("Почта от кабинета Kaspi").fill(email)
    await page.get_by_label("Пароль от кабинета Kaspi").fill(password)


async def _give_code(page: Page, code: str) -> None:
    await page.get_by_label("Код", exact=True).fill(code)
    await page.get_by_role("button", name="Продолжить").click()


async def _see_connected(page: Page, name: str) -> None:
    """Wait until the store is connected and its catalogue read by the outbox worker."""
    heading = page.get_by_role("heading", name=f"«{name}» подключён")
    await expect(heading).to_be_visible(timeout=_WORK)
    link = page.get_by_role("link", name="Посмотреть десять советов")
    await expect(link).to_be_visible(timeout=_WORK)


async def test_by_mail_with_a_wrong_and_the_right_code_to_the_first_catalogue(
    db: Database, sign_in: Any, kaspi: Kaspi
) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect")
    await _fill_password(page, STAFF, "staff-12345")
    await page.get_by_label("Сохранить пароль").uncheck()
    await page.get_by_role("button", name="Войти в Kaspi").click()
    asks = page.get_by_role("heading", name="Введите код из письма")
    await expect(asks).to_be_visible(timeout=_WORK)
    asked = await _login(db)
    assert asked.account == "st•••@example.kz"
    assert "staff-12345" not in asked.state
    await reopened(page)
    await page.wait_for_load_state("networkidle")
    await _give_code(page, "12ab")
    await expect(page.get_by_text("Код состоит из цифр")).to_be_visible()
    right = await kaspi.code(STAFF)
    await _give_code(page, "000000" if right != "000000" else "111111")
    await expect(page.get_by_text("Код не подошёл или устарел")).to_be_visible(timeout=_WORK)
    await _give_code(page, right)
    await _see_connected(page, "Тестовая лавка")
    store = await _store(db)
    assert store.guid is not None
    assert (store.merchant_id, store.guid["password"]) == ("30000001", None)
    async with db.read() as tx:
        assert len((await tx.scalars(select(Product))).all()) == 10
    link = page.get_by_role("link", name="Посмотреть десять советов")
    await expect(link).to_have_attribute("href", f"/bot/trial?store={store.id}")
    assert "staff-12345" not in kaspi.said("logins")


async def test_by_phone_after_a_flood_that_counts_down(
    db: Database, sign_in: Any, kaspi: Kaspi
) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect")
    kaspi.sandbox.fault("sign_in_flood", "login", retry_after=90, count=1)
    await page.wait_for_load_state("networkidle")
    await page.get_by_role("button", name="Телефон и SMS").click()
    await page.get_by_label("Телефон, с которым входите").fill("700 12")
    await page.get_by_role("button", name="Получить код").click()
    await expect(page.get_by_text("Укажите номер полностью")).to_be_visible()
    await page.get_by_label("Телефон, с которым входите").fill("8 (702) 000-00-01")
    await page.get_by_role("button", name="Получить код").click()
    told = page.get_by_role("status").filter(has_text="Kaspi просит подождать")
    await expect(told).to_contain_text("Попробовать снова можно через", timeout=_WORK)
    await expect(told.get_by_role("time")).to_be_visible()
    await page.get_by_label("Телефон, с которым входите").fill("8 (702) 000-00-01")
    await page.get_by_role("button", name="Получить код").click()
    heading = page.get_by_role("heading", name="Введите код из SMS")
    await expect(heading).to_be_visible(timeout=_WORK)
    await _give_code(page, await kaspi.code(PHONE))
    await _see_connected(page, "Тестовая лавка")
    assert (await _store(db)).kaspi_email is None


async def test_one_of_several_shops_with_the_password_kept(
    db: Database, sign_in: Any, kaspi: Kaspi
) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect")
    await _fill_password(page, OWNER, "wrong-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    refused = page.get_by_text("Kaspi не принял почту или пароль")
    await expect(refused).to_be_visible(timeout=_WORK)
    await expect(page.get_by_role("heading", name="Как подключаем?")).to_be_focused()
    await expect(page.get_by_label("Почта от кабинета Kaspi")).to_have_value(OWNER)
    await expect(page.get_by_label("Пароль от кабинета Kaspi")).to_have_value("")
    await _fill_password(page, OWNER, "demo-12345")
    await page.get_by_label("Сохранить пароль").check()
    await page.get_by_role("button", name="Войти в Kaspi").click()
    second = page.get_by_role("button", name="Второй прилавок")
    await expect(second).to_be_visible(timeout=_WORK)
    await expect(page.get_by_role("button", name="Тестовая лавка")).to_be_visible()
    await second.click()
    await _see_connected(page, "Второй прилавок")
    store = await _store(db)
    assert store.guid is not None
    assert store.merchant_id == "30000002"
    assert kaspi.secrets.decrypt(store.guid["password"]) == "demo-12345"
    await page.get_by_role("button", name="Подключить ещё магазин").click()
    await expect(page.get_by_label("Почта от кабинета Kaspi")).to_be_visible()


async def test_an_expired_session_is_noticed_and_mended_with_one_button(
    db: Database, sign_in: Any, kaspi: Kaspi
) -> None:
    user = await _seller(db)
    async with db.write() as tx:
        store = await add_store(
            tx,
            user,
            name="Тау Маркет",
            merchant_id="30000001",
            kaspi_email=OWNER,
            guid=kaspi.guid(OWNER),
        )
    kaspi.sandbox.sessions.expire(OWNER)
    page: Page = await sign_in(user, f"/stores?store={store.id}")
    card = page.get_by_role("region", name="Тау Маркет")
    await card.get_by_role("button", name="Обновить каталог").click()
    again = page.get_by_role("main").get_by_role("link", name="Войти в Kaspi")
    await expect(again).to_be_visible(timeout=_WORK)
    await page.goto(page.url.replace("/stores", "/bot"))
    await page.get_by_role("link", name="Войти заново").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Войти в Kaspi: «Тау Маркет»")
    await expect(page.get_by_text("Вход истёк, а пароль не сохранён.")).to_be_visible()
    mail = page.get_by_label("Почта от кабинета Kaspi")
    await expect(mail).to_have_value(OWNER)
    await page.get_by_label("Пароль от кабинета Kaspi").fill("demo-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    await _see_connected(page, "Тау Маркет")
    back = await _store(db)
    assert (back.id, back.needs_reauth, back.reauth_reason) == (store.id, False, None)
    assert back.synced_at is not None


async def test_a_cancelled_sign_in_shows_the_form_again(db: Database, sign_in: Any) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect")
    await _fill_password(page, "kassa@example.kz", "secret-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    await expect(page.get_by_role("heading", name="Открываем Kaspi…")).to_be_focused()
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_label("Почта от кабинета Kaspi")).to_be_visible()
    assert (await _login(db)).step == LoginStep.CANCELLED


async def test_without_a_password_the_price_list_is_offered(db: Database, sign_in: Any) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect")
    await page.get_by_role("button", name="Без пароля").click()
    link = page.get_by_role("link", name="Подключить прайс-лист")
    await expect(link).to_have_attribute("href", "/stores/feed")


async def test_an_unconfirmed_mail_is_refused_in_words(db: Database, sign_in: Any) -> None:
    user = await _seller(db)
    async with db.write() as tx:
        await tx.execute(update(User).values(email_confirmed_at=None))
    page: Page = await sign_in(user, "/stores/connect")
    await _fill_password(page, "kassa@example.kz", "secret-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    await expect(page.get_by_text("Сначала подтвердите свою почту")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
async def test_the_page_is_accessible_and_never_scrolls_sideways(
    db: Database, sign_in: Any, *, phone: bool
) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect", phone=phone)
    await expect(page.get_by_role("heading", name="Как подключаем?")).to_be_visible()
    await audit(page)
