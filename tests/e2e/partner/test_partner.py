"""A partner's journey in a browser: link, registration, payment, commission, payout."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from page_audit import audit, opened
from partner_scene import PASSWORD, PAYEE, PHONE, Programme, add_partner
from playwright.async_api import Browser, Page, expect
from sqlmodel import col, select
from tiptoppay_stage import terminal_at

from cube_demper.core.clock import SystemClock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing.settling import PAID_TOPIC
from cube_demper.domain.partners import accrual, deciding, payouts
from cube_demper.models.accounts import User
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.partner_program import PartnerPayout
from workers.topics import FOLLOWERS

pytestmark = pytest.mark.e2e

DAY = timedelta(days=1)
_PATIENCE = 60_000


@pytest.fixture
async def programme(db: Database) -> Programme:
    return await add_partner(db, f"{uuid4().hex[:10]}@example.kz")


async def _tab(browser: Browser, *, phone: bool = False, agent: str | None = None) -> Page:
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    context = await browser.new_context(viewport=size, locale="ru-RU", user_agent=agent)  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE)
    return page


async def _sign_in(page: Page, site: str, programme: Programme) -> None:
    await opened_at(page, f"{site}/login?next=%2Flinks")
    await page.get_by_label("Почта").fill(programme.email)
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{site}/links")


async def opened_at(page: Page, url: str) -> None:
    await page.goto(url)
    await opened(page)


async def _register(page: Page, link: str, email: str) -> None:
    """Come by a partner's link and sign up."""
    await page.goto(link)
    await page.get_by_role("link", name="Попробовать").first.click()
    await opened(page)
    await page.get_by_label("Почта").fill(email)
    await page.get_by_label("Пароль", exact=True).fill("пять синих чашек чая")
    await page.get_by_label("Принимаю").check()
    await page.get_by_role("button", name="Создать учётную запись").click()
    await expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()


@pytest.fixture
async def till(seller_app: str, card_port: int, sign_in: Any) -> AsyncIterator[Any]:
    """The gateway with its payment page, and the way of a seller to it."""
    async with terminal_at(seller_app, card_port):
        yield sign_in


async def _pays(db: Database, sign_in: Any, email: str, now: datetime) -> None:
    """Let the friend pay by card on the gateway's page, and the worker hear of it."""
    async with db.write() as tx:
        user = (await tx.scalars(select(User).where(User.email == email))).one()
        user.email_confirmed_at = now
    page = await sign_in(user, "/billing?plan=pro")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name="Банковская карта")).to_be_checked()
    await dialog.get_by_role("button", name="Оплатить 29\u00a0999\u00a0₸").click()
    await page.get_by_role("button", name="4000 0000 0000 0341").click()
    await expect(page.get_by_text("оплаченные дни начнутся").first).to_be_visible()
    paid = select(OutboxMessage).where(
        OutboxMessage.topic == PAID_TOPIC, col(OutboxMessage.done_at).is_(None)
    )
    async with db.write() as tx:
        for message in (await tx.scalars(paid)).all():
            message.done_at = now
            for each in FOLLOWERS[PAID_TOPIC]:
                await each(tx, SYSTEM, message.payload, now)


async def _clear(db: Database, now: datetime) -> None:
    async with db.write() as tx:
        (doubted,) = await deciding.doubted(tx, SYSTEM)
        await deciding.clear(tx, SYSTEM, doubted.id, now)


def _payouts_of(programme: Programme) -> Any:
    return select(PartnerPayout).where(col(PartnerPayout.partner_id) == programme.partner_id)


