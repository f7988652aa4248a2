"""Bounds for a whole filter, and a file of terms from upload to undo, in a browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from import_worker import import_worker
from page_audit import opened
from playwright.async_api import expect
from records import add_product, add_store, add_user
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper import bootstrap
from cube_demper.db.session import Database
from cube_demper.integrations.spreadsheets.reader import lines_of
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore

pytestmark = pytest.mark.e2e


async def _shop(db: Database, count: int, **columns: Any) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет")
        for number in range(count):
            name, sku = f"Чайник {number:02}", f"T-{number}"
            await add_product(tx, store, name=name, kaspi_sku=sku, **columns)
    return user, store


async def _floors(db: Database, store: KaspiStore) -> set[int | None]:
    async with db.read() as tx:
        statement = select(col(Product.min_price)).where(col(Product.store_id) == store.id)
        return set(await tx.scalars(statement))


async def test_max_prices_of_a_whole_filter_with_numbers_and_back(
    db: Database, sign_in: Any
) -> None:
    user, store = await _shop(db, 55, cost_price=700_000)
    async with db.write() as tx:
        await add_product(tx, store, name="Без себестоимости")
    page = await sign_in(user, "/products?tab=bot_on")
    await expect(page.get_by_role("row").filter(has_text="Чайник 01")).to_be_visible()
    await page.get_by_label("Выбрать все строки на странице").check()
    await page.get_by_role("button", name="Выбрать все 56 по фильтру").click()
    bar = page.get_by_role("region", name="Действия с выбранным")
    await bar.get_by_role("button", name="Макс. цена").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("На сколько процентов").fill("50")
    await dialog.get_by_label("От чего").select_option("above:cost")
    await dialog.get_by_role("button", name="Посчитать").click()
    await expect(dialog).to_contain_text("Изменится у 55\u00a0товаров")
    await expect(dialog).to_contain_text("себестоимость не указана (Без себестоимости)")
    await dialog.get_by_role("button", name="Применить").click()
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text("Вернули как было: 55\u00a0товаров")).to_be_visible()


async def test_a_bulk_change_is_made_whole_when_its_tab_is_closed_at_once(
    db: Database, sign_in: Any
) -> None:
    user, store = await _shop(db, 600)
    page = await sign_in(user, "/products?tab=bot_on")
    await expect(page.get_by_role("row").filter(has_text="Чайник 01")).to_be_visible()
    await page.get_by_label("Выбрать все строки на странице").check()
    await page.get_by_role("button", name="Выбрать все 600 по фильтру").click()
    bar = page.get_by_role("region", name="Действия с выбранным")
    await bar.get_by_role("button", name="Макс. цена").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("На сколько процентов").fill("20")
    await dialog.get_by_label("От чего").select_option("above:price")
    await dialog.get_by_role("button", name="Посчитать").click()
    await expect(dialog).to_contain_text("Изменится у 600\u00a0товаров")
    await dialog.get_by_role("button", name="Применить").click()
    await page.close()

    async def caps() -> set[int | None]:
        async with db.read() as tx:
            statement = select(col(Product.max_price)).where(col(Product.store_id) == store.id)
            return set(await tx.scalars(statement))

    for _ in range(400):
        if await caps() != {None}:
            break
        await asyncio.sleep(0.05)
    assert await caps() == {1_200_000}


async def test_a_file_is_shown_applied_and_taken_back(
    db: Database, sign_in: Any, redis_url: str
) -> None:
    user, store = await _shop(db, 60)
    lines = [f"T-{number};8 000" for number in range(60)] + ["НЕТ-ТАКОГО;5"]
    content = "\r\n".join(["Артикул;Мин. цена", *lines]).encode("cp1251")
    page = await sign_in(user, "/products/import")
    async with import_worker(db, redis_url, user):
        file = {"name": "цены.csv", "mimeType": "text/csv", "buffer": content}
        await page.wait_for_load_state("networkidle")
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_text("Изменится у 60\u00a0товаров")).to_be_visible()
        await expect(
            page.get_by_text("9\u00a0000\u00a0₸ → 8\u00a0000\u00a0₸").first
        ).to_be_visible()
        assert await _floors(db, store) == {900_000}
        await page.get_by_role("button", name="Остаются как есть").click()
        await expect(page.get_by_text("Нет такого артикула")).to_be_visible()
        await page.get_by_role("button", name="Изменить 60\u00a0товаров").click()
        await expect(page.get_by_text("Изменили 60\u00a0товаров").first).to_be_visible()
        assert await _floors(db, store) == {800_000}
        await page.reload()
        await opened(page)
        await page.get_by_role("button", name="Вернуть 60\u00a0товаров как было").click()
        await expect(page.get_by_text("Вернули как было: 60\u00a0товаров").first).to_be_visible()
    assert await _floors(db, store) == {900_000}


async def test_a_file_of_batches_makes_the_costs_as_the_seller_says_and_is_taken_back(
    db: Database, sign_in: Any, redis_url: str
) -> None:
    user, store = await _shop(db, 2, cost_price=100_000)
    lines = ["T-0;20.11.2026;10;6 000", "T-0;21.11.2026;10;7 000", "T-1;20.11.2026;5;8000,50"]
    content = "\r\n".join(["Артикул;Дата;Количество;Цена закупки", *lines]).encode()

    async def costs() -> set[int | None]:
        async with db.read() as tx:
            statement = select(col(Product.cost_price)).where(col(Product.store_id) == store.id)
            return set(await tx.scalars(statement))

    page = await sign_in(user, "/products/import")
    async with import_worker(db, redis_url, user):
        await page.get_by_role("button", name="Партии закупки").click()
        await expect(page.get_by_text("Нужны столбцы «Артикул», «Дата»")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        file = {"name": "партии.csv", "mimeType": "text/csv", "buffer": content}
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_text("Файл добавит 3\u00a0партии")).to_be_visible()
        await expect(page.get_by_text("10\u00a0шт. по 6\u00a0000\u00a0₸").first).to_be_visible()
        average = page.get_by_role("button", name="По средней")
        await average.click()
        await expect(average).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Добавить 3\u00a0партии").click()
        await expect(page.get_by_text("Добавили 3\u00a0партии").first).to_be_visible()
        assert await costs() == {650_000, 800_050}
        await page.get_by_role("button", name="Убрать 3\u00a0партии").click()
        await expect(page.get_by_text("Убрали 3\u00a0партии").first).to_be_visible()
    assert await costs() == {100_000}


async def test_the_goods_of_a_filter_are_saved_as_a_file(
    db: Database, redis: Redis, sign_in: Any
) -> None:
    user, _ = await _shop(db, 3)
    page = await sign_in(user, "/products?q=T-1")
    await page.get_by_role("button", name="Скачать").click()
    async with page.expect_download() as started:
        await page.get_by_role("menuitem", name="Excel").click()
    saved = await (await started.value).path()
    lines = list(lines_of(saved.read_bytes()))
    assert [cells[0] for _, cells in lines] == ["Артикул", "T-1"]
    async with db.write() as tx:  # the page is as live as before
        product = (await tx.scalars(select(Product).where(col(Product.kaspi_sku) == "T-1"))).one()
        product.min_price = 777_700
    await redis.publish(bootstrap.EVENTS_CHANNEL, f'["user:{user.id}","product","{product.id}"]')
    await expect(page.get_by_text("7\u00a0777\u00a0₸")).to_be_visible()


async def test_the_template_is_a_file_and_not_a_page(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db, 2)
    page = await sign_in(user, "/products/import")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Скачать шаблон").click()
    saved = await (await started.value).path()
    assert [cells[0] for _, cells in lines_of(saved.read_bytes())] == ["Артикул", "T-0", "T-1"]
