"""The seller agrees, scans the QR with the sandbox's phone, a buyer gets the first message; out again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from orders_made import seen, write
from playwright.async_api import Browser, Page, expect
from records import add_store
from sqlalchemy import select, update

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.clock import ALMATY, SystemClock
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Role
from cube_demper.models.accounts import User
from cube_demper.models.messaging import WhatsAppSession
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.host import KEY
from cube_demper.sandbox.waha.world import Session
from workers.messaging import build
from workers.outbox import Drain
from workers.runtime import Options, Process
from workers.topics import order_lane, whatsapp_lane

pytestmark = pytest.mark.e2e


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(seed=1, clock=SystemClock()) as running:
        yield running


@pytest.fixture
async def worker(
    sandbox: Sandbox, seller_app: str, db: Database, database_url: str, redis_url: str
) -> AsyncIterator[Services]:
    """The outbox worker's lanes of WhatsApp and of orders, and the messaging worker, beside the app."""
    services = build_services(
        Settings(
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            PUBLIC_URL=seller_app,
            waha={
                "WAHA_URL": sandbox.waha_url,
                "WAHA_PASSWORD": KEY,
                "WAHA_HMAC_KEY": "a webhook key",
            },
        ),
        name="e2e-whatsapp",
    )
    whatsapp = whatsapp_lane(services)
    assert whatsapp is not None
    lanes = (whatsapp, order_lane(services))
    process = Process("messaging", services, Options(until_idle=True), services.clock.now())
    messaging = await build(process)

    async def work() -> None:
        while True:
            for lane in lanes:
                await Drain(services, lane, asyncio.Event()).run()
            await messaging.run_bounded()
            await asyncio.sleep(0.2)

    running = asyncio.create_task(work())
    yield services
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await messaging.close()
    await services.close()


@pytest.fixture
async def seller(db: Database) -> User:
    now = SystemClock().now()
    async with db.write() as tx:
        await accounts.create_user(
            tx, SYSTEM, email="seller@example.kz", password="demo-12345", role=Role.USER, now=now
        )
        return (await tx.scalars(select(User))).one()


async def test_from_consent_to_the_first_message_and_out_again(
    worker: Services, sandbox: Sandbox, seller: User, sign_in: Any, browser: Browser
) -> None:
    page = await sign_in(seller, "/messages/connection")
    agree = page.get_by_role("button", name="Включить WhatsApp")
    await expect(agree).to_be_visible()
    await _shoot(page, "risks")
    await agree.click()
    await expect(page.get_by_text("Отметьте, что прочитали")).to_be_visible()
    await page.get_by_label("Прочитал, понимаю риск").check()
    await agree.click()

    await page.get_by_label("Название номера").fill("Магазин")
    await page.get_by_role("button", name="Подключить номер").click()
    await expect(page.get_by_alt_text("QR-код для WhatsApp")).to_be_visible()
    await _shoot(page, "qr")
    small = await sign_in(seller, "/messages/connection", phone=True)
    await expect(small.get_by_alt_text("QR-код для WhatsApp")).to_be_visible()
    width = "document.documentElement.scrollWidth <= innerWidth"
    assert await small.evaluate(width)
    await _shoot(small, "qr-phone")

    await page.get_by_label("Номер телефона").fill("12")
    await page.get_by_role("button", name="Получить код").click()
    await expect(page.get_by_text("Введите номер как +7 701")).to_be_visible()
    await page.get_by_label("Номер телефона").fill("8 701 000 00 01")
    await page.get_by_role("button", name="Получить код").click()
    (session,) = sandbox.waha.sessions.values()
    await expect(page.locator("code.k-secret")).to_be_visible()
    assert await page.locator("code.k-secret").inner_text() == session.code

    phone = await (await browser.new_context()).new_page()
    await phone.goto(f"{sandbox.console_url}/phone")
    await phone.get_by_role("button", name=f"Сканировать QR: {session.name}").first.click()
    await expect(page.get_by_text("Подключено", exact=True)).to_be_visible()
    await expect(page.get_by_text("+7 701 000 00 01")).to_be_visible()
    await _shoot(page, "working")
    await phone.context.close()
    await _write_the_first_message(page, worker, seller, session)

    await page.goto(page.url.replace("/templates", "/connection"))
    await page.get_by_role("button", name="Переименовать").click()
    await page.get_by_label("Название", exact=True).fill("Магазин на Абая")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Магазин на Абая")).to_be_visible()

    await page.get_by_role("button", name="Отключить", exact=True).click()
    await page.get_by_role("button", name="Отключить номер").click()
    await expect(page.get_by_text("Отключён", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Подключить снова")).to_be_visible()
    # The page shows the wish at once; the worker carries it out.
    await _stopped(session)


async def _write_the_first_message(
    page: Page, worker: Services, user: User, session: Session
) -> None:
    """Follow what the page says comes next; then an order arrives."""
    async with worker.db.write() as tx:
        store = await add_store(tx, user, name="Мой магазин")
    await page.get_by_role("link", name="К шаблонам").click()
    await page.get_by_role("switch", name="Писать покупателям магазина").click()
    await expect(page.get_by_text("Пишем покупателям")).to_be_visible()
    now = worker.clock.now()
    far = (now.astimezone(ALMATY) + timedelta(hours=12)).time()
    async with worker.db.write() as tx:  # this test runs at night too
        quiet = {"quiet_start": far, "quiet_end": far.replace(minute=(far.minute + 1) % 60)}
        await tx.execute(update(WhatsAppSession).values(**quiet))
    order = seen("790000001", "NEW", "APPROVED_BY_BANK", now)
    await write(worker.db, store, [order], now, secrets=worker.secrets)
    for _ in range(200):
        if session.messages:
            break
        await asyncio.sleep(0.1)
    (message,) = session.messages
    assert message.chat == "77010000001"
    assert "Спасибо за заказ № 790000001 в магазине «Мой магазин»" in message.text


async def _shoot(page: Page, name: str) -> None:
    """Keep a picture for people who look at pages, where SHOTS says so."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def _stopped(session: Session) -> None:
    """Wait until a session of the sandbox is unlinked and stopped."""
    for _ in range(200):
        if not session.phone and session.status == "STOPPED":
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"still linked: {session.phone} {session.status}")
