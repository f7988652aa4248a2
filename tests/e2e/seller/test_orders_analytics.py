"""The report of orders in a browser: from the list, another period, nothing scrolls sideways."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from orders_made import seen, write
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_store, add_user

from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database

pytestmark = pytest.mark.e2e
CITIES = ("Алматы", "Астана", "Шымкент", "Караганда")


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.wait_for_timeout(900)
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_seller_reads_what_orders_brought(db: Database, sign_in: Any) -> None:
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, orders_polling_enabled=True)
    orders = [
        seen(
            f"9000{number:05}",
            "ARCHIVE",
            "CANCELLED" if number % 9 == 0 else "COMPLETED",
            now - timedelta(hours=7 * number),
            city_name=CITIES[number * number % 4],
        )
        for number in range(1, 200)
    ]
    await write(db, store, orders, now, secrets=SecretBox(Settings().keys))
    page = await sign_in(user, "/orders")
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Скачать в Excel").click()
    saved = await saving.value
    assert saved.suggested_filename.startswith("Заказы ")
    await page.get_by_role("link", name="Аналитика").click()
    await expect(page.get_by_role("heading", name="Выручка по дням")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("Астана")
    await audit(page)
    await _shoot(page, "analytics-desktop")
    await page.get_by_role("button", name="Год").click()
    await expect(page.get_by_role("heading", name="Выручка по неделям")).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    await audit(page)
    await _shoot(page, "analytics-phone")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == 390
    await page.goto(page.url.split("?")[0] + "?days=abc&store=nonsense")
    await expect(page.get_by_role("heading", name="Выручка по дням")).to_be_visible()
