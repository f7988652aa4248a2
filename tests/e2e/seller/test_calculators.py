"""Calculators in a browser: a penalty, scenarios of one sale, a shared link, a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from page_audit import audit
from playwright.async_api import Browser, Page, expect
from records import add_product, add_store, add_user

from cube_demper.db.session import Database
from cube_demper.models.accounts import User

pytestmark = pytest.mark.e2e

CATEGORY = "Телефоны и гаджеты > Смартфоны"


async def _seller(db: Database) -> User:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет")
        await add_product(
            tx,
            store,
            name="Смартфон Нова 5",
            kaspi_sku="N-5",
            price=2_000_000,
            cost_price=1_200_000,
        )
    return user


async def _fill_unit(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.locator(f"#{name}").fill(value)


async def test_a_penalty_with_partial_payments(db: Database, sign_in: Any) -> None:
    page: Page = await sign_in(await _seller(db), "/calculators")
    await expect(page.get_by_role("heading", name="Калькуляторы")).to_be_visible()
    await audit(page)
    await page.get_by_role("link", name="Неустойка по ст. 353").click()
    await page.get_by_role("button", name="Рассчитать").click()
    await expect(page.get_by_text("Заполните поле").first).to_be_visible()
    await page.get_by_label("Долг").fill("1000000")
    await page.get_by_label("Последний день срока").fill("2026-01-15")
    await page.get_by_label("Считать по день").fill("2027-06-30")
    await page.get_by_role("button", name="Добавить оплату").click()
    await page.get_by_label("День", exact=True).fill("2026-02-10")
    await page.get_by_label("Сумма", exact=True).fill("400000")
    await page.get_by_role("button", name="Рассчитать").click()
    await expect(page.get_by_text("таблица заканчивается")).to_be_visible()
    await page.get_by_role("button", name="Взять последнюю известную").click()
    await expect(page.get_by_text("Предположение: в таблице").first).to_be_visible()
    await expect(page.get_by_label("После конца таблицы")).to_be_checked()
    await audit(page)
    await page.get_by_label("После конца таблицы").uncheck()
    await page.get_by_role("button", name="Рассчитать").click()
    await page.get_by_role("button", name="Посчитать на 06.12.2026").click()
    await expect(page.get_by_label("Считать по день")).to_have_value("2026-12-06")
    await expect(page.get_by_label("Сумма", exact=True)).to_have_value("400\u00a0000")
    await expect(page.get_by_text("16.01.2026–10.02.2026").first).to_be_visible()
    await page.get_by_label("Считать по день").fill("2026-03-31")
    await page.get_by_role("button", name="Рассчитать").click()
    # 1 000 000 × 26 days + 600 000 × 49 days, 18 % a year of 365 days.
    await expect(page.get_by_text("27\u00a0320,55\u00a0₸").first).to_be_visible()
    await expect(page.get_by_text("ГК РК, ст. 353").first).to_be_visible()
    await audit(page)
    await page.get_by_role("button", name="В избранное").click()
    await page.get_by_label("Название", exact=True).fill("Долг Ромашки")
    await page.get_by_role("button", name="Сохранить", exact=True).click()
    await expect(page.get_by_text("Расчёт в избранном")).to_be_visible()
    await page.goto(page.url.split("/calculators")[0] + "/calculators")
    await page.get_by_role("link", name="Долг Ромашки").click()
    await expect(page.get_by_text("27\u00a0320,55\u00a0₸").first).to_be_visible()
    await expect(page.get_by_label("Сумма", exact=True)).to_have_value("400\u00a0000")


async def test_scenarios_from_a_product_and_a_shared_link(
    db: Database, sign_in: Any, browser: Browser
) -> None:
    page: Page = await sign_in(await _seller(db), "/calculators/unit")
    await page.get_by_label("Название, артикул или ссылка").fill("нова")
    await page.get_by_role("button", name="Найти").click()
    await page.get_by_role("button", name=re.compile("Смартфон Нова 5")).click()
    await expect(page.locator("#A_price")).to_have_value("20\u00a0000")
    await expect(page.locator("#A_cost")).to_have_value("12\u00a0000")
    await _fill_unit(page, A_category="Смартфны", A_weight_kg="0,5", A_wanted_margin_percent="10")
    await page.get_by_role("button", name="Рассчитать").click()
    await expect(page.get_by_text("нет в тарифах Kaspi").first).to_be_visible()
    await (
        page.get_by_role("group", name="Похожие категории")
        .get_by_role("button", name="Смартфоны", exact=True)
        .click()
    )
    await expect(page.locator("#A_category")).to_have_value("Смартфоны")
    await expect(page.locator("#A_weight_kg")).to_have_value("0,5")
    await page.get_by_role("button", name="Скопировать сценарий A рядом").click()
    await _fill_unit(page, B_price="19000", B_cost="")
    await page.get_by_role("button", name="Рассчитать").click()
    await expect(page.get_by_role("row", name=re.compile("^Прибыль"))).to_contain_text(
        "нет закупки"
    )
    await expect(page.get_by_text("Новых ставок на этот день")).to_be_visible()
    await audit(page)
    await page.get_by_role("button", name="Сценарий B", exact=True).click()
    await expect(page.get_by_text("Нужна закупка")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Excel").click()
    assert (await download.value).suggested_filename.endswith(".xlsx")
    await page.get_by_role("button", name="Поделиться").click()
    link = await page.locator(".k-dialog code").inner_text()
    stranger = await browser.new_page()
    await stranger.goto(link)
    await expect(stranger.get_by_role("heading", name="Смартфон Нова 5")).to_be_visible()
    await page.get_by_role("button", name="Отозвать ссылку").click()
    await expect(page.get_by_text("Ссылка отозвана")).to_be_visible()
    answer = await stranger.reload()
    assert answer
    assert answer.status == 404
    await stranger.close()


async def test_a_phone_counts_a_sale_and_nothing_scrolls_sideways(
    db: Database, sign_in: Any
) -> None:
    page: Page = await sign_in(await _seller(db), "/calculators/unit", phone=True)
    await _fill_unit(page, A_price="20000", A_cost="12000", A_category=CATEGORY, A_weight_kg="0,5")
    await page.get_by_role("button", name="Рассчитать").click()
    await expect(page.get_by_role("row", name=re.compile("^Прибыль"))).to_be_visible()
    await audit(page)
