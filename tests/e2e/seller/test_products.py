"""The list of goods and the page of one, in a browser: edits, switches, live cells, why this price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from page_audit import audit, reopened
from playwright.async_api import Locator, Page, expect
from records import add_decision, add_product, add_store, add_user
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper import bootstrap
from cube_demper.db.session import Database
from cube_demper.domain.pricing.queries import save_memories
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    LastDecision,
    Memory,
    Reason,
    RivalSeen,
    Strategy,
)
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import MarketSnapshot, PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore

pytestmark = pytest.mark.e2e
ALMATY = "750000000"


async def _seller(db: Database, **bot: Any) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        points = [
            {"id": "1_PP1", "name": "PP1", "cityId": ALMATY, "cityName": "Алматы", "enabled": True}
        ]
        return user, await add_store(tx, user, name="Тау Маркет", points=points, bot=bot)


async def _goods(db: Database, store: KaspiStore, count: int, **columns: Any) -> list[Product]:
    given = {"last_check_time": datetime.now(UTC), "position": 1, "offers_count": 5}
    async with db.write() as tx:
        return [
            await add_product(tx, store, name=f"Чайник {number + 1:02}", **(given | columns))
            for number in range(count)
        ]


async def _read(db: Database, product_id: UUID) -> Product:
    async with db.read() as tx:
        return (await tx.scalars(select(Product).where(col(Product.id) == product_id))).one()


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


async def _announce(redis_url: str, user: User, product_id: UUID) -> None:
    """Say what a worker says after it has written a look."""
    redis = Redis.from_url(redis_url)
    await redis.publish(
        bootstrap.EVENTS_CHANNEL, f'["user:{user.id}","product","{product_id}"]'.encode()
    )
    await redis.aclose()


async def test_min_price_is_edited_in_place_and_a_bad_one_is_refused_under_the_cell(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db)
    (kettle,) = await _goods(db, store, 1, max_price=1_500_000)
    page = await sign_in(user, "/products")
    cell = _row(page, "Чайник 01").get_by_role("button", name="Мин. цена")
    await cell.click()
    await page.keyboard.type("20000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="больше макс. цены")).to_be_visible()
    assert (await _read(db, kettle.id)).min_price == 900_000
    await page.keyboard.press("Escape")
    await cell.click()
    await page.keyboard.type("8500")
    await page.keyboard.press("Enter")
    await expect(cell).to_contain_text("8\u00a0500")
    kept = await _read(db, kettle.id)
    assert kept.min_price == 850_000
    assert kept.terms_changed_at is not None


async def test_the_strategy_of_a_row_offers_its_choices_when_one_comes_to_it(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db)
    (kettle,) = await _goods(db, store, 1)
    page = await sign_in(user, "/products")
    await page.set_viewport_size({"width": 1500, "height": 900})
    choice = page.get_by_label("Стратегия, Чайник 01")
    await expect(choice.get_by_role("option")).to_have_text(["На шаг ниже"])
    await choice.focus()
    await expect(choice.get_by_role("option")).to_have_count(6)
    await choice.select_option("stay_top_n:3")
    await expect(choice).to_have_value("stay_top_n:3")
    await expect(choice).to_be_enabled()
    await reopened(page)
    await expect(choice.get_by_role("option")).to_have_text(["Топ-3"])
    assert (await _read(db, kettle.id)).demping_strategy == Strategy.STAY_TOP_N


async def test_price_and_place_change_live_and_rows_stay_in_place(
    db: Database, sign_in: Any, redis_url: str
) -> None:
    user, store = await _seller(db)
    first, second, _ = await _goods(db, store, 3)
    async with db.write() as tx:
        for number, product in enumerate((first, second)):
            row = await tx.get_one(Product, product.id)
            row.price = 1_000_000 + number * 100_000
    page = await sign_in(user, "/products?sort=price")
    await expect(_row(page, "Чайник 01")).to_contain_text("10\u00a0000")
    order = await page.get_by_role("row").all_inner_texts()
    async with db.write() as tx:
        row = await tx.get_one(Product, first.id)
        row.price, row.position = 9_900_000, 4
    await _announce(redis_url, user, first.id)
    await expect(_row(page, "Чайник 01")).to_contain_text("99\u00a0000")
    await expect(_row(page, "Чайник 01")).to_contain_text("4 из 5")
    after = await page.get_by_role("row").all_inner_texts()
    assert [text.split("\n")[0] for text in order] == [text.split("\n")[0] for text in after]
    await page.get_by_role("button", name="Показать обновлённый порядок").click()
    await expect(page.get_by_role("row").last).to_contain_text("Чайник 01")


async def test_a_selection_over_the_whole_filter_is_switched_with_numbers_and_taken_back(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db)
    await _goods(db, store, 55, bot_active=False, bot_enabled_at=None)
    async with db.write() as tx:
        await add_product(tx, store, name="Без пола", min_price=None, bot_active=False)
    page = await sign_in(user, "/products?tab=bot_off")
    await expect(_row(page, "Чайник 01")).to_be_visible()
    await page.get_by_label("Выбрать все строки на странице").check()
    await page.get_by_role("button", name="Выбрать все 56 по фильтру").click()
    await page.get_by_role("button", name="Включить бота").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Включить бота у 55\u00a0товаров?")
    await expect(dialog).to_contain_text("задайте мин. цену (Без пола)")
    await dialog.get_by_role("button", name="Включить").click()
    await expect(page.get_by_text("Бот включён у 55\u00a0товаров")).to_be_visible()

    async def bots() -> int:
        async with db.read() as tx:
            return len((await tx.scalars(select(Product).where(col(Product.bot_active)))).all())

    assert await bots() == 55
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text("Вернули как было: 55\u00a0товаров")).to_be_visible()
    assert await bots() == 0


async def test_min_prices_of_a_selection_are_counted_before_they_change(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db)
    goods = await _goods(db, store, 3, min_price=None, bot_active=False)
    page = await sign_in(user, "/products")
    await expect(_row(page, "Чайник 01")).to_be_visible()
    await page.get_by_label("Выбрать все строки на странице").check()
    actions = page.get_by_role("region", name="Действия с выбранным")
    await actions.get_by_role("button", name="Мин. цена").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Посчитать").click()
    await expect(dialog).to_contain_text("Заполните одно из двух")
    await dialog.get_by_label("На сколько процентов").fill("15")
    await dialog.get_by_role("button", name="Посчитать").click()
    await expect(dialog).to_contain_text("Изменится у 3\u00a0товаров")
    assert (await _read(db, goods[0].id)).min_price is None
    await dialog.get_by_role("button", name="Применить").click()
    await expect(page.get_by_text("Изменили у 3\u00a0товаров")).to_be_visible()
    assert (await _read(db, goods[0].id)).min_price == 850_000
    await expect(actions).to_have_count(0)  # the next action is not for them


async def test_one_switch_says_why_it_refuses(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    (kettle,) = await _goods(db, store, 1, min_price=None, bot_active=False)
    page = await sign_in(user, "/products")
    await page.get_by_role("switch", name="Бот, Чайник 01").click()
    await expect(page.get_by_text("Бот не включён: задайте мин. цену.")).to_be_visible()
    assert not (await _read(db, kettle.id)).bot_active


async def test_a_store_that_only_advises_says_so_and_is_allowed_to_send(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db, mode=BotMode.SUGGEST)
    (kettle,) = await _goods(db, store, 1)
    async with db.write() as tx:
        await add_decision(tx, kettle, PriceStatus.SUGGESTED, new_price=950_000)
    page = await sign_in(user, "/products")
    await expect(page.get_by_text("цены не отправляет")).to_be_visible()
    await expect(page.get_by_role("button", name="Принять 9\u00a0500\u00a0₸")).to_be_visible()
    await page.get_by_role("button", name="Разрешить отправку").click()
    dialog = page.get_by_role("alertdialog")
    await dialog.get_by_role("button", name="Разрешить отправку").click()
    await expect(page.get_by_text("цены не отправляет")).to_have_count(0)
    async with db.read() as tx:
        settings = (await tx.scalars(select(DempingSettings))).one()
    assert settings.mode == BotMode.AUTO


async def test_search_and_tabs_live_in_the_address(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    await _goods(db, store, 2)
    async with db.write() as tx:
        await add_product(tx, store, name="Фен Brava", position=3)
    page = await sign_in(user, "/products")
    await page.get_by_placeholder("Название или артикул").last.fill("чайник")
    await expect(page.get_by_text("Фен Brava")).to_have_count(0)
    assert "q=" in page.url
    await page.goto(page.url.split("?")[0] + "?tab=lost")
    await expect(page.get_by_text("Фен Brava")).to_be_visible()
    await expect(page.get_by_text("Чайник 01")).to_have_count(0)
    await page.goto(page.url.split("?")[0] + "?tab=lost&q=нет-такого")
    await expect(page.get_by_text("Ничего не нашлось")).to_be_visible()


async def test_a_seller_without_a_store_is_led_to_one(db: Database, sign_in: Any) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
    page = await sign_in(user, "/products")
    await expect(page.get_by_text("Подключите магазин Kaspi")).to_be_visible()


async def _with_history(db: Database) -> tuple[User, Product]:
    user, store = await _seller(db)
    (kettle,) = await _goods(db, store, 1, competitor_price=999_100, competitor_name="Alser")
    now = datetime.now(UTC)
    told = Decision(
        action=Action.CHANGE,
        reason=Reason.UNDERCUT,
        strategy=Strategy.STANDARD,
        step=100,
        target=1_000_000,
        window_price=1_050_000,
        is_window_seen=True,
        rival=RivalSeen("R1", "Alser", 1_000_100),
        floor=900_000,
    )
    async with db.write() as tx:
        tx.add(
            MarketSnapshot(
                card=kettle.external_kaspi_id,
                city_id=ALMATY,
                seen_at=now - timedelta(minutes=3),
                total=2,
                offers=[
                    {"merchant_id": "R1", "name": "Alser", "price": 999_100, "rating": 4.8},
                    {"merchant_id": store.merchant_id, "name": store.name, "price": 1_000_000},
                ],
            )
        )
        await add_decision(
            tx,
            kettle,
            PriceStatus.CONFIRMED,
            old_price=1_050_000,
            new_price=1_000_000,
            decision=told.to_json(),
            created_at=now - timedelta(minutes=9),
            sent_at=now - timedelta(minutes=9),
            confirmed_at=now - timedelta(minutes=8),
        )
    return user, kettle


async def test_a_product_explains_its_price_and_keeps_new_terms(db: Database, sign_in: Any) -> None:
    user, kettle = await _with_history(db)
    page = await sign_in(user, f"/products/{kettle.id}")
    await expect(page.get_by_text("Снизили цену")).to_be_visible()
    await expect(page.get_by_text("„Alser“ 10\u00a0001\u00a0₸")).to_be_visible()
    await expect(page.locator(".js-plotly-plot")).to_be_visible()
    sellers = page.get_by_role("region", name="Продавцы сейчас")
    await expect(sellers.get_by_role("listitem")).to_have_count(2)
    terms = page.get_by_role("region", name="Границы и шаг")
    await terms.get_by_label("Мин. цена").fill("0")
    await terms.get_by_role("button", name="Сохранить").click()
    await expect(terms).to_contain_text("не может быть меньше 10\u00a0₸")
    await expect(
        terms.get_by_label("Мин. цена")
    ).to_be_focused()  # else the next typing lands there
    await terms.get_by_label("Мин. цена").fill("9500")
    await terms.get_by_label("Шаг").fill("7")
    await terms.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено.")).to_be_visible()
    kept = await _read(db, kettle.id)
    assert (kept.min_price, kept.price_step_override) == (950_000, 700)


async def test_a_held_fall_is_allowed_from_the_log(
    db: Database, sign_in: Any, redis_url: str
) -> None:
    user, kettle = await _with_history(db)
    page = await sign_in(user, f"/products/{kettle.id}")
    await page.get_by_role("button", name="Все решения").click()
    await expect(page.get_by_text("Снизили цену")).to_be_visible()
    decision = Decision(
        Action.HOLD,
        Reason.SUSPICIOUS_FALL,
        Strategy.STANDARD,
        step=100,
        target=500_000,
        window_price=1_000_000,
    )
    last = LastDecision(Action.HOLD, Reason.SUSPICIOUS_FALL, decision.target)
    async with db.write() as tx:
        await add_decision(
            tx,
            kettle,
            PriceStatus.HELD,
            change_reason=Reason.SUSPICIOUS_FALL,
            decision=decision.to_json(),
            created_at=datetime.now(UTC),
        )
        await save_memories(tx, [(kettle.id, ALMATY, Memory(last_decision=last))])
    await _announce(redis_url, user, kettle.id)
    log = page.get_by_role("region", name="Почему такая цена")
    await log.get_by_role("button", name="Разрешить снижение").click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("Снизить цену на 50\u00a0%?")
    await dialog.get_by_role("button", name="Разрешить снижение").click()
    await expect(page.get_by_text("Снижение разрешено до").first).to_be_visible()
    assert (await _read(db, kettle.id)).big_fall_allowed_until is not None


async def test_somebody_elses_product_is_not_found(db: Database, sign_in: Any) -> None:
    _, kettle = await _with_history(db)
    async with db.write() as tx:
        stranger = await add_user(tx)
    page = await sign_in(stranger, f"/products/{kettle.id}")
    await expect(page.get_by_text("Товар не найден")).to_be_visible()
    await expect(page.get_by_text("Чайник 01")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("which", ["list", "one"])
async def test_nothing_serious_for_axe_and_nothing_scrolls_sideways(
    db: Database, sign_in: Any, which: str, phone: bool
) -> None:
    user, kettle = await _with_history(db)
    path = "/products" if which == "list" else f"/products/{kettle.id}"
    page = await sign_in(user, path, phone=phone)
    await expect(page.get_by_text("Чайник 01").first).to_be_visible()
    if which == "one":
        await expect(page.locator(".js-plotly-plot")).to_be_visible()
    await audit(page)


async def test_a_sent_price_is_on_its_way_until_it_is_seen(
    db: Database, sign_in: Any, redis_url: str
) -> None:
    user, kettle = await _with_history(db)
    async with db.write() as tx:
        sent = await add_decision(
            tx, kettle, PriceStatus.SENT, new_price=950_000, created_at=datetime.now(UTC)
        )
    page = await sign_in(user, "/products")
    await expect(_row(page, "Чайник 01")).to_contain_text("Ждёт Kaspi")
    await expect(_row(page, "Чайник 01")).to_contain_text("→\u00a09\u00a0500\u00a0₸")
    async with db.write() as tx:
        row = await tx.get_one(PriceHistory, sent.id)
        row.status = PriceStatus.CONFIRMED
        product = await tx.get_one(Product, kettle.id)
        product.price = 950_000
    await _announce(redis_url, user, kettle.id)
    await expect(_row(page, "Чайник 01")).not_to_contain_text("Ждёт Kaspi")
    await expect(_row(page, "Чайник 01")).to_contain_text("9\u00a0500\u00a0₸")
