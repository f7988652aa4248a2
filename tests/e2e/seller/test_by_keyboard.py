"""The price desk without a mouse: into the page, through a bulk change and its numbers, and back out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from keyboard import rings, tab_to
from page_audit import audit
from playwright.async_api import expect
from records import add_product, add_store, add_user
from sqlmodel import select

from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product

pytestmark = pytest.mark.e2e


async def _seller(db: Database, goods: int) -> User:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет")
        for number in range(goods):
            await add_product(
                tx, store, name=f"Чайник {number + 1:02}", min_price=None, bot_active=False
            )
        return user


async def _goods(db: Database) -> dict[UUID, Product]:
    async with db.read() as tx:
        return {row.id: row for row in await tx.scalars(select(Product))}


async def test_the_first_tab_leads_past_the_menu(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db, 1), "/products")
    await expect(page.get_by_role("row").filter(has_text="Чайник 01")).to_be_visible()
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="К содержанию")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('main') !== null")


async def test_min_prices_of_a_selection_change_by_keyboard_alone(
    db: Database, sign_in: Any
) -> None:
    page = await sign_in(await _seller(db, 3), "/products")
    await expect(page.get_by_role("row").filter(has_text="Чайник 01")).to_be_visible()
    await page.get_by_role("main").focus()
    await tab_to(page, "Выбрать все строки на странице")
    assert await rings(page)
    await page.keyboard.press("Space")
    actions = page.get_by_role("region", name="Действия с выбранным")
    await expect(actions).to_be_visible()
    opener = actions.get_by_role("button", name="Мин. цена")
    await opener.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()
    await page.keyboard.press("Space")
    await expect(dialog).to_be_visible()
    for _ in range(12):  # nothing leads out of an open dialog
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    await tab_to(page, "На сколько процентов")
    await page.keyboard.type("15")
    await tab_to(page, "От чего")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await tab_to(page, "Только там, где мин. цены ещё нет")
    await page.keyboard.press("Space")
    await tab_to(page, "Посчитать")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("Изменится у 3\u00a0товаров")
    await audit(page)
    await tab_to(page, "Изменить значение")
    await page.keyboard.press("Enter")
    # What was typed is still there.
    await expect(dialog.get_by_label("На сколько процентов")).to_have_value("15")
    await expect(dialog.get_by_label("От чего")).to_have_value("below:price")
    await expect(dialog.get_by_label("Только там, где")).not_to_be_checked()
    await tab_to(page, "На сколько процентов")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("Изменится у 3\u00a0товаров")
    await tab_to(page, "Применить")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Изменили у 3\u00a0товаров")).to_be_visible()
    assert {it.min_price for it in (await _goods(db)).values()} == {850_000}
    await expect(page.get_by_role("main")).to_be_focused()  # the bar that it began from is gone


async def test_menus_go_by_arrows_and_give_the_focus_back(db: Database, sign_in: Any) -> None:
    page = await sign_in(await _seller(db, 1), "/products")
    await expect(page.get_by_role("row").filter(has_text="Чайник 01")).to_be_visible()
    opener = page.get_by_role("button", name="Скачать")
    await opener.focus()
    await page.keyboard.press("Enter")
    first = page.get_by_role("menuitem", name="Excel (XLSX)")
    await expect(first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="CSV")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    bell = page.get_by_role("button", name="Уведомления:")
    await bell.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Уведомления")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(bell).to_be_focused()
