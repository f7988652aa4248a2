"""The AI salesman in a browser: what he proposes, the seller's word on it, how he is set."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from orders_made import seen, write
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_product, add_store, add_user
from sqlmodel import select

from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan
from cube_demper.models.messages import ScheduledMessage
from cube_demper.models.messaging import (
    WhatsAppContact,
    WhatsAppSession,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.orders import Order
from cube_demper.models.salesman import SalesmanMessage, SalesmanSettings, ThoughtStatus
from cube_demper.models.stores import KaspiStore

pytestmark = pytest.mark.e2e


async def _shop(db: Database) -> tuple[User, KaspiStore]:
    """A store whose salesman has proposed one message."""
    box, now = SecretBox(Settings().keys), datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx, now=now)
        store = await add_store(tx, user, name="Тау Маркет")
        await add_product(tx, store, kaspi_sku="K1", name="Чайник «Алма»", price=1_299_000)
        number = WhatsAppSession(user_id=user.id, name="cube_sales", status="WORKING")
        tx.add_all(
            (WhatsAppSettings(user_id=user.id, consented_at=now, consent_version="1"), number)
        )
        await tx.flush()
        tx.add(WhatsAppStore(store_id=store.id, session_id=number.id, is_enabled=True))
        tx.add(SalesmanSettings(store_id=store.id, is_on=True))
    await write(db, store, [seen("790686780", "NEW", "APPROVED_BY_BANK", now)], now, secrets=box)
    async with db.write() as tx:
        order = (await tx.scalars(select(Order))).one()
        phone = "+77010000001"
        buyer = WhatsAppContact(
            user_id=user.id,
            phone=box.encrypt(phone),
            phone_hash=box.fingerprint(phone),
            name=box.encrypt("Айгерим Тестова"),
        )
        tx.add(buyer)
        await tx.flush()
        for key in ("a", "b"):
            text = "Спасибо за заказ, {name}! Возьмите ещё:\n{goods}"
            tx.add(
                SalesmanMessage(
                    user_id=user.id,
                    store_id=store.id,
                    contact_id=buyer.id,
                    order_id=order.id,
                    trigger="new_order",
                    status=ThoughtStatus.WAITING,
                    dedupe_key=key,
                    template=box.encrypt(text),
                    body=box.encrypt(
                        "Спасибо за заказ, Айгерим! Возьмите ещё:\n• Чайник «Алма» — 12 990 ₸"
                    ),
                    language="ru",
                    skus=["K1"],
                    prices=[1_299_000],
                    due_at=now,
                    written_at=now,
                )
            )
    return user, store


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.wait_for_timeout(700)
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_proposal_is_sent_reworded_and_the_salesman_set(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db)
    page = await sign_in(user, "/messages/salesman")
    rows = page.get_by_role("list", name="Сообщения ИИ-продавца").get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Чайник «Алма» — 12")
    await expect(page.get_by_text("Осталось 3 000 000 из 3 000 000 токенов")).to_be_visible()
    await audit(page)
    await _shoot(page, "salesman-desktop")
    await rows.first.get_by_role("button", name="Отправить").click()
    await expect(page.get_by_text("Сообщение отдано в отправку")).to_be_visible()
    await expect(rows).to_have_count(1)
    await rows.first.get_by_role("button", name="Изменить").click()
    await page.get_by_label("Текст").fill("коротко")
    await page.get_by_role("dialog").get_by_role("button", name="Отправить").click()
    await expect(page.get_by_text("от 20 до 900 знаков")).to_be_visible()
    await page.get_by_label("Текст").fill("Айгерим, спасибо за заказ! Приходите ещё.")
    await audit(page)
    await page.get_by_role("dialog").get_by_role("button", name="Отправить").click()
    await expect(page.get_by_text("Решать пока нечего")).to_be_visible()
    async with db.read() as tx:
        queued = (await tx.scalars(select(ScheduledMessage))).all()
    assert [it.kind for it in queued] == ["salesman", "salesman"]
    await page.get_by_role("button", name="Настроить").click()
    await page.get_by_label("Скидка до, %").fill("40")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Скидка от 2 до 15 % или 0")).to_be_visible()
    await page.get_by_label("Скидка до, %").fill("10")
    await page.get_by_label("Как отправлять").select_option("auto")
    await audit(page)
    await _shoot(page, "salesman-settings")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Пишет сам")).to_be_visible()
    await page.get_by_role("button", name="Отправлены").click()
    await expect(rows).to_have_count(2)


async def test_on_a_phone_and_without_the_plan(db: Database, sign_in: Any) -> None:
    user, _ = await _shop(db)
    page = await sign_in(user, "/messages/salesman", phone=True)
    await expect(page.get_by_role("button", name="Отклонить")).to_have_count(2)
    await audit(page)
    await _shoot(page, "salesman-phone")
    await page.get_by_role("button", name="Отклонить").first.click()
    await expect(page.get_by_role("button", name="Отклонить")).to_have_count(1)
    async with db.write() as tx:
        basic = await add_user(tx, plan=Plan.BASIC, now=datetime.now(UTC))
    page = await sign_in(basic, "/messages/salesman")
    await expect(page.get_by_text("ИИ-помощники — в тарифе PRO")).to_be_visible()
    await expect(page.get_by_text("Решать пока нечего")).to_have_count(0)
    await _shoot(page, "salesman-locked")
