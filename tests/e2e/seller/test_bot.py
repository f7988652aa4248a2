"""The bot's page in a browser: settings, stop and start, permission to send, why not, live."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import add_decision, add_product, add_store, add_user
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore

pytestmark = pytest.mark.e2e


async def _shop(db: Database, **bot: Any) -> tuple[User, KaspiStore]:
    """Make a seller with one store of five goods, in five different conditions."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет", bot=bot)
        later = {"next_check_at": now + timedelta(minutes=10), "last_check_time": now}
        queued = await add_product(tx, store, **later)
        await add_product(tx, store, external_kaspi_id=None, **later)
        await add_product(tx, store, bot_active=False)
        await add_product(tx, store, bot_active=False, min_price=None)
        suggested = await add_product(tx, store, **later)
        if bot.get("mode") is not BotMode.SUGGEST:
            await add_decision(tx, queued, PriceStatus.QUEUED)
        else:
            await add_decision(tx, suggested, PriceStatus.SUGGESTED, new_price=950_000)
    return user, store


async def _settings(db: Database, store: KaspiStore) -> DempingSettings:
    async with db.read() as tx:
        query = select(DempingSettings).where(col(DempingSettings.store_id) == store.id)
        return (await tx.scalars(query)).one()


async def test_bad_settings_get_a_sentence_under_each_field_and_change_nothing(
    db: Database, sign_in: Any
) -> None:
    user, store = await _shop(db, work_hours_start=time(9), work_hours_end=time(21))
    page = await sign_in(user, "/bot")
    await page.get_by_label("Шаг цены").fill("0")
    await page.get_by_label("Проверять не реже").fill("0")
    await page.get_by_label("Начало работы").fill("25:99")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Шаг — целое число тенге, не меньше 1.")).to_be_visible()
    await expect(page.get_by_text("Интервал — от 1 до 1440 минут")).to_be_visible()
    await expect(page.get_by_text("Введите время от 00:00 до 23:59")).to_be_visible()
    saved = await _settings(db, store)
    assert (saved.price_step, saved.work_hours_start) == (100, time(9))


async def test_good_settings_are_saved_and_shown_again(db: Database, sign_in: Any) -> None:
    user, store = await _shop(db, work_hours_start=time(9), work_hours_end=time(21))
    page = await sign_in(user, "/bot")
    await page.get_by_label("Шаг цены").fill("15")
    await page.get_by_label("Начало работы").fill("22:00")
    await page.get_by_label("Конец работы").fill("06:00")
    await page.get_by_label("Прибыль с продажи").fill("1500")
    await page.get_by_label("С рейтингом не ниже").fill("4,5")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено. Бот заново проверит")).to_be_visible()
    saved = await _settings(db, store)
    assert (saved.price_step, saved.min_profit) == (1_500, 150_000)
    assert (saved.work_hours_start, saved.work_hours_end) == (time(22), time(6))
    assert saved.rival_filters == {"min_rating": 4.5}
    await reopened(page)
    await expect(page.get_by_label("Шаг цены")).to_have_value("15")
    await page.get_by_label("Работать круглосуточно").check()
    await expect(page.get_by_label("Начало работы")).to_have_count(0)
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено. Бот заново проверит")).to_be_visible()
    assert (await _settings(db, store)).work_hours_start is None


async def test_stop_says_numbers_first_drops_the_queue_and_can_be_undone(
    db: Database, sign_in: Any
) -> None:
    user, store = await _shop(db)
    page = await sign_in(user, "/bot")
    other_tab = await page.context.new_page()
    await other_tab.goto(page.url)
    await expect(other_tab.get_by_role("button", name="Остановить", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Остановить", exact=True).click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Остановить бота в «Тау Маркет»?")
    await expect(question).to_contain_text("Цен снимем с очереди1")
    await question.get_by_role("button", name="Остановить").click()
    await expect(page.get_by_text("Бот остановлен. Снято с очереди: 1")).to_be_visible()
    assert not (await _settings(db, store)).is_enabled
    async with db.read() as tx:
        assert (await tx.scalars(select(PriceHistory.status))).all() == ["superseded"]
    # The other tab learns of it by itself.
    await expect(other_tab.get_by_role("button", name="Запустить")).to_be_visible()
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_role("button", name="Остановить", exact=True)).to_be_visible()
    assert (await _settings(db, store)).is_enabled