async def _is_paid_out(partner: Page, site: str, programme: Programme, now: datetime) -> int:
    """Ask for the money, once with a slip in a number, and let the operator pay; return the sum."""
    await opened_at(partner, f"{site}/payouts")
    await partner.get_by_role("button", name="Запросить выплату").click()
    form = partner.get_by_role("dialog")
    await form.get_by_label("Получатель").fill("ИП Ахметов")
    await form.get_by_label("ИИН или БИН").fill("900101300018")
    await form.get_by_label("Счёт (IBAN)").fill("kz86 125k zt50 0410 0100")
    await form.get_by_role("button", name="Запросить выплату").click()
    await expect(form.get_by_text("Контрольная цифра не сошлась")).to_be_visible()
    await audit(partner)
    await form.get_by_label("ИИН или БИН").fill("900101300017")
    await form.get_by_role("button", name="Запросить выплату").click()
    await expect(partner.get_by_text("Ждёт решения")).to_be_visible()
    db = programme.db
    async with db.write() as tx:
        row = (await tx.scalars(_payouts_of(programme))).one()
        await payouts.approve(tx, SYSTEM, row.id, now)
    async with db.write() as tx:
        await payouts.pay(tx, SYSTEM, row.id, "ПП 7", now)
    await opened_at(partner, f"{site}/payouts")
    await expect(partner.get_by_text("Выплачена")).to_be_visible()
    await audit(partner)
    return row.amount


async def test_from_a_link_to_money_in_the_bank(
    seller_app: str,
    partner_app: str,
    programme: Programme,
    browser: Browser,
    till: Any,
) -> None:
    db = programme.db
    now = SystemClock().now()
    partner = await _tab(browser)
    await _sign_in(partner, partner_app, programme)
    await audit(partner)
    link = f"{seller_app}/p/{programme.link_code}"
    await expect(partner.get_by_text(link)).to_be_visible()

    # A click shows itself on the open page.
    await opened_at(partner, partner_app)
    clicks = partner.locator(".k-tile", has_text="Переходы").locator(".k-tile-value")
    await expect(clicks).to_have_text("0")
    visitor = await _tab(browser, phone=True, agent=PHONE)
    email = f"{uuid4().hex[:10]}@example.kz"
    await _register(visitor, link, email)
    await expect(clicks).to_have_text("1")
    await audit(partner)

    # The seller pays; the partner reads why the money waits.
    await _pays(db, till, email, now)
    await opened_at(partner, f"{partner_app}/leads")
    leads = partner.get_by_role("table")
    await expect(leads.get_by_text("На проверке")).to_be_visible()
    assert email not in await partner.content()
    await leads.get_by_role("button").first.click()
    panel = partner.get_by_role("dialog")
    # Everybody here has one address: that is a sign of fraud, which a person clears.
    await expect(panel.get_by_text("регистрация с вашего интернет-адреса")).to_be_visible()
    await _clear(db, now)
    await opened_at(partner, f"{partner_app}/leads")
    await leads.get_by_role("button").first.click()
    await expect(panel.get_by_text("5\u00a0999,80\u00a0₸ на удержании до")).to_be_visible()
    await audit(partner)
    await partner.keyboard.press("Escape")
    await opened_at(partner, f"{partner_app}/transactions")
    await expect(partner.get_by_text("20\u00a0% от 29\u00a0999\u00a0₸")).to_be_visible()
    await audit(partner)

    async with db.write() as tx:
        assert await accrual.release_due(tx, SYSTEM, now + 15 * DAY) == 1
    paid = await _is_paid_out(partner, partner_app, programme, now)
    assert (await programme.balance()).paid == paid


