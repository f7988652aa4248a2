"""Connecting a store in a browser; the worker's turns are written as `python -m workers logins` does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_store, add_user, seller
from sqlalchemy import update
from sqlmodel import col, select

from cube_demper.bootstrap import EVENTS_CHANNEL
from cube_demper.db.session import Database
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.models import (
    CatalogSync,
    KaspiLogin,
    KaspiStore,
    LoginRefusal,
    LoginStep,
    ReauthReason,
    SyncState,
    User,
)

pytestmark = pytest.mark.e2e


async def _seller(db: Database, **columns: Any) -> User:
    async with db.write() as tx:
        return await add_user(tx, **columns)


async def _login(db: Database) -> KaspiLogin:
    async with db.read() as tx:
        return (await tx.scalars(select(KaspiLogin))).one()


async def _turn(db: Database, redis: Any, user: User, step: LoginStep, **values: object) -> None:
    """Take the worker's turn."""
    async with db.write() as tx:
        await tx.execute(update(KaspiLogin).values(step=step, **values))
    await redis.publish(EVENTS_CHANNEL, f'["user:{user.id}","sign_in",""]')


async def _connected(db: Database, redis: Any, user: User, name: str) -> KaspiStore:
    """End the sign-in with a new store whose catalogue is asked for."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        store = await add_store(tx, user, name=name)
        await syncs.ask(tx, seller(user), store.id, now)
    await _turn(db, redis, user, LoginStep.DONE, store_id=store.id, ended_at=now, state="")
    return store


async def test_by_mail_with_a_code_a_choice_of_shops_and_the_first_catalogue(
    db: Database, redis: Any, sign_in: Any
) -> None:
    user = await _seller(db)
    page: Page = await sign_in(user, "/stores/connect")
    await page.get_by_label("Почта от кабинета Kaspi").fill("kassa@example.kz")
    await page.get_by_label("Пароль от кабинета Kaspi").fill("secret-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    await expect(page.get_by_role("heading", name="Открываем Kaspi…")).to_be_visible()
    asked = await _login(db)
    assert asked.account == "ka•••@example.kz"
    assert "secret-12345" not in asked.state
    await _turn(db, redis, user, LoginStep.CODE, details={"code_by": "mail"})
    await expect(page.get_by_role("heading", name="Введите код из письма")).to_be_visible()
    await page.reload()
    await page.get_by_label("Код", exact=True).fill("12ab")
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_text("Код состоит из цифр")).to_be_visible()
    await page.get_by_label("Код", exact=True).fill("482715")
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("heading", name="Проверяем код…")).to_be_visible()
    shops = {"shops": [{"uid": "30000001", "name": "Лавка"}, {"uid": "30000002", "name": "Склад"}]}
    await _turn(db, redis, user, LoginStep.SHOP, details=shops)
    await page.get_by_role("button", name="Склад").click()
    await expect(page.get_by_role("heading", name="Подключаем магазин…")).to_be_visible()
    store = await _connected(db, redis, user, "Склад")
    await expect(page.get_by_role("heading", name="«Склад» подключён")).to_be_visible()
    async with db.write() as tx:
        going = {"state": SyncState.RUNNING, "total": 400, "goods_read": 100}
        await tx.execute(update(CatalogSync).values(**going))
    await redis.publish(EVENTS_CHANNEL, f'["user:{user.id}","sync",""]')
    await expect(page.get_by_text("Прочитано 100 из 400\u00a0товаров")).to_be_visible()
    async with db.write() as tx:
        await tx.execute(update(CatalogSync).values(state=SyncState.DONE, goods_read=400))
    await redis.publish(EVENTS_CHANNEL, f'["user:{user.id}","sync",""]')
    link = page.get_by_role("link", name="Посмотреть десять советов")
    await expect(link).to_have_attribute("href", f"/bot/trial?store={store.id}")


async def test_by_phone_with_a_flood_that_counts_down(
    db: Database, redis: Any, sign_in: Any
) -> None:
    user = await _seller(db)
    page: Page = await sign_in(user, "/stores/connect")
    await page.get_by_role("button", name="Телефон и SMS").click()
    await page.get_by_label("Телефон, с которым входите").fill("700 12")
    await page.get_by_role("button", name="Получить код").click()
    await expect(page.get_by_text("Укажите номер полностью")).to_be_visible()
    await page.get_by_label("Телефон, с которым входите").fill("8 (705) 111-22-33")
    await page.get_by_role("button", name="Получить код").click()
    await expect(page.get_by_role("heading", name="Открываем Kaspi…")).to_be_visible()
    now = datetime.now(UTC)
    await _turn(
        db,
        redis,
        user,
        LoginStep.REFUSED,
        refusal=LoginRefusal.FLOOD,
        retry_at=now + timedelta(minutes=30),
        ended_at=now,
    )
    told = page.get_by_role("status").filter(has_text="Kaspi просит подождать")
    await expect(told).to_contain_text("Попробовать снова можно через")
    await expect(told.get_by_role("time")).to_be_visible()


async def test_a_cancelled_sign_in_shows_the_form_again(db: Database, sign_in: Any) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect")
    await page.get_by_label("Почта от кабинета Kaspi").fill("kassa@example.kz")
    await page.get_by_label("Пароль от кабинета Kaspi").fill("secret-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
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
    await page.get_by_label("Почта от кабинета Kaspi").fill("kassa@example.kz")
    await page.get_by_label("Пароль от кабинета Kaspi").fill("secret-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    await expect(page.get_by_text("Сначала подтвердите свою почту")).to_be_visible()


async def test_signing_in_again_knows_the_mail_and_ends_with_the_same_store(
    db: Database, redis: Any, sign_in: Any
) -> None:
    user = await _seller(db)
    async with db.write() as tx:
        store = await add_store(
            tx,
            user,
            name="Тау Маркет",
            kaspi_email="kassa@example.kz",
            needs_reauth=True,
            reauth_reason=ReauthReason.INVALID_CREDENTIALS,
        )
    page: Page = await sign_in(user, f"/bot?store={store.id}")
    await page.get_by_role("link", name="Войти заново").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Войти в Kaspi: «Тау Маркет»")
    await expect(page.get_by_text("Kaspi не принял сохранённый пароль.")).to_be_visible()
    mail = page.get_by_label("Почта от кабинета Kaspi")
    await expect(mail).to_have_value("kassa@example.kz")
    await page.get_by_label("Пароль от кабинета Kaspi").fill("another-12345")
    await page.get_by_role("button", name="Войти в Kaspi").click()
    await expect(page.get_by_role("heading", name="Открываем Kaspi…")).to_be_visible()
    assert (await _login(db)).store_id == store.id
    async with db.write() as tx:
        here = update(KaspiStore).where(col(KaspiStore.id) == store.id)
        await tx.execute(here.values(needs_reauth=False, reauth_reason=None))
    await _turn(db, redis, user, LoginStep.DONE, ended_at=datetime.now(UTC), state="")
    await expect(page.get_by_role("heading", name="«Тау Маркет» подключён")).to_be_visible()
    await page.get_by_role("button", name="Подключить ещё магазин").click()
    await expect(page.get_by_label("Почта от кабинета Kaspi")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
async def test_the_page_is_accessible_and_never_scrolls_sideways(
    db: Database, sign_in: Any, *, phone: bool
) -> None:
    page: Page = await sign_in(await _seller(db), "/stores/connect", phone=phone)
    await expect(page.get_by_role("heading", name="Как подключаем?")).to_be_visible()
    await audit(page)