async def test_every_product_stands_under_one_reason_with_its_remedy(
    db: Database, sign_in: Any
) -> None:
    user, _store = await _shop(db)
    page = await sign_in(user, "/bot")
    table = page.get_by_role("table", name="Почему бот не ведёт товары")
    for words, count in (
        ("Бот выключен, мин. цена не задана", 1),
        ("Бот для товара выключен", 1),
        ("У товара нет кода карточки Kaspi", 1),
        ("Проверены, ждут следующей проверки", 2),
    ):
        line = table.get_by_role("row").filter(has_text=words)
        await expect(line.get_by_role("cell").nth(1)).to_have_text(str(count))
    remedy = table.get_by_role("link", name="Включите бота у нужных товаров")
    await expect(remedy).to_have_attribute("href", "/products?tab=bot_off")


async def test_sending_is_allowed_only_after_the_numbers(db: Database, sign_in: Any) -> None:
    user, store = await _shop(db, mode=BotMode.SUGGEST)
    page = await sign_in(user, "/bot")
    await page.get_by_role("button", name="Разрешить отправку").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Цен изменится по нынешним советам1")
    await expect(question).to_contain_text("самое большее на 500\u00a0₸")
    assert (await _settings(db, store)).mode == BotMode.SUGGEST
    await question.get_by_role("button", name="Разрешить отправку").click()
    await expect(page.get_by_text("Отправка цен разрешена.")).to_be_visible()
    assert (await _settings(db, store)).mode == BotMode.AUTO


async def test_another_sellers_store_in_the_address_shows_my_own(
    db: Database, sign_in: Any
) -> None:
    user, _store = await _shop(db)
    _stranger, foreign = await _shop(db)
    page = await sign_in(user, f"/bot?store={foreign.id}")
    await expect(page.get_by_role("button", name="Остановить", exact=True)).to_be_visible()
    own = await page.evaluate("document.body.innerText")
    assert str(foreign.id) not in own


@pytest.mark.parametrize("path", ["/", "/bot"])
@pytest.mark.parametrize("phone", [False, True])
async def test_pages_are_accessible_and_never_scroll_sideways(
    db: Database, sign_in: Any, path: str, *, phone: bool
) -> None:
    user, _store = await _shop(db, mode=BotMode.SUGGEST)
    page: Page = await sign_in(user, path, phone=phone)
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()
    await audit(page)


async def test_overview_says_what_waits_and_leads_there(db: Database, sign_in: Any) -> None:
    user, store = await _shop(db, mode=BotMode.SUGGEST)
    page = await sign_in(user, "/")
    waiting = page.get_by_role("region", name="Ждёт вас")
    await expect(waiting).to_contain_text("«Тау Маркет»: бот только советует")
    await expect(waiting).to_contain_text("У 1 товара есть ошибки")
    link = waiting.get_by_role("link", name="Советы")
    await expect(link).to_have_attribute("href", f"/bot/trial?store={store.id}")


async def test_a_store_among_many_is_found_by_name_and_what_was_typed_stays(
    db: Database, sign_in: Any
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        for number in range(1, 121):
            await add_store(tx, user, name=f"Лавка {number:03}")
    page = await sign_in(user, "/bot")
    stores = page.get_by_role("navigation", name="Магазины")
    await expect(stores.get_by_role("button")).to_have_text(["Лавка 001"])
    await page.get_by_label("Шаг цены").fill("77")
    await stores.get_by_role("searchbox", name="Найти магазин из 120").fill("лавка 11")
    await expect(stores.get_by_role("button")).to_have_count(11)
    await expect(page.get_by_label("Шаг цены")).to_have_value("77")
    await stores.get_by_role("button", name="Лавка 117").click()
    await expect(stores.locator("[aria-current=true]")).to_have_text("Лавка 117")
