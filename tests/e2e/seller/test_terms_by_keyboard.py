"""A product's terms and a file of terms without a mouse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from import_worker import import_worker
from keyboard import rings, tab_to, walk
from page_audit import audit
from playwright.async_api import Locator, Page, expect
from records import add_product, add_store, add_user
from sqlmodel import select

from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product

pytestmark = pytest.mark.e2e


async def _seller(db: Database, goods: int) -> tuple[User, Product]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет")
        made = [
            await add_product(
                tx,
                store,
                name=f"Чайник {number}",
                kaspi_sku=f"T-{number}",
                max_price=1_500_000,
                last_check_time=datetime.now(UTC),
                position=1,
                offers_count=3,
            )
            for number in range(goods)
        ]
    return user, made[0]


async def _floors(db: Database) -> set[int | None]:
    async with db.read() as tx:
        return {it.min_price for it in await tx.scalars(select(Product))}


async def _press(page: Page, name: str, key: str = "Enter") -> None:
    await tab_to(page, name)
    assert await rings(page), f"«{name}» does not show that it has the focus"
    await page.keyboard.press(key)


async def _tab_within(page: Page, region: Locator, name: str) -> None:
    """Go to the control of this name in this region: another one may be called so, too."""
    for _ in range(9):
        await tab_to(page, name)
        if await region.evaluate("it => it.contains(document.activeElement)"):
            return
    raise AssertionError(f"«{name}» of the region is out of reach")


async def test_a_products_bounds_and_rival_rules_are_set_by_keyboard_alone(
    db: Database, sign_in: Any
) -> None:
    user, product = await _seller(db, 1)
    page = await sign_in(user, f"/products/{product.id}")
    await expect(page.get_by_role("heading", name="Чайник 0")).to_be_visible()
    await page.get_by_role("main").focus()
    terms = page.get_by_role("region", name="Границы и шаг")
    await _tab_within(page, terms, "Мин. цена")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("99999999")
    await page.keyboard.press("Enter")
    await expect(terms).to_contain_text("больше макс. цены")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("8500")
    await _press(page, "Кого считать конкурентом")
    await tab_to(page, "Отзывов от")
    await page.keyboard.type("30")
    await _press(page, "Сохранить")
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await audit(page)
    async with db.read() as tx:
        saved = await tx.get_one(Product, product.id)
    assert (saved.min_price, saved.rival_filters) == (850_000, {"min_reviews": 30})


async def test_a_file_is_chosen_applied_and_taken_back_by_keyboard_alone(
    db: Database, sign_in: Any, redis_url: str
) -> None:
    user, _ = await _seller(db, 3)
    lines = [f"T-{number};8 000" for number in range(3)]
    content = "\r\n".join(["Артикул;Мин. цена", *lines]).encode("cp1251")
    page = await sign_in(user, "/products/import")
    async with import_worker(db, redis_url, user):
        await page.wait_for_load_state("networkidle")
        await page.get_by_role("main").focus()
        async with page.expect_file_chooser() as asked:
            await _press(page, "Выберите файл")
        chooser = await asked.value
        await chooser.set_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
        await expect(page.get_by_text("Изменится у 3\u00a0товаров")).to_be_visible()
        await audit(page)
        await _press(page, "Изменить 3\u00a0товара")
        await expect(page.get_by_text("Изменили 3\u00a0товара").first).to_be_visible()
        assert await _floors(db) == {800_000}
        await _press(page, "Вернуть 3\u00a0товара")
        await expect(page.get_by_text("Вернули как было: 3\u00a0товара").first).to_be_visible()
    assert await _floors(db) == {900_000}


async def test_every_control_of_the_desk_has_a_name_shows_the_focus_and_is_seen(
    db: Database, sign_in: Any
) -> None:
    user, product = await _seller(db, 2)
    page = await sign_in(user, "/")
    origin = page.url.rstrip("/")
    for path in (
        "/",
        f"/products/{product.id}",
        "/products/import",
        "/bot",
        "/bot/trial",
        "/bot/replay",
    ):
        await page.goto(origin + path)
        await page.wait_for_load_state("networkidle")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await walk(page) == [], path
