"""Rivals, price wars and held falls in a browser: what is shown, and what the buttons do."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from keyboard import walk
from market_histories import US, Scene, chase, clearance, human, tenge, vanishing
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_decision, add_product, add_store, add_user
from sqlmodel import col, select

from cube_demper.core.clock import ALMATY as ALMATY_TIME
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as markets
from cube_demper.domain.market.rivals import service as rivals
from cube_demper.domain.pricing.queries import save_memories
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    LastDecision,
    Memory,
    Reason,
    Rest,
    RivalSeen,
    Strategy,
)
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.rivalry import PriceWar
from cube_demper.models.stores import DempingSettings, KaspiStore

pytestmark = pytest.mark.e2e
ALMATY = "750000000"
POINTS = [{"id": "1_PP1", "name": "PP1", "cityId": ALMATY, "cityName": "Алматы", "enabled": True}]


async def _seller(db: Database) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, merchant_id=US, name="Тау Маркет", points=POINTS)
    return user, store


async def _product(
    db: Database, store: KaspiStore, card: str, name: str, **columns: Any
) -> Product:
    given = {
        "last_check_time": datetime.now(UTC),
        "position": 2,
        "offers_count": 4,
        "price": tenge(9300),
        "min_price": tenge(8700),
        "max_price": tenge(12_500),
        "external_kaspi_id": card,
    }
    async with db.write() as tx:
        return await add_product(tx, store, name=name, **(given | columns))


def _start(days: int) -> datetime:
    midnight = datetime.now(ALMATY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days)


async def _play(
    db: Database, days: int, card: str, act: Callable[[Scene], None], **prices: float
) -> None:
    scene = Scene(card, dict(prices), start=_start(days))
    looks = [scene.look(), *scene.play(days * 1440, act)]
    for first in range(0, len(looks), 500):
        async with db.write() as tx:
            await markets.remember_markets(tx, SYSTEM, looks[first : first + 500])


async def _rivals(db: Database, store: KaspiStore) -> dict[str, Product]:
    """Make four goods and five rivals of known character, and count their profiles."""
    names = {
        "1": "Чайник Lumika Glass 1,7 л",
        "2": "Пылесос Orvex V12",
        "3": "Фен Brava",
        "4": "Плед Tamga",
    }
    goods = {card: await _product(db, store, card, name) for card, name in names.items()}
    await _play(db, 3, "1", chase(), MINE=9300, BOT=9200, STILL=9700)
    await _play(db, 4, "2", clearance("SALE"), MINE=9300, SALE=12_000, STILL=9600)
    await _play(db, 5, "3", human("HAND"), MINE=9300, HAND=9600)
    await _play(db, 1, "4", vanishing("GONE"), MINE=9300, GONE=9100, STILL=9580)
    await rivals.count_next(db, SYSTEM, datetime.now(UTC))
    return goods


async def _at_war(db: Database, store: KaspiStore) -> tuple[Product, PriceWar]:
    """Make a product that rests after a war with Alser."""
    product = await _product(
        db, store, "9", "Наушники Velaro Air 3", price=tenge(12_400), last_reason=Reason.WAR_REST
    )
    now = datetime.now(UTC)
    began = now - timedelta(minutes=70)
    steps = [
        _step(began, 0, 12_990, 12_950),
        *(_step(began, n * 5, 12_990 - n * 180, 12_940 - n * 180) for n in range(1, 5)),
        _step(began, 24, 12_400, 12_100),
        _step(began, 45, 12_400, 11_600),
    ]
    war = PriceWar(
        product_id=product.id,
        store_id=store.id,
        city_id=ALMATY,
        rival_id="ALSER",
        rival_name="Alser",
        falls=5,
        began_at=began,
        called_at=began + timedelta(minutes=22),
        ends_at=now + timedelta(minutes=74),
        start_price=tenge(12_990),
        rest_price=tenge(12_400),
        lowest_price=tenge(12_270),
        cost=tenge(500),
        steps=steps,
    )
    memory = Memory(
        rest=Rest(war.rest_price, war.ends_at, "ALSER", is_back=True),
        last_decision=LastDecision(Action.HOLD, Reason.WAR_REST),
    )
    async with db.write() as tx:
        tx.add(war)
        await save_memories(tx, [(product.id, ALMATY, memory)])
    return product, war


def _step(began: datetime, minute: int, own: float, rival: float) -> dict[str, Any]:
    at = (began + timedelta(minutes=minute)).isoformat()
    return {"at": at, "own": tenge(own), "rival": tenge(rival), "floor": tenge(11_000)}


async def _held(db: Database, store: KaspiStore) -> Product:
    """Make a product whose fall from 12 990 ₸ to 7 500 ₸ is held."""
    product = await _product(
        db, store, "8", "Колонка Kirmo Boom 40", price=tenge(12_990), min_price=tenge(6000)
    )
    decision = Decision(
        action=Action.HOLD,
        reason=Reason.SUSPICIOUS_FALL,
        strategy=Strategy.STANDARD,
        step=100,
        target=tenge(7500),
        window_price=tenge(12_990),
        is_window_seen=True,
        place=2,
        rival=RivalSeen("T1", "TechDala", tenge(7501)),
        floor=tenge(6000),
        reference=tenge(12_990),
    )
    async with db.write() as tx:
        row = await tx.get_one(Product, product.id)
        row.last_reason = Reason.SUSPICIOUS_FALL
        await add_decision(
            tx,
            product,
            PriceStatus.HELD,
            change_reason=Reason.SUSPICIOUS_FALL,
            decision=decision.to_json(),
            old_price=tenge(12_990),
            new_price=None,
            created_at=datetime.now(UTC) - timedelta(minutes=3),
        )
        last = LastDecision(Action.HOLD, Reason.SUSPICIOUS_FALL, decision.target)
        await save_memories(tx, [(product.id, ALMATY, Memory(last_decision=last))])
    return product


async def _shoot(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture where `CUBE_SHOTS` asks for them."""
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.wait_for_timeout(700)
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


