"""A plan from the choice to its landing, in a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from billing_journey import end_in, shop
from page_audit import audit, opened
from playwright.async_api import Page, expect
from redis.asyncio import Redis
from sqlmodel import col, select
from tiptoppay_stage import terminal_at

from cube_demper import bootstrap
from cube_demper.core.clock import SystemClock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings, TipTopPaySettings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import charging, payments
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod
from cube_demper.sandbox.tiptoppay.world import API_SECRET, PUBLIC_ID

pytestmark = pytest.mark.e2e


async def _pay(db: Database, user: User, redis_url: str) -> None:
    """Do what an operator does when the money has come to the bank, and tell the page."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        row = await tx.scalar(select(Payment).where(col(Payment.user_id) == user.id))
        assert row is not None
        money = Settlement(row.amount, "KZT", "bank-1", PaymentMethod.BANK_INVOICE, now)
        await payments.paid(tx, SYSTEM, row.invoice_id, money, now)
    async with Redis.from_url(redis_url) as redis:
        await redis.publish(bootstrap.EVENTS_CHANNEL, f'["user:{user.id}","billing",""]'.encode())


async def _choose_basic(page: Page) -> None:
    await page.get_by_role("link", name="Перейти на BASIC").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Подключить BASIC")
    await expect(dialog).to_contain_text("30\u00a0дней")
    await dialog.get_by_role("radio", name="Счёт для ТОО или ИП").check()
    await dialog.get_by_label("Плательщик").fill("ТОО «Тау Маркет»")
    await dialog.get_by_label("БИН или ИИН").fill("123456789012")
    await dialog.get_by_role("button", name="Оплатить 9\u00a0999\u00a0₸").click()
    await expect(dialog).to_contain_text("последняя из них не сходится")
    await dialog.get_by_label("БИН или ИИН").fill("123456789013")
    await audit(page)
    await dialog.get_by_role("button", name="Оплатить 9\u00a0999\u00a0₸").click()
    await expect(dialog).to_be_hidden()


async def test_a_plan_is_chosen_paid_by_invoice_cancelled_and_taken_back(
    db: Database, sign_in: Any, redis_url: str, seller_app: str
) -> None:
    user = await shop(db)
    page = await sign_in(user, "/orders/analytics")
    await expect(
        page.get_by_role("heading", name="Аналитика заказов — в тарифе PRO")
    ).to_be_visible()
    await page.get_by_role("link", name="Подключить PRO").click()
    await expect(page.get_by_role("dialog")).to_contain_text("К оплате сейчас29\u00a0999\u00a0₸")
    await page.go_back()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.goto(f"{seller_app}/messages/templates")
    await expect(page.get_by_role("link", name="Подключить BASIC")).to_be_visible()
    await page.goto(f"{seller_app}/billing")
    await opened(page)
    await _choose_basic(page)
    await expect(page.get_by_text("Ждём оплату 9\u00a0999\u00a0₸ за тариф BASIC")).to_be_visible()
    paper = page.get_by_role("link", name="Скачать счёт")
    answer = await page.request.get(f"{seller_app}{await paper.get_attribute('href')}")
    assert (await answer.body()).startswith(b"%PDF")
    await _pay(db, user, redis_url)
    await expect(page.get_by_text("Тариф BASIC подключён").first).to_be_visible()
    await page.get_by_role("button", name="Отменить продление").click()
    asked = page.get_by_role("alertdialog")
    await expect(asked).to_contain_text("перестанет менять цены у 3\u00a0товаров")
    await asked.get_by_role("button", name="Отменить продление").click()
    await expect(page.get_by_text("продления не будет").first).to_be_visible()
    await page.get_by_role("button", name="Вернуть продление").click()
    await expect(page.get_by_role("button", name="Отменить продление")).to_be_visible()
    await page.get_by_role("radio", name="Опустить до мин. цены").check()
    await expect(page.get_by_text("Запомнили: опустить до мин. цены")).to_be_visible()
    await audit(page)
    await page.get_by_role("button", name="Платежи").click()
    await expect(page.get_by_role("row").filter(has_text="Подписка: BASIC")).to_contain_text(
        "Оплачен"
    )


async def _work(db: Database, subscription_id: UUID, port: int, redis_url: str) -> None:
    """Do what the billing worker does once."""
    keys = {
        "TIPTOPPAY_URL": f"http://127.0.0.1:{port}",
        "TIPTOPPAY_PUBLIC_ID": PUBLIC_ID,
        "TIPTOPPAY_API_SECRET": API_SECRET,
    }
    settings = Settings(tiptoppay=TipTopPaySettings(**keys))
    async with db.write() as tx:
        await dunning.step(tx, SYSTEM, subscription_id, datetime.now(UTC))
    async with db.read() as tx:
        open_ones = await dunning.open_charges(tx, SYSTEM, datetime.now(UTC))
    async with Redis.from_url(redis_url) as redis:
        box = SecretBox(settings.keys)
        services = bootstrap.Services(settings, SystemClock(), box, db, redis)
        async with bootstrap.open_till(services) as till:
            for payment_id in open_ones:
                await charging.charge(till, SYSTEM, payment_id)


async def test_a_card_pays_on_its_page_then_fails_and_the_prices_land(
    db: Database, sign_in: Any, redis_url: str, seller_app: str, card_port: int
) -> None:
    user = await shop(db)
    async with terminal_at(seller_app, card_port):
        page = await sign_in(user, "/billing?plan=basic")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("radio", name="Банковская карта")).to_be_checked()
        await dialog.get_by_role("button", name="Оплатить 9\u00a0999\u00a0₸").click()
        await page.get_by_role("button", name="4000 0000 0000 0341").click()
        await expect(page.get_by_text("Тариф BASIC подключён").first).to_be_visible()
        await page.get_by_role("button", name="Карты").click()
        await expect(page.get_by_text("•• 0341").first).to_be_visible()
        await audit(page)
        subscription_id = await end_in(db, user, hours=1)
        await _work(db, subscription_id, card_port, redis_url)
        page = await sign_in(user, "/billing")
        await expect(page.get_by_text("Оплата 9\u00a0999\u00a0₸ не прошла")).to_be_visible()
        await end_in(db, user, hours=-1)
        await _work(db, subscription_id, card_port, redis_url)
        page = await sign_in(user, "/products", phone=True)
        await expect(page.get_by_text("Не получилось продлить BASIC")).to_be_visible()
        await page.get_by_role("link", name="Оплатить 9\u00a0999\u00a0₸").click()
        await expect(page.get_by_role("dialog")).to_contain_text("Продлить BASIC")
        await audit(page)
        await end_in(db, user, hours=-80)
        await _work(db, subscription_id, card_port, redis_url)
    page = await sign_in(user, "/billing?goods=risk", phone=True)
    await expect(page.get_by_text("BASIC закончился: бот стоит").first).to_be_visible()
    await expect(page.get_by_text("вровень").or_(page.get_by_text("дороже")).first).to_be_visible()
    await audit(page)