async def test_another_account_takes_the_password_and_a_day(
    partner_app: str, programme: Programme, db: Database, browser: Browser
) -> None:
    now = SystemClock().now()
    for _ in range(6):
        await programme.buy(await programme.sign_up(now - 20 * DAY), now - 20 * DAY)
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, now)
        await payouts.request(
            tx, programme.actor, 500_000, PAYEE, secrets=SecretBox(Settings().keys), now=now
        )
    async with db.write() as tx:
        row = (await tx.scalars(_payouts_of(programme))).one()
        await payouts.refuse(tx, SYSTEM, row.id, "Счёт закрыт.", now)
    page = await _tab(browser, phone=True)
    await _sign_in(page, partner_app, programme)
    await opened_at(page, f"{partner_app}/payouts")
    await expect(page.get_by_text("Счёт закрыт. Сумма снова на счету.")).to_be_visible()
    await page.get_by_role("button", name="Запросить выплату").click()
    form = page.get_by_role("dialog")
    await expect(form.get_by_text("KZ86•••0100")).to_be_visible()
    await audit(page)
    await form.get_by_role("button", name="Другой счёт").click()
    await form.get_by_label("Получатель").fill("ИП Ахметов")
    await form.get_by_label("ИИН или БИН").fill("900101300017")
    await form.get_by_label("Счёт (IBAN)").fill("KZ75 125K ZT20 6910 0100")
    await form.get_by_label("Пароль от кабинета", exact=True).fill("не тот пароль")
    await form.get_by_role("button", name="Запросить выплату").click()
    await expect(form.get_by_text("Пароль не подошёл")).to_be_visible()
    await audit(page)
    await form.get_by_label("Пароль от кабинета", exact=True).fill(PASSWORD)
    await form.get_by_role("button", name="Запросить выплату").click()
    await expect(page.get_by_text("счёт новый, ждём до")).to_be_visible()
    await audit(page)


async def test_phone_links_files_and_the_way_out(
    partner_app: str, programme: Programme, browser: Browser
) -> None:
    page = await _tab(browser, phone=True)
    # Signed out, every page leads to the door and back.
    await page.goto(f"{partner_app}/payouts")
    await page.wait_for_url(f"{partner_app}/login?next=%2Fpayouts")
    await audit(page)
    await _sign_in(page, partner_app, programme)
    for path in ("/", "/leads", "/transactions", "/payouts", "/links"):
        await opened_at(page, partner_app + path)
        await audit(page)
    await page.get_by_role("button", name="Новая ссылка").click()
    await page.get_by_label("Где будет ссылка").fill("Блог")
    await page.get_by_role("button", name="Создать").click()
    kit = page.get_by_role("dialog")
    await expect(kit.get_by_role("img", name="QR-код ссылки")).to_be_visible()
    await expect(kit.get_by_text("Толығырақ, қазақша")).to_be_visible()
    await audit(page)
    await kit.get_by_role("button", name="Переименовать").click()
    await expect(page.get_by_label("Где будет ссылка")).to_have_value("Блог")
    await page.get_by_label("Где будет ссылка").fill("Блог о ценах")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(kit.get_by_role("heading", name="Блог о ценах")).to_be_visible()
    await page.keyboard.press("Escape")
    await opened_at(page, f"{partner_app}/transactions")
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Скачать CSV").click()
    assert (await saving.value).suggested_filename.endswith(".csv")
    await _change_password(page, partner_app)
    await page.get_by_role("button", name="Аккаунт").click()
    await page.get_by_role("menuitem", name="Выйти").click()
    await page.wait_for_url(f"{partner_app}/login**")


async def _change_password(page: Page, site: str) -> None:
    """Change the password by the old one, typed wrong at first; this browser stays signed in."""
    await page.get_by_role("button", name="Аккаунт").click()
    await page.get_by_role("menuitem", name="Сменить пароль").click()
    await page.wait_for_url(f"{site}/password")
    await opened(page)
    await page.get_by_label("Новый пароль", exact=True).fill("четыре совсем новых слова")
    await page.get_by_label("Новый пароль ещё раз").fill("четыре совсем новых слова")
    for current, answer in (("не тот пароль", "Пароль не подошёл"), (PASSWORD, "Пароль изменён")):
        await page.get_by_label("Нынешний пароль").fill(current)
        await page.get_by_role("button", name="Изменить пароль").click()
        await expect(page.get_by_text(answer)).to_be_visible()
        await audit(page)