async def test_each_rival_has_a_word_and_numbers(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    await _rivals(db, store)
    page = await sign_in(user, "/rivals")
    row = page.get_by_role("row").filter(has_text="Магазин BOT")
    await expect(row).to_contain_text("Похоже, бот")
    await expect(row).to_contain_text("2–4\u00a0мин")
    for name, word in (("SALE", "Распродаёт"), ("HAND", "Меняет руками"), ("GONE", "Ушёл")):
        line = page.get_by_role("row").filter(has_text=f"Магазин {name}")
        await expect(line).to_contain_text(word)
    await audit(page)
    await _shoot(page, "list-desktop-light")
    await page.get_by_role("button", name="Боты").click()
    await expect(page.get_by_role("row").filter(has_text="Магазин HAND")).to_have_count(0)
    await page.wait_for_url("**/rivals?tab=bot")
    await page.get_by_placeholder("Название продавца").fill("нет такого")
    await expect(page.get_by_text("Никого не нашлось")).to_be_visible()


async def test_a_rival_is_left_out_of_the_store_and_taken_back(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    await _rivals(db, store)
    page = await sign_in(user, "/rivals")
    await page.get_by_role("button", name="Магазин BOT").click()
    panel = page.get_by_role("dialog")
    await expect(panel).to_contain_text("Постоянный шаг 1\u00a0₸")
    await expect(panel).to_contain_text("вероятно, не пойдёт")
    await audit(page)
    await _shoot(page, "panel-desktop-light")
    await panel.get_by_role("button", name="Не учитывать в магазине").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("на всех товарах магазина «Тау Маркет»")
    await question.get_by_role("button", name="Не учитывать").click()
    await expect(page.get_by_text("«Магазин BOT» больше не учитывается")).to_be_visible()

    async def excluded() -> list[str]:
        async with db.read() as tx:
            (settings,) = (await tx.scalars(select(DempingSettings))).all()
        return settings.excluded_merchant_ids

    assert await excluded() == ["BOT"]
    await panel.get_by_role("button", name="Снова учитывать в магазине").click()
    await expect(panel.get_by_role("button", name="Не учитывать в магазине")).to_be_visible()
    assert await excluded() == []


async def test_a_panel_opens_by_keyboard_keeps_the_focus_and_gives_it_back(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db)
    await _rivals(db, store)
    page = await sign_in(user, "/rivals")
    opener = page.get_by_role("button", name="Магазин BOT")
    await expect(opener).to_be_visible()
    assert await walk(page) == []
    await opener.focus()
    await page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    await expect(panel).to_contain_text("Не учитывать в магазине")
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_a_rival_is_left_out_on_one_product_only(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    goods = await _rivals(db, store)
    page = await sign_in(user, "/rivals")
    await page.get_by_role("button", name="Магазин HAND").click()
    panel = page.get_by_role("dialog")
    await panel.get_by_role("button", name="Не учитывать", exact=True).click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Не учитывать").click()
    await expect(panel.get_by_role("button", name="Учитывать", exact=True)).to_be_visible()
    async with db.read() as tx:
        rows = (await tx.scalars(select(Product).where(col(Product.rival_filters) != {}))).all()
    assert [(row.id, row.rival_filters) for row in rows] == [
        (goods["3"].id, {"excluded_merchants": ["HAND"]})
    ]


async def test_a_store_that_nobody_has_counted_yet_says_so(db: Database, sign_in: Any) -> None:
    user, _ = await _seller(db)
    page = await sign_in(user, "/rivals")
    await expect(page.get_by_text("Считаем конкурентов")).to_be_visible()


async def test_a_held_fall_is_agreed_to_with_its_numbers(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    product = await _held(db, store)
    page = await sign_in(user, "/")
    await page.get_by_role("link", name="Решить").click()
    await page.wait_for_url("**/products?tab=held")
    await page.get_by_role("link", name="Колонка Kirmo Boom 40").click()
    told = "Цена упадёт с 12\u00a0990\u00a0₸ до 7\u00a0500\u00a0₸, на 42,3\u00a0%"
    await expect(page.get_by_text(told)).to_be_visible()
    await expect(page.get_by_text("Обычная цена за сутки 12\u00a0990\u00a0₸").first).to_be_visible()
    await _shoot(page, "held-desktop-light")
    await page.get_by_role("button", name="Разрешить снижение").first.click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("уйдёт ниже 7\u00a0275\u00a0₸, бот спросит снова")
    await _shoot(page, "consent-desktop-light", whole=False)
    await dialog.get_by_role("button", name="Разрешить снижение").click()
    await expect(page.get_by_text("Снижение разрешено до").first).to_be_visible()
    async with db.read() as tx:
        row = await tx.get_one(Product, product.id)
    assert row.big_fall_allowed_until is not None


async def test_a_war_shows_its_cost_and_its_rest_is_ended_or_prolonged(
    db: Database, sign_in: Any
) -> None:
    user, store = await _seller(db)
    product, war = await _at_war(db, store)
    page = await sign_in(user, "/")
    await expect(page.get_by_text("1\u00a0ценовая война за 7 дней")).to_be_visible()
    await page.goto(page.url + "products?tab=war")
    await expect(page.get_by_role("row").filter(has_text="Пауза войны")).to_have_count(1)
    await page.get_by_role("link", name="Наушники Velaro Air 3").click()
    card = page.get_by_role("region", name="Ценовая война")
    await expect(card).to_contain_text("Каждая продажа за время войны стоит на")
    await expect(card).to_contain_text("Конкурент дошёл до 11\u00a0600\u00a0₸")
    await audit(page)
    await _shoot(page, "war-desktop-light")
    await card.get_by_role("button", name="Ещё 2 часа").click()
    await expect(page.get_by_text("Пауза продлена до").first).to_be_visible()
    await card.get_by_role("button", name="Закончить паузу").click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("Цена может стать")
    await expect(dialog).to_contain_text("11\u00a0599\u00a0₸")
    await dialog.get_by_role("button", name="Закончить паузу").click()
    ended = page.get_by_role("region", name="Последняя ценовая война")
    await expect(ended).to_contain_text("паузу закончили вы")
    async with db.read() as tx:
        row = await tx.get_one(PriceWar, war.id)
        kept = await tx.get_one(Product, product.id)
    assert row.end_reason == "by_seller"
    assert kept.next_check_at > war.called_at


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_nothing_scrolls_sideways(db: Database, sign_in: Any, scheme: str) -> None:
    user, store = await _seller(db)
    await _rivals(db, store)
    product, _ = await _at_war(db, store)
    held = await _held(db, store)
    page = await sign_in(user, "/rivals", phone=True)
    await page.emulate_media(color_scheme=scheme)
    await expect(page.get_by_role("button", name="Магазин BOT")).to_be_visible()
    await audit(page)
    await _shoot(page, f"list-phone-{scheme}")
    await page.get_by_role("button", name="Магазин BOT").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Где вы встречаетесь")
    await audit(page)
    await _shoot(page, f"panel-phone-{scheme}", whole=False)
    base = page.url.split("/rivals")[0]
    for name, shown in (("war", product), ("held", held)):
        await page.goto(f"{base}/products/{shown.id}")
        await expect(page.get_by_role("heading", name=shown.name)).to_be_visible()
        await expect(page.get_by_text("Почему такая цена")).to_be_visible()
        await audit(page)
        await _shoot(page, f"{name}-phone-{scheme}")


async def test_pages_in_the_dark(db: Database, sign_in: Any) -> None:
    user, store = await _seller(db)
    await _rivals(db, store)
    product, _ = await _at_war(db, store)
    page = await sign_in(user, "/rivals")
    await page.emulate_media(color_scheme="dark")
    await page.get_by_role("button", name="Магазин BOT").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Где вы встречаетесь")
    await audit(page)
    await _shoot(page, "panel-desktop-dark")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await _shoot(page, "list-desktop-dark")
    base = page.url.split("/rivals")[0]
    for path, name in (
        ("/", "overview"),
        (f"/products/{product.id}", "war"),
        ("/products", "goods"),
    ):
        await page.goto(base + path)
        await expect(page.locator("h1")).to_be_visible()
        await audit(page)
        await _shoot(page, f"{name}-desktop-dark")
