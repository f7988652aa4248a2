"""A store's economics in a browser: conditions told, a cost typed, floors by margin and back."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_product, add_store, add_user
from sqlmodel import col, select

from cube_demper.db.session import Database, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.orders import Order, OrderItem, OrderSource, OrderStatus
from cube_demper.models.stores import KaspiStore

pytestmark = pytest.mark.e2e
NBSP = "\u00a0"
_SHOTS = os.environ.get("CUBE_SHOTS")
_GOODS = (
    ("Утюг Тавро ST-22", 1_499_000, 1_180_000),
    ("Утюг Аскера Steam 3", 2_190_000, 1_100_000),
    ("Утюг Белмира Ceramic 5", 990_000, 940_000),
    ("Утюг Тавро ST-24", 1_290_000, None),
)


async def _shop(db: Database) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет")
        goods = [
            await add_product(
                tx,
                store,
                name=name,
                price=price,
                min_price=price * 9 // 1000 * 100,
                max_price=None,
                base_price=price + 50_000,
                bot_enabled_at=datetime.now(UTC) - timedelta(days=60),
                cost_price=cost,
                category="Master - Irons",
            )
            for name, price, cost in _GOODS
        ]
        for number in range(40):
            await _sell(tx, store, goods[number % 3], days=number * 2)
    return user, store


async def _sell(tx: WriteTx, store: KaspiStore, product: Product, *, days: int) -> None:
    at = datetime.now(UTC) - timedelta(days=days, hours=1)
    price = (product.price or 0) + days * 500
    order = Order(
        id=uuid4(),
        store_id=store.id,
        kaspi_order_code=uuid4().hex[:10],
        status=OrderStatus.COMPLETED,
        status_changed_at=at,
        kaspi_state="ARCHIVE",
        kaspi_status="COMPLETED",
        source=OrderSource.API,
        total_price=price,
        ordered_at=at,
        seen_at=at,
    )
    tx.add(order)
    await tx.flush()
    tx.add(
        OrderItem(
            order_id=order.id,
            product_id=product.id,
            entry_number=0,
            name=product.name,
            quantity=Decimal(1),
            total_price=price,
        )
    )


async def _shot(page: Page, name: str) -> None:
    if _SHOTS:
        await page.screenshot(path=Path(_SHOTS) / f"{name}.png", full_page=True)


async def _floor(db: Database, name: str) -> int | None:
    async with db.read() as tx:
        statement = select(col(Product.min_price)).where(col(Product.name) == name)
        found: int | None = await tx.scalar(statement)
        return found


async def _tell_terms(page: Page) -> None:
    await page.get_by_role("link", name="Заполнить").click()
    await page.get_by_label("Обычный вес с упаковкой").fill("1,2")
    await page.get_by_label("Обычная категория").fill("Утюжки")
    await expect(page.get_by_text("Такой категории в тарифах нет")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("нет в тарифах Kaspi")).to_be_visible()
    await page.get_by_label("Обычная категория").fill("утюг")
    await expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Утюги")
    await _shot(page, "picker")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Обычная категория")).to_have_value(re.compile("> Утюги$"))
    await page.get_by_label("Упаковка").fill("150")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Условия сохранены")).to_be_visible()


async def test_from_no_conditions_to_floors_by_margin_and_back(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db)
    page = await sign_in(user, "/economics")
    await expect(page.get_by_text("«Тау Маркет»: заполните условия")).to_be_visible()
    await _shot(page, "economics-empty-desktop")
    await _tell_terms(page)
    await page.get_by_role("button", name="Беру эти цифры").click()
    await expect(page.get_by_text("Цифры приняты")).to_be_visible()
    await audit(page)
    await _shot(page, "terms-desktop")

    await page.get_by_role("link", name="Экономика").first.click()
    loss = page.get_by_role("row").filter(has_text="Белмира")
    await expect(loss).to_contain_text("−")
    await expect(page.get_by_text(f"не хватает у 1{NBSP}товара")).to_be_visible()
    await audit(page)
    await _shot(page, "economics-desktop")

    missing = page.get_by_role("row").filter(has_text="ST-24")
    await missing.get_by_role("button", name="Себестоимость, Утюг Тавро ST-24").click()
    await page.keyboard.type("8000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("указана у всех")).to_be_visible()

    await page.get_by_role("button", name="Мин. цены по марже").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"Для 4{NBSP}товаров")
    await dialog.get_by_role("button", name="Посчитать").click()
    await expect(dialog).to_contain_text(f"Мин. цена изменится у 4{NBSP}товаров")
    await _shot(page, "floors-desktop")
    before = await _floor(db, "Утюг Белмира Ceramic 5")
    await dialog.get_by_role("button", name="Задать мин. цены").click()
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text(f"Вернули как было у 4{NBSP}товаров")).to_be_visible()
    assert await _floor(db, "Утюг Белмира Ceramic 5") == before

    await page.get_by_role("button", name="Расчёт и партии, Утюг Тавро ST-22").click()
    panel = page.get_by_role("dialog")
    await panel.get_by_label("Категория тарифов Kaspi").click()
    await expect(panel.get_by_role("listbox")).to_be_visible()
    await page.keyboard.press("Escape")  # the list's, not the panel's
    await expect(panel.get_by_role("listbox")).to_be_hidden()
    await panel.get_by_label("Дата закупки").fill("2026-11-20")
    await panel.get_by_label("Штук", exact=True).fill("10")
    await panel.get_by_label("Цена за штуку").fill("9500")
    await panel.get_by_role("button", name="Добавить партию").click()
    await expect(panel.get_by_text("10 шт по")).to_be_visible()
    fifo = panel.get_by_role("button", name="По партиям, FIFO")
    await fifo.click()
    await expect(fifo).to_have_attribute("aria-pressed", "true")
    await expect(panel.get_by_text("На складе по партиям 10 шт")).to_be_visible()
    await _shot(page, "panel-desktop")
    async with db.read() as tx:
        statement = select(col(Product.cost_price)).where(col(Product.name) == "Утюг Тавро ST-22")
        assert await tx.scalar(statement) == 950_000


async def test_a_min_price_being_typed_says_what_it_would_leave(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db)
    page = await sign_in(user, "/economics")
    await _tell_terms(page)
    await page.goto(page.url.replace("/economics/terms", "/products"))
    row = page.get_by_role("row").filter(has_text="Белмира")
    await row.get_by_role("button", name="Мин. цена, Утюг Белмира").click()
    await expect(row.get_by_text("прибыль −")).to_be_visible()
    await page.keyboard.type("20000")
    await expect(row.get_by_text("прибыль 5", exact=False)).to_be_visible()
    await _shot(page, "hint-desktop")
    await page.keyboard.press("Escape")

    await row.get_by_role("link", name="Утюг Белмира").click()
    bounds = page.get_by_role("region", name="Границы и шаг")
    await bounds.get_by_label("Мин. цена").fill("20000")
    await expect(bounds.get_by_text("прибыль 5", exact=False)).to_be_visible()
    await bounds.get_by_label("Мин. цена").fill("9900")
    await expect(bounds.get_by_text("прибыль −", exact=False)).to_be_visible()


async def test_categories_are_chosen_by_keyboard_and_by_levels(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db)
    page = await sign_in(user, "/economics")
    await _tell_terms(page)
    kind = page.get_by_label("Категория тарифов для «Master - Irons»")
    offered = page.get_by_role("listbox").get_by_role("option")
    phones = page.get_by_role("listbox").get_by_role("option", name=re.compile("^Телефоны"))
    await kind.click()
    await offered.filter(has_text="Бытовая техника").first.hover()
    await page.keyboard.press("ArrowRight")
    await expect(offered.first).to_contain_text("Климатическая техника")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowLeft")
    await expect(phones).to_contain_text("15,5")
    await phones.click()
    await offered.filter(has_text=re.compile("^Смартфоны")).click()
    await expect(page.get_by_text("Категория сохранена")).to_be_visible()
    await expect(kind).to_have_value("Телефоны и гаджеты > Смартфоны")
    await kind.fill("чепуха какая-то")
    await expect(page.get_by_text("Такой категории в тарифах нет")).to_be_visible()
    await audit(page)
    await kind.press("Enter")
    await expect(page.get_by_text("нет в тарифах Kaspi")).to_be_visible()
    await kind.fill("")
    await kind.press("Enter")
    await expect(page.get_by_text("нет в тарифах Kaspi")).to_be_hidden()


async def test_economics_fit_a_phone(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db)
    page = await sign_in(user, "/economics", phone=True)
    await expect(page.get_by_text("«Тау Маркет»: заполните условия")).to_be_visible()
    await _tell_terms(page)
    await audit(page)
    await _shot(page, "terms-phone")
    await page.goto(page.url.replace("/economics/terms", "/economics"))
    await expect(page.get_by_text("Белмира").first).to_be_visible()
    await audit(page)
    await _shot(page, "economics-phone")
    await page.get_by_role("button", name="Расчёт и партии, Утюг Тавро ST-22").click()
    await expect(page.get_by_role("dialog").get_by_text("Откуда цифры")).to_be_visible()
    await audit(page)
    await _shot(page, "panel-phone")
