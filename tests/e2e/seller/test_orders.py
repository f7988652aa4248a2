"""Orders in a browser: tabs, the search, one order in full, and one that arrives while the page is open."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from orders_made import one_of_each_tab, seen, write
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import NOON, add_store, add_user
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper.bootstrap import EVENTS_CHANNEL
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.db.session import BrowserEvent, Database
from cube_demper.models.accounts import User
from cube_demper.models.messaging import WhatsAppSession, WhatsAppSettings, WhatsAppStore
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore

pytestmark = pytest.mark.e2e


async def _shop(db: Database, **columns: Any) -> tuple[User, KaspiStore, SecretBox]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет", **columns)
    return user, store, SecretBox(Settings().keys)


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.wait_for_timeout(700)
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_the_sellers_way_through_orders(db: Database, sign_in: Any) -> None:
    user, store, box = await _shop(db, orders_polling_enabled=True)
    await write(db, store, one_of_each_tab(datetime.now(UTC)), datetime.now(UTC), secrets=box)
    page = await sign_in(user, "/orders")
    first = page.get_by_role("row").filter(has_text="900000001")
    await expect(first).to_contain_text("Новый")
    await expect(first).to_contain_text("и ещё 1 товар")
    await audit(page)
    await _shoot(page, "orders-desktop")
    await page.get_by_role("button", name="Упаковка").click()
    await expect(page.get_by_role("row").filter(has_text="900000004")).to_be_visible()
    await expect(first).to_have_count(0)
    await page.get_by_role("button", name="Все 11").click()
    await page.get_by_placeholder("Номер, телефон или имя").fill("8 701 000 00 01")
    await expect(first).to_be_visible()
    await page.get_by_placeholder("Номер, телефон или имя").fill("900000009")
    await expect(first).to_have_count(0)
    await page.get_by_role("button", name="Заказ 900000009").click()
    panel = page.get_by_role("dialog")
    await expect(panel).to_contain_text("Айгерим Тестова")
    await expect(panel).to_contain_text("+7 701 000 00 01")
    await expect(panel).to_contain_text("История")
    await expect(panel).to_contain_text("Повторный покупатель: 11\u00a0заказов")
    await expect(panel).to_contain_text("и ещё 5\u00a0заказов")
    await expect(panel).to_contain_text("Сообщения покупателям выключены.")
    await expect(panel).to_contain_text("Товара нет в вашем каталоге")
    await audit(page)
    await _shoot(page, "orders-panel-desktop")
    await panel.get_by_role("button", name="Открыть заказ 900000001").click()
    await expect(page.get_by_role("dialog", name="Заказ 900000001")).to_be_visible()


# What a page would play, counted: a test hears nothing. Playwright's own questions count as gestures.
_EAR = """
window.tones = 0; window.touched = false;
document.addEventListener('pointerdown', () => { window.touched = true }, true);
Object.defineProperty(navigator, 'userActivation', {get: () => ({hasBeenActive: window.touched})});
const node = () => ({connect: (next) => next, frequency: {}, stop: () => {},
  start: () => { window.tones += 1 },
  gain: {setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {}}});
