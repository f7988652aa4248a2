"""From the first steps to trust in a browser: begin, apply, the overview, a rule tried and applied."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import seller
from sqlmodel import col, select
from trust_scene import (
    TrustScene,
    add_day,
    add_places,
    add_suggestions,
    build_scene,
    record_market,
)

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.replay import service as replays
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings
from cube_demper.models.trust import ReplayRun, ReplayStatus

pytestmark = pytest.mark.e2e


async def _goods(db: Database) -> list[Product]:
    async with db.read() as tx:
        return list((await tx.scalars(select(Product).order_by(col(Product.price)))).all())


async def _statuses(db: Database) -> list[str]:
    async with db.read() as tx:
        rows = await tx.scalars(select(col(PriceHistory.status)).order_by(col(PriceHistory.id)))
        return list(rows.all())


async def test_a_new_seller_goes_from_the_first_steps_to_ten_goods_with_floors(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db, on=False, steps_closed=False)
    for product in scene.goods[:4]:
        await record_market(db, scene, product, days=1)
    page = await sign_in(scene.user, "/")
    steps = page.get_by_role("region", name="Первые шаги")
    await expect(steps).to_contain_text("3 из 6")
    await expect(steps.get_by_role("listitem").nth(2)).to_contain_text("Каталог прочитан")
    await steps.get_by_role("link", name="Выбрать товары").click()
    goods = page.get_by_role("region", name="С чего начнём").get_by_role("listitem")
    await expect(goods).to_have_count(4)
    floor = page.get_by_label("Мин. цена, Пылесос беспроводной Orvex V12 Turbo")
    await expect(floor).to_have_value("9\u00a0000")
    await page.get_by_role("checkbox", name="Наушники Velaro Air 3").uncheck()
    await floor.fill("20000")
    await page.get_by_role("button", name="Начать с этих товаров").click()
    await expect(page.get_by_text("мин. цена выше нынешней")).to_be_visible()
    assert not any(it.bot_active for it in await _goods(db))
    await floor.fill("9500")
    await page.get_by_role("button", name="Начать с этих товаров").click()
    await expect(page.get_by_text("Бот включён у 3")).to_be_visible()
    await expect(page.get_by_text("Советов сейчас нет")).to_be_visible()
    on = [it for it in await _goods(db) if it.bot_active]
    assert [(it.name.split()[0], it.min_price) for it in on] == [
        ("Пылесос", 950_000),
        ("Чайник", 990_000),
        ("Мультиварка", 1_170_000),
    ]


async def test_suggestions_are_applied_one_and_all_and_the_bot_is_trusted(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db)
    await add_suggestions(db, scene, 3)
    page = await sign_in(scene.user, "/bot/trial")
    shown = page.get_by_role("region", name="Бот советует").get_by_role("listitem")
    await expect(shown).to_have_count(3)
    first = shown.filter(has_text="Пылесос")
    await expect(first).to_contain_text("Предлагаем 9\u00a0500\u00a0₸ вместо 10\u00a0000\u00a0₸")
    await expect(first).to_contain_text("Alser")
    await first.get_by_role("button", name="Применить").click()
    await expect(shown).to_have_count(2)
    await page.get_by_role("button", name="Применить все (2)").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Отправить в Kaspi 2\u00a0цены?")
    await expect(question).to_contain_text("2\u00a0цены, самое большее на 500\u00a0₸")
    await question.get_by_role("button", name="Отправить").click()
    await expect(page.get_by_text("Советов сейчас нет")).to_be_visible()
    assert await _statuses(db) == [PriceStatus.QUEUED] * 3
    await page.get_by_role("button", name="Доверить боту").click()
    await expect(question).to_contain_text("Товаров с ботом")
    await question.get_by_role("button", name="Разрешить отправку").click()
    await expect(page.get_by_text("Бот меняет цены сам")).to_be_visible()
    async with db.read() as tx:
        assert await tx.scalar(select(col(DempingSettings.mode))) == BotMode.AUTO


async def test_the_overview_tells_the_day_the_places_and_stops_the_bot(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db, mode=BotMode.AUTO, steps_closed=False)
    await add_day(db, scene)
    await add_places(db, scene)
    page = await sign_in(scene.user, "/")
    day = page.get_by_role("region", name="Бот со вчерашнего дня")
    await expect(day.get_by_role("definition").first).to_have_text("5")
    await expect(page.get_by_role("main")).to_contain_text("0 вверх, 5 вниз")
    await expect(page.get_by_role("main")).to_contain_text("−2\u00a0500\u00a0₸")
    places = page.get_by_role("region", name="Места товаров")
    await expect(places).to_contain_text("Там, где линии нет, бот не работал.")
    await places.get_by_role("button", name="Сутки").click()
    await expect(places).not_to_contain_text("бот не работал")
    await expect(page.get_by_role("region", name="Работа и лимиты")).to_contain_text("раз в")
    # All steps were done before this visit: the list is gone by itself.
    await expect(page.get_by_role("region", name="Первые шаги")).to_have_count(0)
    await page.get_by_role("button", name="Остановить бота").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Товаров без присмотра бота")
    await question.get_by_role("button", name="Остановить").click()
    await expect(page.get_by_text("Бот остановлен.")).to_be_visible()
    await expect(page.get_by_role("button", name="Остановить бота")).to_have_count(0)
    async with db.read() as tx:
        assert await tx.scalar(select(col(DempingSettings.is_enabled))) is False


async def test_a_rule_is_tried_on_a_product_and_applied_after_a_preview(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db)
    product = scene.goods[0]
    await record_market(db, scene, product, days=2, below=40_000)
    page = await sign_in(scene.user, f"/products/{product.id}")
    panel = page.get_by_role("region", name="Проверить правило")
    await panel.get_by_label("Прибыль от").fill("500")
    await panel.get_by_role("button", name="Проверить").click()
    await expect(panel).to_contain_text("Прибыль не посчитать: не указана себестоимость")
    await panel.get_by_label("Прибыль от").fill("")
    await panel.get_by_label("Мин. цена").fill("9400")
    await panel.get_by_role("button", name="Проверить").click()
    await expect(panel).to_contain_text("С этим правилом вы были бы первыми")
    await expect(panel).to_contain_text("Рынок записан за 2\u00a0дня из 7")
    await expect(panel.get_by_role("row").filter(has_text="Изменений цены")).to_be_visible()
    await panel.get_by_role("button", name="Применить это правило").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("9\u00a0000\u00a0₸ → 9\u00a0400\u00a0₸")
    await question.get_by_role("button", name="Применить").click()
    await expect(page.get_by_text("Правило применено")).to_be_visible()
    assert (await _goods(db))[0].min_price == 940_000


async def _play(db: Database, run_id: UUID) -> None:
    """Do what the worker does, for one slice."""
    async with db.read() as tx:
        run, ids = await replays.next_of_run(tx, SYSTEM, run_id) or pytest.fail("the run is over")
        house = replays.House(10, 30)
        results = [await replays.play_for_run(tx, SYSTEM, run, it, house) for it in ids]
    async with db.write() as tx:
        await replays.keep_results(tx, SYSTEM, run_id, results, datetime.now(UTC))


async def test_a_rule_for_all_goods_shows_its_progress_and_is_applied_and_undone(
    db: Database, sign_in: Any
) -> None:
    scene: TrustScene = await build_scene(db)
    await record_market(db, scene, scene.goods[0], days=1, below=40_000)
    page = await sign_in(scene.user, "/bot/replay")
    await page.get_by_label("Стратегия").select_option("always_first")
    await page.get_by_label("Шаг").fill("5")
    await page.get_by_role("button", name="Проверить на этих товарах").click()
    await expect(page.get_by_text("0 из 12")).to_be_visible()
    async with db.read() as tx:
        run = (await tx.scalars(select(ReplayRun))).one()
    await _play(db, run.id)
    await reopened(page)
    await expect(page.get_by_text("10 из 12")).to_be_visible()
    for _ in range(2):
        await _play(db, run.id)
    await reopened(page)
    await expect(page.get_by_text("Готово")).to_be_visible()
    await expect(page.get_by_text("у 11\u00a0товаров не записан вовсе")).to_be_visible()
    await expect(page.get_by_role("link", name=scene.goods[0].name)).to_be_visible()
    await page.get_by_role("button", name="Применить это правило").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Стратегия: изменится у 12\u00a0товаров")
    await question.get_by_role("button", name="Применить").click()
    await expect(page.get_by_text("Правило применено")).to_be_visible()
    after = await _goods(db)
    assert {(it.demping_strategy, it.price_step_override) for it in after} == {
        ("always_first", 500)
    }
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text("Вернули как было")).to_be_visible()
    assert {it.demping_strategy for it in await _goods(db)} == {"standard"}


async def test_other_rivals_and_bounds_in_per_cent_are_tried_plotted_applied_and_undone(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db)
    await record_market(db, scene, scene.goods[0], days=1, below=40_000)
    page = await sign_in(scene.user, "/bot/replay")
    await page.get_by_role("button", name="Проверить на этих товарах").click()
    await expect(page.get_by_text("Измените хотя бы одно условие")).to_be_visible()
    await page.get_by_label("Мин. цена ниже на").fill("7")
    await page.get_by_label("С рейтингом не ниже").fill("4,5")
    await page.get_by_label("Предзаказы").select_option("ignore")
    await page.get_by_role("searchbox", name="Исключённые продавцы").fill("30999001")
    await page.get_by_role("button", name="Добавить по номеру").click()
    await expect(page.get_by_role("button", name="Убрать «30999001»")).to_be_visible()
    await page.get_by_role("button", name="Проверить на этих товарах").click()
    await expect(page.get_by_text("0 из 12")).to_be_visible()
    async with db.read() as tx:
        run = (await tx.scalars(select(ReplayRun))).one()
    for _ in range(3):
        await _play(db, run.id)
    await reopened(page)
    await expect(page.get_by_text("мин. цена 93\u00a0% от цены, рейтинг от 4,5")).to_be_visible()
    await expect(page.get_by_role("figure")).to_contain_text("Больше половины времени первыми")
    await page.get_by_role("button", name="Применить это правило").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Мин. цена: изменится у 12\u00a0товаров")
    await expect(question).to_contain_text(
        "рейтинг от 4,5, без предзаказов, 1\u00a0продавец исключён"
    )
    await question.get_by_role("button", name="Применить").click()
    await expect(page.get_by_text("Правило применено")).to_be_visible()

    async def kept() -> tuple[set[int | None], dict[str, Any], list[str]]:
        async with db.read() as tx:
            settings = (await tx.scalars(select(DempingSettings))).one()
        floors = {it.min_price for it in await _goods(db)}
        return floors, settings.rival_filters, settings.excluded_merchant_ids

    before = {it.min_price for it in scene.goods}
    floors, filters, excluded = await kept()
    assert floors != before
    assert filters == {"min_rating": 4.5, "ignore_preorder": True}
    assert excluded == ["30999001"]
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text("Вернули как было")).to_be_visible()
    assert await kept() == (before, {}, [])


async def test_a_run_is_cancelled_by_its_seller(db: Database, sign_in: Any) -> None:
    scene = await build_scene(db)
    async with db.write() as tx:
        run_id = await replays.begin_run(
            tx,
            seller(scene.user),
            scene.store.id,
            replays.rule_from_json({"step": 200}),
            product_ids=None,
            days=7,
            now=datetime.now(UTC),
        )
    page = await sign_in(scene.user, "/bot/replay")
    await page.get_by_role("button", name="Остановить").click()
    await expect(page.get_by_text("Проверка остановлена")).to_be_visible()
    async with db.read() as tx:
        assert (await tx.get_one(ReplayRun, run_id)).status == ReplayStatus.CANCELLED


@pytest.mark.parametrize("phone", [False, True])
async def test_the_pages_are_accessible_and_never_scroll_sideways(
    db: Database, sign_in: Any, *, phone: bool
) -> None:
    scene = await build_scene(db, steps_closed=False)
    await add_suggestions(db, scene, 2)
    await add_places(db, scene)
    for path in ("/", "/bot/trial", "/bot/replay", f"/products/{scene.goods[0].id}"):
        page: Page = await sign_in(scene.user, path, phone=phone)
        await expect(page.get_by_role("heading", level=2).first).to_be_visible()
        await audit(page)
