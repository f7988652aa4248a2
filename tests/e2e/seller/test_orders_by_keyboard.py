"""A day with orders without a mouse: tabs, one order, a selection's waybills, the report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from keyboard import rings, tab_to, walk
from orders_made import one_of_each_tab, write
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_store, add_user

from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.models.accounts import User

pytestmark = pytest.mark.e2e

_ASKED = "document.activeElement.closest('[role=dialog]')?.textContent.includes('Бумага')"


async def _seller(db: Database) -> User:
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет", orders_polling_enabled=True)
    orders = one_of_each_tab(now - timedelta(days=1))
    await write(db, store, orders, now, secrets=SecretBox(Settings().keys))
    return user


async def test_orders_waybills_and_the_report_by_keyboard_alone(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db), "/orders")
    await expect(page.get_by_role("row").filter(has_text="900000001")).to_be_visible()
    assert await walk(page, most=20) == []
    await _one_order(page)
    await _waybills(page)
    await _report(page)


async def _one_order(page: Page) -> None:
    await page.get_by_role("main").focus()
    await tab_to(page, "Передача")
    assert await rings(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("row").filter(has_text="900000001")).to_have_count(0)
    await tab_to(page, "Заказ 900000005")
    await page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Заказ 900000005")
    await expect(panel).to_be_visible()
    for _ in range(12):  # nothing leads out of an open panel
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    await tab_to(page, "Накладная")
    await page.keyboard.press("Enter")
    asked = page.get_by_role("dialog").filter(has_text="Бумага")
    await expect(asked).to_be_visible()
    await page.wait_for_function(_ASKED)  # before that a key is heard by the panel underneath
    await page.keyboard.press("Escape")
    await expect(asked).to_have_count(0)
    await expect(panel.get_by_role("button", name="Накладная")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(page.get_by_role("button", name="Заказ 900000005")).to_be_focused()


async def _waybills(page: Page) -> None:
    await tab_to(page, "Выбрать все строки на странице", key="Shift+Tab")
    await page.keyboard.press("Space")
    actions = page.get_by_role("region", name="Действия с выбранным")
    await expect(actions).to_be_visible()
    await tab_to(page, "Накладные", key="Shift+Tab")
    await page.keyboard.press("Enter")
    asked = page.get_by_role("dialog")
    await expect(asked).to_contain_text("Бумага")
    await tab_to(page, "Бумага")
    for _ in range(3):
        await page.keyboard.press("ArrowDown")
    await expect(asked.get_by_label("Бумага")).to_have_value("thermal")
    await audit(page)
    await tab_to(page, "Подготовить файл")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Готовим накладные")).to_be_visible()


async def _report(page: Page) -> None:
    await page.get_by_role("main").focus()
    await tab_to(page, "Аналитика")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Выручка по дням")).to_be_visible()
    assert await walk(page, most=20) == []
    await page.get_by_role("main").focus()
    await tab_to(page, "Год")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Выручка по неделям")).to_be_visible()
    await tab_to(page, "Отмены")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("row").filter(has_text="900000010")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="900000009")).to_have_count(0)