window.AudioContext = class {
  currentTime = 0; state = 'running'; destination = {};
  resume() {} createOscillator() { return node() } createGain() { return node() }
};
"""


Arrive = Callable[[KaspiStore, SecretBox, str], Awaitable[None]]


@pytest.fixture
async def arrive(database_url: str, redis: Redis) -> AsyncIterator[Arrive]:
    """Let a new order be read, and its events published as a worker publishes them."""

    async def publish(events: list[BrowserEvent]) -> None:
        for event in events:
            told = orjson.dumps([event.channel, event.kind, event.id])
            await redis.publish(EVENTS_CHANNEL, told)

    worker = Database(database_url, publish=publish)

    async def order(store: KaspiStore, box: SecretBox, code: str) -> None:
        now = datetime.now(UTC)
        await write(worker, store, [seen(code, "NEW", "APPROVED_BY_BANK", now)], now, secrets=box)

    yield order
    await worker.close()


async def test_an_order_arrives_while_the_page_is_open_and_is_heard(
    db: Database, arrive: Arrive, sign_in: Any
) -> None:
    user, store, box = await _shop(db, orders_polling_enabled=True)
    page = await sign_in(user, "/orders")
    await page.add_init_script(_EAR)
    await reopened(page)
    await expect(page.get_by_text("Заказов пока нет")).to_be_visible()
    await arrive(store, box, "911111111")
    await expect(page.get_by_role("row").filter(has_text="911111111")).to_be_visible()
    await expect(page.get_by_text("Новый заказ 911111111 на 12\u00a0990\u00a0₸")).to_be_visible()
    # Nobody has pressed anything since the page came: the browser would stay silent, and it is said.
    await expect(page.get_by_text("до него браузер молчит")).to_be_visible()
    assert await page.evaluate("window.tones") == 0
    await page.get_by_role("heading", name="Заказы").click()
    await expect(page.get_by_text("до него браузер молчит")).to_have_count(0)
    await arrive(store, box, "911111112")
    await expect(page.get_by_role("row").filter(has_text="911111112")).to_be_visible()
    await page.wait_for_function("window.tones === 2")
    await audit(page)
    await _shoot(page, "orders-arrived-desktop")
    await page.get_by_role("button", name="Звук включён").click()
    await reopened(page)
    await expect(page.get_by_role("button", name="Звук выключен")).to_be_visible()
    await arrive(store, box, "911111113")
    await expect(page.get_by_role("row").filter(has_text="911111113")).to_be_visible()
    # Heard by a watcher of its own: switched on before that, the sound would be this order's.
    await expect(page.get_by_text("Новый заказ 911111113")).to_be_visible()
    assert await page.evaluate("window.tones") == 0
    await page.get_by_role("button", name="Звук выключен").click()
    await page.wait_for_function("window.tones === 2")


async def test_an_order_has_an_address_and_leads_to_the_talk_with_its_buyer(
    db: Database, sign_in: Any
) -> None:
    user, store, box = await _shop(db, orders_polling_enabled=True)
    await write(db, store, one_of_each_tab(datetime.now(UTC)), datetime.now(UTC), secrets=box)
    async with db.write() as tx:
        number = WhatsAppSession(user_id=user.id, name="cube_desk", label="Основной")
        tx.add_all(
            (WhatsAppSettings(user_id=user.id, consented_at=NOON, consent_version="1"), number)
        )
        await tx.flush()
        tx.add(WhatsAppStore(store_id=store.id, session_id=number.id, is_enabled=True))
        named = select(Order.id).where(col(Order.kaspi_order_code) == "900000004")
        order_id = await tx.scalar(named)
    page = await sign_in(user, f"/orders/{order_id}")
    panel = page.get_by_role("dialog", name="Заказ 900000004")
    await expect(panel).to_contain_text("Пока ничего: напишем")
    await expect(page).to_have_url(re.compile(rf"/orders/{order_id}$"))
    await panel.get_by_role("button", name="Закрыть").click()
    await expect(panel).to_have_count(0)
    await expect(page).to_have_url(re.compile(r"/orders$"))
    await page.get_by_role("button", name="Заказ 900000004").click()
    await panel.get_by_role("link", name="Написать покупателю").click()
    await expect(page).to_have_url(re.compile(r"/messages\?thread="))
    talk = page.get_by_role("region", name="Переписка", exact=True)
    await expect(talk.get_by_role("heading", name="Айгерим Тестова")).to_be_visible()
    await page.goto(page.url.split("/messages")[0] + f"/orders/{uuid4()}")
    await expect(page.get_by_text("Такого заказа нет.")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="900000001")).to_be_visible()


async def test_orders_fit_a_phone(db: Database, sign_in: Any) -> None:
    user, store, box = await _shop(db, orders_polling_enabled=True)
    await write(db, store, one_of_each_tab(datetime.now(UTC)), datetime.now(UTC), secrets=box)
    page = await sign_in(user, "/orders", phone=True)
    await expect(page.get_by_role("button", name="Заказ 900000001")).to_be_visible()
    await audit(page)
    await _shoot(page, "orders-phone")
    await page.get_by_role("button", name="Заказ 900000001").click()
    await expect(page.get_by_role("dialog")).to_contain_text("История")
    await audit(page)
    await _shoot(page, "orders-panel-phone")


async def test_a_store_whose_orders_are_not_read_says_how(db: Database, sign_in: Any) -> None:
    user, _, _ = await _shop(db)
    page = await sign_in(user, "/orders")
    await expect(page.get_by_text("Заказы ещё не читаем")).to_be_visible()
    await expect(page.get_by_role("link", name="Открыть магазины")).to_be_visible()
