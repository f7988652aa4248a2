"""The price desk of one product in a browser: a city's bounds, stock by point, who is a rival."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import add_product, add_rival, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.supply import service as supply
from cube_demper.domain.supply.schemas import PointEdit
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import MarketSnapshot, PriceStatus
from cube_demper.models.stores import DempingSettings
from cube_demper.models.supply import SupplyChange

pytestmark = pytest.mark.e2e
ALMATY, ASTANA = "750000000", "710000000"
PP1, PP2 = "1_PP1", "1_PP2"
NBSP = "\u00a0"
_SHOTS = os.environ.get("CUBE_SHOTS")


async def _product(db: Database) -> tuple[User, Product]:
    now = datetime.now(UTC)
    places = ((PP1, "PP1", ALMATY, "Алматы"), (PP2, "PP2", ASTANA, "Астана"))
    points = [
        {"id": id_, "name": name, "cityId": city, "cityName": word, "enabled": True}
        for id_, name, city, word in places
    ]
    stock = [
        {
            "storeId": point,
            "available": "yes",
            "stockCount": 7,
            "stockSpecified": True,
            "preOrder": None,
        }
        for point in (PP1, PP2)
    ]
    offers: list[dict[str, Any]] = [
        {
            "merchant_id": f"R{number}",
            "name": f"Лавка {number}",
            "price": 1_000_000 + number,
        }
        | {"reviews": number * 10, "rating": 4.5}
        for number in range(1, 6)
    ]
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет", points=points)
        product = await add_product(
            tx,
            store,
            name="Чайник Bosch",
            availabilities=stock,
            max_price=1_500_000,
            supply_read_at=now,
            last_check_time=now,
            position=1,
            offers_count=6,
        )
        tx.add(ProductCityPrice(product_id=product.id, city_id=ASTANA, price=1_010_000))
        tx.add(
            MarketSnapshot(
                card=product.external_kaspi_id or "",
                city_id=ALMATY,
                seen_at=now,
                total=len(offers),
                offers=offers,
            )
        )
    return user, product


async def _shots(page: Page, name: str) -> None:
    """Keep pictures at both widths when somebody wants to look."""
    if not _SHOTS:
        return
    size = page.viewport_size
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 1000})
        await page.wait_for_timeout(500)
        path = Path(_SHOTS) / f"{name}-{width}.png"
        await page.screenshot(path=path, full_page=True)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    if size:
        await page.set_viewport_size(size)


async def _type(page: Page, label: str, text: str) -> None:
    await page.get_by_role("button", name=label).click()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def test_a_city_gets_its_own_bounds_and_those_of_home_and_back(
    db: Database, sign_in: Any
) -> None:
    user, product = await _product(db)
    page = await sign_in(user, f"/products/{product.id}")

    async def kept() -> tuple[int | None, int | None]:
        async with db.read() as tx:
            row = (await tx.scalars(select(ProductCityPrice))).one()
            return row.min_price, row.max_price

    await _type(page, "Мин. цена, Астана", "9500")
    cell = page.get_by_role("button", name="Мин. цена, Астана")
    await expect(cell).to_contain_text(f"9{NBSP}500")
    assert await kept() == (950_000, None)
    await _type(page, "Макс. цена, Астана", "9000")
    await expect(page.get_by_role("alert").filter(has_text="больше макс. цены")).to_be_visible()
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Границы как в домашнем").click()
    await expect(cell).to_contain_text(f"9{NBSP}000")
    assert await kept() == (900_000, 1_500_000)
    await page.get_by_role("button", name="Отменить").first.click()
    await expect(cell).to_contain_text(f"9{NBSP}500")
    assert await kept() == (950_000, None)

    await page.get_by_role("switch", name="Только домашний город").click()
    await expect(page.get_by_text("Бот ведёт только домашний город")).to_be_visible()
    async with db.read() as tx:
        assert (await tx.scalars(select(col(Product.home_city_only)))).all() == [True]


async def test_stock_is_edited_refused_in_words_and_taken_back(db: Database, sign_in: Any) -> None:
    user, product = await _product(db)
    page = await sign_in(user, f"/products/{product.id}")

    async def changes() -> list[SupplyChange]:
        async with db.read() as tx:
            return list((await tx.scalars(select(SupplyChange))).all())

    await _type(page, "Остаток, PP1", "0")
    await expect(page.get_by_role("alert").filter(has_text="выключите точку")).to_be_visible()
    await page.keyboard.press("Escape")
    assert await changes() == []
    await _type(page, "Остаток, PP1", "3")
    await expect(page.get_by_role("button", name="Остаток, PP1")).to_contain_text("3")
    await expect(page.get_by_text("Ждёт отправки")).to_be_visible()
    await _type(page, "Предзаказ, дней", "5")
    await expect(page.get_by_role("button", name="Предзаказ, дней")).to_contain_text("5")
    await page.get_by_role("switch", name="Продавать, PP2").click()
    await expect(page.get_by_role("switch", name="Продавать, PP2")).not_to_be_checked()
    await _shots(page, "product")
    (change,) = await changes()
    assert change.edits == {
        PP1: {"stockCount": 3, "preOrder": 5},
        PP2: {"preOrder": 5, "available": "no"},
    }
    await page.get_by_role("switch", name="Продавать, PP1").click()
    await expect(page.get_by_text("Хотя бы одна точка должна продавать товар")).to_be_visible()
    await page.get_by_role("button", name="Отменить").last.click()
    await expect(page.get_by_role("button", name="Остаток, PP1")).to_contain_text("7")
    assert [row.status for row in await changes()] == [PriceStatus.SUPERSEDED]
    # A toast on its way in is paler than it will be.
    await audit(page)


async def test_a_pre_order_that_another_tab_has_changed_is_not_written_over(
    db: Database, sign_in: Any
) -> None:
    user, product = await _product(db)
    page = await sign_in(user, f"/products/{product.id}")
    days = page.get_by_role("button", name="Предзаказ, дней")
    await expect(days).to_contain_text("Нет")
    async with db.write() as tx:  # no page hears of it
        edit: PointEdit = {"preOrder": 5}
        await supply.change_supply(
            tx, seller(user), product.id, {PP1: edit}, seen={}, now=datetime.now(UTC)
        )
    await _type(page, "Предзаказ, дней", "9")
    await expect(page.get_by_role("alert").filter(has_text="только что изменилось")).to_be_visible()
    async with db.read() as tx:
        (change,) = (await tx.scalars(select(SupplyChange))).all()
    assert change.edits == {PP1: {"preOrder": 5}}
    await page.keyboard.press("Escape")
    await expect(days).to_contain_text("5")


async def test_a_form_that_is_out_of_date_writes_over_nothing(db: Database, sign_in: Any) -> None:
    user, product = await _product(db)
    page = await sign_in(user, f"/products/{product.id}")
    terms = page.get_by_role("region", name="Границы и шаг")
    await terms.get_by_label("Шаг").fill("7")
    async with db.write() as tx:  # another tab; no page hears of it
        change = TermsChange(min_price=950_000)
        await catalog.change_terms(tx, seller(user), product.id, change, datetime.now(UTC))
    await terms.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("только что изменили в другом месте")).to_be_visible()
    await expect(terms.get_by_label("Мин. цена")).to_have_value(f"9{NBSP}500")
    async with db.read() as tx:
        kept = await tx.get_one(Product, product.id)
    assert (kept.min_price, kept.price_step_override) == (950_000, None)
    await terms.get_by_label("Шаг").fill("7")
    await terms.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    async with db.read() as tx:
        kept = await tx.get_one(Product, product.id)
    assert (kept.min_price, kept.price_step_override) == (950_000, 700)


async def test_rules_are_previewed_inherited_and_a_seller_is_left_out_with_undo(
    db: Database, sign_in: Any
) -> None:
    user, product = await _product(db)
    async with db.write() as tx:
        settings = (await tx.scalars(select(DempingSettings))).one()
        settings.delivery_filter = "till_3_days"
    page = await sign_in(user, f"/products/{product.id}")
    await page.get_by_text("Кого считать конкурентом").click()
    terms = page.get_by_role("region", name="Границы и шаг")
    await expect(terms.get_by_label("Срок доставки")).to_contain_text("Как в магазине: до 3 дней")
    await page.get_by_label("Отзывов от").fill("30")
    await page.get_by_role("button", name="Сколько останется").click()
    await expect(page.get_by_text(f"Из 5{NBSP}конкурентов останутся 3.")).to_be_visible()
    await _shots(page, "rules")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()

    await page.get_by_role("button", name="Учитывать ли «Лавка 4»").click()
    await page.get_by_role("menuitem", name="Не учитывать на этом товаре").click()
    await expect(page.get_by_text("«Лавка 4» больше не учитывается")).to_be_visible()

    async def filters() -> dict[str, Any]:
        async with db.read() as tx:
            return (await tx.scalars(select(Product))).one().rival_filters

    assert await filters() == {"min_reviews": 30, "excluded_merchants": ["R4"]}
    await page.get_by_role("button", name="Отменить").last.click()
    await expect(page.get_by_text("«Лавка 4» снова учитывается")).to_be_visible()
    assert await filters() == {"min_reviews": 30}


async def test_a_store_says_what_its_rules_would_leave_and_keeps_the_home_city_only(
    db: Database, sign_in: Any
) -> None:
    user, product = await _product(db)
    async with db.write() as tx:
        await add_rival(tx, product.store_id, "R5", "Лавка 5", goods=34)
        await add_rival(tx, product.store_id, "R77", "Лавка дальняя")
    page = await sign_in(user, "/bot")
    await page.get_by_label("С числом отзывов не меньше").fill("20")
    search = page.get_by_role("searchbox", name="Исключённые продавцы")
    await search.fill("никто")
    await expect(page.get_by_text("такого продавца не встречали")).to_be_visible()
    await search.fill("лавка")
    await page.get_by_role("button", name="Лавка 5 № R5, на 34 товарах").click()
    await expect(page.get_by_role("button", name="Убрать «Лавка 5»")).to_be_visible()
    await search.fill("30000009")
    await search.press("Enter")
    await page.get_by_role("button", name="30000009 Добавить по номеру").click()
    await page.get_by_role("button", name="Убрать «30000009»").click()
    await page.get_by_role("button", name="Сколько останется").click()
    await expect(page.get_by_text(f"Из 5{NBSP}конкурентов останутся 3.")).to_be_visible()
    await _shots(page, "bot")
    await page.get_by_label("Срок доставки").select_option("same_or_faster")
    await page.get_by_text("Вести только домашний город").click()
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено. Бот заново проверит")).to_be_visible()
    async with db.read() as tx:
        kept = (await tx.scalars(select(DempingSettings))).one()
    assert (kept.delivery_filter, kept.home_city_only) == ("same_or_faster", True)
    assert kept.rival_filters == {"min_reviews": 20}
    assert kept.excluded_merchant_ids == ["R5"]
    await reopened(page)
    await expect(page.get_by_role("button", name="Убрать «Лавка 5»")).to_be_visible()
