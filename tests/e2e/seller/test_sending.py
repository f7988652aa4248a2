"""Short changes and proof of sends in a browser: the bot's page, the overview, one product."""

from __future__ import annotations

from typing import Any

import pytest
from page_audit import audit
from playwright.async_api import Page, expect
from queue_scene import build_scene

from cube_demper.db.session import Database

pytestmark = pytest.mark.e2e


async def test_a_store_whose_changes_are_short_reads_until_when_and_what_helps(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db)
    page = await sign_in(scene.user, "/bot")
    told = page.get_by_role("status").filter(has_text="Изменений больше, чем принимает Kaspi")
    await expect(told).to_contain_text("Kaspi принимает 250\u00a0изменений за 30 минут.")
    await expect(told).to_contain_text("Сейчас нужно около 4")
    await expect(told).to_contain_text("самые выгодные уйдут первыми, остальные подождут до")
    await expect(told).to_contain_text("Что поможет: больший шаг цены")
    link = told.get_by_role("link", name="Товары с ботом")
    await expect(link).to_have_attribute("href", f"/products?tab=bot_on&store={scene.store.id}")
    await expect(page.get_by_text("40\u00a0изменений ждут очереди на отправку до")).to_be_visible()
    await expect(page.get_by_text("Изменений не хватает. Больший шаг")).to_be_visible()


async def test_an_ample_budget_is_not_spoken_of(db: Database, sign_in: Any) -> None:
    scene = await build_scene(db, queued=5, sent=30)
    page = await sign_in(scene.user, "/bot")
    await expect(page.get_by_text("34 из 250")).to_be_visible()
    await expect(page.get_by_text("Изменений больше, чем принимает Kaspi")).to_have_count(0)
    await expect(page.get_by_text("ждут очереди")).to_have_count(0)
    await page.goto(page.url.replace("/bot", f"/products/{scene.waiting.id}"))
    await expect(page.get_by_text("Ждёт отправки в Kaspi")).to_be_visible()
    await expect(page.get_by_text("Ждёт очереди")).to_have_count(0)


async def test_the_proof_is_one_figure_that_opens_the_prices_never_shown(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db)
    page = await sign_in(scene.user, "/")
    waiting = page.get_by_role("region", name="Ждёт вас")
    await expect(waiting).to_contain_text("«Тау Маркет»: Kaspi не показал 2\u00a0цены")
    await expect(waiting).to_contain_text("«Тау Маркет»: изменений больше, чем принимает Kaspi")
    figure = page.get_by_role("link", name="Цены на витрине: обычно не позже чем через")
    await expect(figure).to_contain_text("2 не показаны")
    await figure.click()
    proof = page.get_by_role("region", name="Цены на витрине")
    await expect(proof).to_contain_text("медиана за сутки по 232\u00a0ценам")
    await expect(proof.get_by_role("listitem")).to_have_count(2)
    await proof.get_by_role("link", name="Наушники беспроводные Xiaomi Buds 5").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Xiaomi Buds 5")
    await expect(page.get_by_text("Kaspi не показал цену")).to_be_visible()


async def test_each_send_says_when_it_was_seen_in_which_city_and_what_happens_next(
    db: Database, sign_in: Any
) -> None:
    scene = await build_scene(db)
    page = await sign_in(scene.user, f"/products/{scene.sends.id}")
    log = page.get_by_role("region", name="Почему такая цена")
    await expect(log.get_by_role("listitem")).to_have_count(5)
    said = [await it.inner_text() for it in await log.get_by_role("listitem").all()]
    assert "Астана · Отправлено" in said[0]
    assert "Посмотрим на витрину в" in said[0]
    assert "Пока не видно. Ещё раз посмотрим в" in said[1]
    assert "не увидим — отправим второй раз" in said[1]
    assert "→ на витрине" in said[2]
    assert "не позже чем через 38\u00a0с" in said[2]
    assert "между 19\u00a0с и 41\u00a0с после отправки" in said[3]
    assert "Kaspi не показал цену" in said[4]
    assert "проверьте товар в кабинете" in said[4]


async def test_a_waiting_product_says_its_place_in_the_queue(db: Database, sign_in: Any) -> None:
    scene = await build_scene(db)
    page = await sign_in(scene.user, f"/products/{scene.waiting.id}")
    told = page.get_by_role("status").filter(has_text="Ждёт очереди:")
    await expect(told).to_contain_text("-й из\u00a040, около")
    helps = told.get_by_role("link", name="Что поможет")
    await expect(helps).to_have_attribute("href", f"/bot?store={scene.store.id}")
    log = page.get_by_role("region", name="Почему такая цена")
    await expect(log.get_by_text("Ждёт очереди:")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
async def test_what_is_said_is_accessible_and_never_scrolls_sideways(
    db: Database, sign_in: Any, *, phone: bool
) -> None:
    scene = await build_scene(db)
    for path in ("/bot", "/", f"/products/{scene.sends.id}", f"/products/{scene.waiting.id}"):
        page: Page = await sign_in(scene.user, path, phone=phone)
        await expect(page.get_by_role("heading", level=2).first).to_be_visible()
        await audit(page)
