"""A friend comes by a seller's link, pays, and the bonus pays a part of the seller's own plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from billing_journey import shop
from money_scene import begin, pay
from page_audit import audit, opened
from playwright.async_api import Browser, expect
from records import seller
from sqlmodel import select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.referrals import service as referrals
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan

pytestmark = pytest.mark.e2e


async def _come(browser: Browser, link: str, email: str) -> None:
    """Open the link as nobody, on a phone, and sign up."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
    page = await context.new_page()
    page.set_default_timeout(60_000)
    await page.goto(link)
    await opened(page)
    await page.get_by_label("Имя").fill("Асхат Нұрланов")
    await page.get_by_label("Почта").fill(email)
    await page.get_by_label("Пароль", exact=True).fill("пять синих чашек чая")
    await page.get_by_label("Принимаю").check()
    await page.get_by_role("button", name="Создать учётную запись").click()
    await expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    await context.close()


async def _pays(db: Database, email: str, now: datetime) -> None:
    async with db.write() as tx:
        friend = (await tx.scalars(select(User).where(User.email == email))).one()
        friend.email_confirmed_at = now
    payment = await begin(db, seller(friend), Plan.BASIC, now)
    await pay(db, payment, now)
    async with db.write() as tx:
        await referrals.accrue(tx, SYSTEM, {"payment_id": str(payment.id)}, now)


async def test_a_friend_pays_and_the_bonus_pays_for_the_sellers_plan(
    db: Database, sign_in: Any, browser: Browser, seller_app: str
) -> None:
    owner, email, now = await shop(db), f"{uuid4().hex[:12]}@example.kz", datetime.now(UTC)
    page = await sign_in(owner, "/referrals", phone=True)
    await expect(page.get_by_text("Пока никто не пришёл")).to_be_visible()
    link = await page.get_by_text(f"/r/{owner.referral_code}").first.inner_text()
    await _come(browser, link, email)
    friend = page.locator("tr").filter(has_text="Асхат Н.")
    await expect(friend).to_contain_text("почта не подтверждена")
    await _pays(db, email, now)
    await page.goto(f"{seller_app}/referrals")
    await expect(friend).to_contain_text("до этого дня оплату могут вернуть")
    await audit(page)
    async with db.write() as tx:
        assert await referrals.release_due(tx, SYSTEM, now + timedelta(days=15)) == 1
    await page.goto(f"{seller_app}/referrals")
    await expect(friend).to_contain_text("Бонус на вашем балансе")
    await page.goto(f"{seller_app}/billing?plan=basic")
    await opened(page)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("−999\u00a0₸")
    await dialog.get_by_role("radio", name="Перевод Kaspi").check()
    await dialog.get_by_role("button", name="Оплатить 9\u00a0000\u00a0₸").click()
    await expect(page.get_by_text("Ждём оплату 9\u00a0000\u00a0₸ за тариф BASIC")).to_be_visible()
