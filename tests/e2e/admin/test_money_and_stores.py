"""An admin's day: confirms a transfer, gives a part back, pauses a bot; every deed stands in the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from money_scene import add_seller, begin, read
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_product, add_store, add_user
from sqlmodel import col, select

from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts import passwords
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.billing import PaymentMethod, Plan
from cube_demper.models.operations import AuditEntry, Notification

pytestmark = pytest.mark.e2e

PASSWORD = "пять синих чашек чая"


@pytest.fixture
async def admin(db: Database) -> User:
    async with db.write() as tx:
        return await add_user(
            tx,
            plan=None,
            email=f"{uuid4().hex[:10]}@example.kz",
            role=UserRole.ADMIN,
            password_hash=await passwords.hash_password(PASSWORD),
        )


async def prove(page: Page) -> None:
    """Answer the question for the password."""
    await page.get_by_label("Ваш пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Продолжить").click()


async def test_a_transfer_is_confirmed_and_a_part_given_back(
    sign_in: Any, admin: User, db: Database
) -> None:
    now = datetime.now(UTC)
    seller = await add_seller(db, now)
    payment = await begin(db, seller, Plan.BASIC, now, method=PaymentMethod.BANK_INVOICE)
    page = await sign_in(admin, "/payments?tab=waiting", app=CubeApp.ADMIN)
    await page.get_by_role("button", name=payment.invoice_id).click()
    await page.get_by_role("button", name="Подтвердить перевод").click()
    form = page.get_by_role("dialog", name="Деньги пришли?")
    await form.get_by_label("Номер операции").fill("4711")
    await form.get_by_role("button", name="Подтвердить перевод").click()
    await prove(page)
    await expect(page.get_by_text("приняты, оплачен")).to_be_visible()
    assert (await read(db, payment)).status == "paid"

    await page.get_by_role("button", name="Вернуть деньги").click()
    form = page.get_by_role("dialog", name="Вернуть деньги?")
    await form.get_by_label("Вернуть", exact=True).fill("4000")
    await form.get_by_role("button", name="Вернуть деньги").click()
    await expect(form.get_by_text("Напишите причину")).to_be_visible()
    await form.get_by_label("Причина").fill("Простой сервиса")
    await form.get_by_role("button", name="Вернуть деньги").click()
    await expect(page.get_by_text("Возвращён частично").first).to_be_visible()
    assert (await read(db, payment)).refunded == 400_000
    async with db.read() as tx:
        deeds = await tx.scalars(
            select(AuditEntry.action).where(col(AuditEntry.actor_id) == admin.id)
        )
    assert {"transfer_confirmed", "refund_requested"} <= set(deeds.all())


async def test_a_bot_is_paused_from_the_list_on_a_phone(
    sign_in: Any, admin: User, db: Database
) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx), name=f"Тау {uuid4().hex[:6]}")
        await add_product(tx, store)
    page = await sign_in(admin, f"/stores?q={store.merchant_id}", phone=True, app=CubeApp.ADMIN)
    await page.get_by_role("button", name=store.name).click()
    await page.get_by_role("button", name="Остановить бота").click()
    form = page.get_by_role("dialog", name="Остановить бота магазина?")
    await expect(form.get_by_text("1 товар")).to_be_visible()
    await form.get_by_label("Причина").fill("Цены ниже закупки")
    await form.get_by_role("button", name="Остановить бота").click()
    await prove(page)
    await expect(page.get_by_role("button", name="Запустить бота")).to_be_visible()
    async with db.read() as tx:
        told = await tx.scalar(select(Notification).where(Notification.store_id == store.id))
    assert told
    assert "Цены ниже закупки" in told.body


@pytest.mark.parametrize(
    "path",
    ["/", "/stores", "/payments", "/payouts", "/partners", "/operations", "/proxies", "/rates",
     "/plans", "/announcements"],
)  # fmt: skip
async def test_pages_are_whole_and_fit_a_phone(sign_in: Any, admin: User, path: str) -> None:
    page = await sign_in(admin, path, phone=True, app=CubeApp.ADMIN)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await audit(page)


async def test_an_announcement_stands_over_the_sellers_pages_until_closed(
    sign_in: Any, admin: User, db: Database
) -> None:
    from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role  # noqa: PLC0415
    from cube_demper.domain.announcements import service as announcements  # noqa: PLC0415

    now, title = datetime.now(UTC), f"Работы {uuid4().hex[:6]}"
    async with db.write() as tx:
        user = await add_user(tx)
        draft = announcements.Draft(title, "Ночью цены постоят.", now, now + timedelta(days=1))
        number = await announcements.publish(tx, Actor(Role.ADMIN, admin.id), draft, now)
        await announcements.tell(tx, SYSTEM, {"announcement_id": str(number)}, now)
    page = await sign_in(user, "/products")
    bar = page.get_by_role("status").filter(has_text=title)
    await expect(bar).to_be_visible()
    await bar.get_by_role("button", name="Закрыть").click()
    await expect(bar).to_be_hidden()
