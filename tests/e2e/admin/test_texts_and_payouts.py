"""An admin changes the words that all sellers' buyers read, and pays partners out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from page_audit import audit, reopened
from partner_scene import PAYEE, Programme, add_partner
from playwright.async_api import Page, expect
from records import add_user
from sqlmodel import col, select

from cube_demper.core.clock import SystemClock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts import passwords
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.texts import default_text
from cube_demper.domain.partners import accrual, payouts
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.operations import AuditEntry

pytestmark = pytest.mark.e2e

PASSWORD = "пять синих чашек чая"
SHIPPED = default_text(TriggerEvent.ORDER_SHIPPED, Language.KK)


@pytest.fixture
async def admin(db: Database) -> User:
    """Who acts."""
    async with db.write() as tx:
        return await add_user(
            tx,
            plan=None,
            email=f"boss-{uuid4().hex[:8]}@example.kz",
            role=UserRole.ADMIN,
            password_hash=await passwords.hash_password(PASSWORD),
        )


async def _prove(page: Page) -> None:
    await page.get_by_label("Ваш пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Продолжить").click()


async def test_a_default_text_is_changed_seen_by_a_seller_and_brought_back(
    sign_in: Any, admin: User, db: Database
) -> None:
    where = "?event=order_shipped&lang=kk"
    page = await sign_in(admin, f"/templates{where}", app=CubeApp.ADMIN)
    field, save = page.locator("#text"), page.get_by_role("button", name="Сменить текст")
    await expect(field).to_have_value(SHIPPED)
    await expect(save).to_be_disabled()
    await audit(page)

    await field.fill("№ {order_code} жолда, {сыйлық}")
    await expect(page.locator("#preview")).to_contain_text("№ 790686780 жолда, {сыйлық}")
    await expect(page.get_by_text("Таких переменных нет: {сыйлық}")).to_be_visible()
    await save.click()
    question = page.get_by_role("alertdialog", name="Сменить текст «Заказ отправлен» по-казахски?")
    await expect(question.get_by_text("{сыйлық}")).to_be_visible()
    await audit(page)
    await question.get_by_role("button", name="Отмена").click()
    await expect(question).to_have_count(0)
    await field.fill("№ {order_code} жолда")
    await save.click()
    await question.get_by_role("button", name="Сменить").click()
    await _prove(page)
    await expect(page.get_by_text("Текст сменён")).to_be_visible()
    history = page.get_by_role("region", name="История")
    await expect(history.get_by_text(admin.email)).to_be_visible()
    await expect(save).to_be_disabled()

    async with db.write() as tx:
        seller = await add_user(tx)
    theirs = await sign_in(seller, f"/messages/templates{where}")
    await expect(theirs.locator("#text")).to_have_value("№ {order_code} жолда")
    await expect(theirs.get_by_text("наш текст")).to_be_visible()

    await history.get_by_role("button", name="Вернуть").click()
    await expect(field).to_have_value(SHIPPED)
    await save.click()
    await question.get_by_role("button", name="Сменить").click()
    await expect(history.get_by_text("исходный текст сервиса").first).to_be_visible()
    await reopened(theirs)
    await expect(theirs.locator("#text")).to_have_value(SHIPPED)
    async with db.read() as tx:
        query = select(AuditEntry).where(col(AuditEntry.action) == "default_text_changed")
        rows = (await tx.scalars(query.order_by(col(AuditEntry.created_at)))).all()
    assert [(it.before or {})["text"] for it in rows] == [SHIPPED, "№ {order_code} жолда"]


async def test_nonsense_is_refused_and_a_colleague_who_was_first_is_not_overwritten(
    sign_in: Any, admin: User, db: Database
) -> None:
    one = await sign_in(admin, "/templates", phone=True, app=CubeApp.ADMIN)
    two = await sign_in(admin, "/templates", app=CubeApp.ADMIN)
    await audit(one)
    await one.locator("#text").fill("а" * 1001)
    await expect(one.get_by_text("Лишних знаков: 1")).to_be_visible()
    await one.get_by_role("button", name="Сменить текст").click()
    await expect(one.get_by_text("нужно не больше 1000").first).to_be_visible()
    await one.locator("#text").fill("   ")
    await one.get_by_role("button", name="Сменить текст").click()
    await expect(one.get_by_text("пустое сообщение не уйдёт").first).to_be_visible()

    for page, text in ((one, "Первый"), (two, "Второй")):
        await page.locator("#text").fill(text)
        await page.get_by_role("button", name="Сменить текст").click()
        await page.get_by_role("alertdialog").get_by_role("button", name="Сменить").click()
        await _prove(page)
    await expect(one.get_by_text("Текст сменён")).to_be_visible()
    await expect(two.get_by_text("изменил другой администратор").first).to_be_visible()
    await expect(two.locator("#text")).to_have_value("Второй")


async def _asked(programme: Programme, db: Database, amounts: tuple[int, ...]) -> None:
    """Earn, and ask for one payout after another; all but the last are refused first."""
    now = SystemClock().now()
    for _ in range(8):
        await programme.buy(
            await programme.sign_up(now - timedelta(days=20)), now - timedelta(days=20)
        )
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, now)
        for amount in amounts:
            await payouts.request(
                tx, programme.actor, amount, PAYEE, secrets=SecretBox(Settings().keys), now=now
            )


async def test_payouts_are_approved_paid_and_refused(
    sign_in: Any, admin: User, db: Database
) -> None:
    programme = await add_partner(db, email=f"p-{uuid4().hex[:8]}@example.kz")
    await _asked(programme, db, (500_000,))
    page = await sign_in(admin, "/payouts", app=CubeApp.ADMIN)
    line = page.get_by_role("row", name=programme.email)
    await line.get_by_role("button", name="Одобрить").click()
    form = page.get_by_role("dialog", name="Одобрить выплату?")
    await audit(page)
    await form.get_by_role("button", name="Одобрить").click()
    await _prove(page)
    await line.get_by_role("button", name="Выплачено").click()
    form = page.get_by_role("dialog", name="Деньги отправлены?")
    await form.get_by_role("button", name="Отметить выплату").click()
    await expect(form.get_by_text("Напишите номер")).to_be_visible()
    await form.get_by_label("Платёжное поручение").fill("ПП 2001")
    await form.get_by_role("button", name="Отметить выплату").click()
    await expect(line.get_by_text("ПП 2001")).to_be_visible()
    assert (await programme.balance()).paid == 500_000

    async with db.write() as tx:
        await payouts.request(
            tx, programme.actor, 600_000, PAYEE,
            secrets=SecretBox(Settings().keys), now=SystemClock().now(),
        )  # fmt: skip
    await reopened(page)
    await page.get_by_role("button", name="Отказать").first.click()
    form = page.get_by_role("dialog", name="Отказать в выплате?")
    await form.get_by_role("button", name="Отказать").click()
    await expect(form.get_by_text("Напишите причину")).to_be_visible()
    await form.get_by_label("Причина").fill("Счёт закрыт")
    await form.get_by_role("button", name="Отказать").click()
    await expect(page.get_by_text("Счёт закрыт")).to_be_visible()
    await audit(page)
    async with db.read() as tx:
        deeds = (
            await tx.scalars(select(AuditEntry).where(col(AuditEntry.actor_id) == admin.id))
        ).all()
    changes = {it.action: (it.before, it.after) for it in deeds}
    assert changes["payout_approved"] == ({"status": "requested"}, {"status": "approved"})
    assert changes["payout_paid"] == ({"status": "approved"}, {"status": "paid"})
    assert changes["payout_refused"] == ({"status": "requested"}, {"status": "refused"})
