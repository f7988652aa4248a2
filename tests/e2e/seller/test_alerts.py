"""Notifications, settings, staff and help in a browser: the main journeys and how the pages look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from page_audit import audit
from playwright.async_api import Page, expect
from pricing_bot import POINTS, STOCK
from records import add_decision, add_product, add_store, add_user
from sqlmodel import col, select

from cube_demper.core.ids import new_token, token_hash
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.accounts import User
from cube_demper.models.operations import AuditEntry, Notification
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.staff import StaffMember
from cube_demper.models.telling import NotificationWishes

pytestmark = pytest.mark.e2e
_NEWS = (
    ("bot_silent", "Бот не работает", "Цены 812 товаров сейчас никто не проверяет."),
    ("needs_reauth", "«Тау Маркет»: войдите в Kaspi заново", "Kaspi просит код из SMS."),
    ("floor_hit", "5 товаров дошли до мин. цены", "«Тау Маркет». Конкуренты дешевле."),
    ("suspicious_price", "Подозрительно низкая цена: «Чайник Scarlett»", "Бот ждёт решения."),
    ("export_ready", "Архив ваших данных готов", "Скачать его можно один раз."),
)


async def _told(db: Database) -> User:
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx, full_name="Айгуль Сапарова")
        store = await add_store(tx, user, name="Тау Маркет", points=POINTS)
        await add_product(tx, store, last_check_time=now)
        for number, (kind, title, body) in enumerate(_NEWS):
            tell = Tell(user.id, kind, title, str(number), body, link=f"/products?store={store.id}")
            await notifications.notify(tx, SYSTEM, tell)
        for number, row in enumerate(await tx.scalars(select(Notification))):
            row.created_at = now - timedelta(minutes=7 * number)
            row.read_at = now if row.kind == "export_ready" else None
    return user


async def test_bell_and_page_agree_live_and_are_read(db: Database, sign_in: Any) -> None:
    user = await _told(db)
    page: Page = await sign_in(user, "/notifications")
    await expect(page.get_by_text("4 непрочитанных из 5.")).to_be_visible()
    bell = page.get_by_role("button", name="Уведомления: 4")
    await expect(bell).to_be_visible()
    await page.get_by_role("button", name="Прочитано", exact=True).first.click()
    await expect(page.get_by_role("button", name="Уведомления: 3")).to_be_visible()
    await page.get_by_role("button", name="Товары дошли до мин. цены").click()
    await expect(page.get_by_text("5 товаров дошли до мин. цены")).to_be_visible()
    await expect(page.get_by_text("Бот не работает").locator("visible=true")).to_have_count(1)
    await page.get_by_role("button", name="Прочитать все").click()
    await expect(page.get_by_text("Всё прочитано.")).to_be_visible()
    await expect(page.get_by_role("button", name="Уведомления: 0")).to_be_visible()


async def test_wishes_are_saved_and_refused_in_words(db: Database, sign_in: Any) -> None:
    user = await _told(db)
    page: Page = await sign_in(user, "/settings?tab=notifications")
    box = page.get_by_role("switch", name="Ценовая война: почта")
    await expect(box).to_be_checked()
    await box.click()
    await expect(box).not_to_be_checked()
    await page.get_by_label("Письма и Telegram не чаще").fill("2")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("От 5 минут до суток")).to_be_visible()
    await page.get_by_label("Письма и Telegram не чаще").fill("60")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено.")).to_be_visible()
    async with db.read() as tx:
        row = (await tx.scalars(select(NotificationWishes))).one()
    assert (row.off, row.digest_minutes) == (["price_war:mail"], 60)


async def test_the_last_hour_goes_back_after_its_numbers(db: Database, sign_in: Any) -> None:
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет", points=POINTS)
        product = await add_product(
            tx, store, price=990_000, availabilities=STOCK, next_check_at=now + timedelta(hours=1)
        )
        await add_decision(tx, product, PriceStatus.CONFIRMED, sent_at=now - timedelta(minutes=20))
        product.base_price = 1_000_000
    page: Page = await sign_in(user, "/bot")
    await page.get_by_role("button", name="Вернуть цены часа назад").click()
    question = page.get_by_role("dialog")
    await expect(question).to_contain_text("Вернуть цены 1\u00a0товара?")
    await expect(question).to_contain_text("Цен поднимется1")
    await question.get_by_role("button", name="Вернуть цены").click()
    await expect(page.get_by_text("Возвращаем цены 1\u00a0товара")).to_be_visible()
    async with db.read() as tx:
        queued = select(PriceHistory).where(col(PriceHistory.status) == PriceStatus.QUEUED)
        row = (await tx.scalars(queued)).one()
    assert (row.new_price, row.change_reason) == (1_000_000, "returned_by_seller")


async def test_a_manager_joins_looks_and_may_not_change(db: Database, sign_in: Any) -> None:
    owner, token = await _told(db), new_token()
    async with db.write() as tx:
        helper = await add_user(tx, email="help@example.kz")
        tx.add(
            StaffMember(
                owner_id=owner.id,
                email="help@example.kz",
                rights=["stores"],
                token_hash=token_hash(token),
                expires_at=datetime.now(UTC) + timedelta(days=1),
            )
        )
    page: Page = await sign_in(helper, f"/staff?token={token}")
    await expect(page.get_by_text("Айгуль Сапарова приглашает вас")).to_be_visible()
    await page.get_by_role("button", name="Принять приглашение").click()
    await page.wait_for_url(lambda url: "staff" not in url)
    told = page.get_by_text("Здесь вы только смотрите: права «Цены и бот» у вас нет")
    await page.goto(urljoin(page.url, "/stores"))
    await expect(page.get_by_role("heading", name="Магазины", level=1)).to_be_visible()
    await expect(page.get_by_role("button", name="Ещё: Тау Маркет")).to_be_visible()
    await expect(told).to_have_count(0)
    await page.goto(urljoin(page.url, "/bot"))
    await expect(told).to_be_visible()
    await page.get_by_role("button", name="Остановить", exact=True).click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Остановить").click()
    await expect(page.get_by_text("Попросите владельца магазина")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "/notifications",
        "/settings",
        "/settings?tab=notifications",
        "/settings?tab=staff",
        "/settings?tab=data",
        "/help",
    ],
)
async def test_pages_are_accessible_and_never_scroll_sideways(
    db: Database, sign_in: Any, path: str, *, phone: bool
) -> None:
    user = await _told(db)
    async with db.write() as tx:
        for email, rights, joined in (
            ("manager@example.kz", ["prices"], datetime.now(UTC)),
            ("new@example.kz", [], None),
        ):
            tx.add(
                StaffMember(
                    owner_id=user.id,
                    email=email,
                    rights=rights,
                    accepted_at=joined,
                    expires_at=datetime.now(UTC) + timedelta(days=7),
                )
            )
        tx.add(
            AuditEntry(
                actor_id=user.id,
                owner_id=user.id,
                actor_role="user",
                action="bot_stopped",
                entity="store",
                entity_id=str(uuid4()),
            )
        )
    page: Page = await sign_in(user, path, phone=phone)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await audit(page)
