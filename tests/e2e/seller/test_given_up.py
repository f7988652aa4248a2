"""Long work over 5,000 goods is given up by a click in its middle, and leaves nothing half done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, expect
from records import NOON, add_store, add_user
from sqlmodel import col, func, select

from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PricingMemory

pytestmark = pytest.mark.e2e
COUNT = 5_000
_HELD = "Ящик 4500"
"""In the fifth thousand by name."""


async def _seller(db: Database) -> User:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        tx.add_all(
            Product(
                store_id=store.id,
                kaspi_product_id=str(number),
                kaspi_sku=f"SKU-{number}",
                external_kaspi_id=str(number),
                name=f"Ящик {number:04}",
                price=1_000_000,
                min_price=900_000,
                bot_active=True,
                bot_enabled_at=NOON,
                next_check_at=NOON,
            )
            for number in range(COUNT)
        )
        await tx.flush()
        held = (await tx.scalars(select(Product).where(col(Product.name) == _HELD))).one()
        remembered = {"to_max_since": NOON.isoformat()}
        tx.add(PricingMemory(product_id=held.id, city_id="750000000", memory=remembered))
        return user


@asynccontextmanager
async def _stopped_in_the_middle(db: Database) -> AsyncIterator[None]:
    """Hold a row that the work comes to after four thousand goods."""
    async with db.write() as tx:
        await tx.scalars(select(PricingMemory).with_for_update())
        yield


async def _count(db: Database, *conditions: Any) -> int:
    async with db.read() as tx:
        return await tx.scalar(select(func.count()).select_from(Product).where(*conditions)) or 0


async def _select_all(page: Page) -> None:
    await expect(page.get_by_role("row").filter(has_text="Ящик 0001")).to_be_visible()
    await page.get_by_label("Выбрать все строки на странице").check()
    await page.get_by_role("button", name="Выбрать все 5").click()


async def _given_up(page: Page, db: Database, start: str) -> None:
    dialog = page.get_by_role("dialog")
    async with _stopped_in_the_middle(db):
        await dialog.get_by_role("button", name=start, exact=True).click()
        await expect(dialog).to_contain_text("4\u00a0000 из 5\u00a0000")
        await expect(dialog.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "80")
        await dialog.get_by_role("button", name="Отменить").click()
    told = page.get_by_text("Отменили на 5\u00a0000 из 5\u00a0000: вернули всё как было")
    await expect(told.last).to_be_visible()
    await expect(dialog).to_have_count(0)


async def test_a_bulk_change_and_a_switch_are_given_up_by_a_click(
    db: Database, sign_in: Any
) -> None:
    page = await sign_in(await _seller(db), "/products")
    await _select_all(page)
    actions = page.get_by_role("region", name="Действия с выбранным")
    await actions.get_by_role("button", name="Приоритет").click()
    await page.get_by_role("dialog").get_by_role("button", name="Посчитать").click()
    await _given_up(page, db, "Применить")
    assert await _count(db, col(Product.is_priority)) == 0
    await actions.get_by_role("button", name="Выключить").click()
    await _given_up(page, db, "Выключить")
    assert await _count(db, col(Product.bot_active)) == COUNT
    # The selection is still there; what is not given up is done, with an hour to take it back.
    await actions.get_by_role("button", name="Выключить").click()
    await page.get_by_role("dialog").get_by_role("button", name="Выключить", exact=True).click()
    await expect(page.get_by_text("Бот выключен у 5\u00a0000\u00a0товаров")).to_be_visible()
    assert await _count(db, col(Product.bot_active)) == 0
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text("Вернули как было: 5\u00a0000\u00a0товаров")).to_be_visible()
    assert await _count(db, col(Product.bot_active)) == COUNT
