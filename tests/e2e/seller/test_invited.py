"""Who was invited and has no account yet; what a refused form and a stale tab show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import reflex_base
from accounts_scene import PASSWORD, Postbox
from page_audit import audit
from playwright.async_api import Browser, Page, expect
from records import add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts import staff
from cube_demper.models.operations import OutboxMessage

pytestmark = pytest.mark.e2e


async def _stranger(browser: Browser, url: str) -> Page:
    """Open an address as nobody, on a phone."""
    context = await browser.new_context(viewport={"width": 390, "height": 700}, locale="ru-RU")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    await page.goto(url)
    return page


async def _letter(db: Database, site: str, topic: str) -> str:
    """Deliver the queued letter and return its token."""
    async with db.read() as tx:
        query = select(OutboxMessage).where(col(OutboxMessage.topic) == topic)
        message = (await tx.scalars(query)).one()
    post, now = Postbox(), datetime.now(UTC)
    room = accounts.MailRoom(db, post, site, "support@cube.example.kz")
    if topic == staff.INVITE_TOPIC:
        await accounts.deliver_invitation(room, message.payload, now)
    else:
        await accounts.deliver(room, message.topic, message.payload, now)
    return post.link_token()


async def _sign_in(page: Page, email: str) -> None:
    await page.get_by_label("Почта").fill(email)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#password").press("Enter")


async def test_an_invitation_survives_signing_up(
    db: Database, seller_app: str, browser: Browser
) -> None:
    email = f"{uuid4().hex[:12]}@example.kz"
    async with db.write() as tx:
        owner = await add_user(tx)
        await staff.invite(tx, seller(owner), email, ["prices"], datetime.now(UTC))
    token = await _letter(db, seller_app, staff.INVITE_TOPIC)
    page = await _stranger(browser, f"{seller_app}/staff?token={token}")
    await expect(page.get_by_text("Вас пригласили помогать с магазином")).to_be_visible()
    await page.get_by_role("link", name="Зарегистрироваться").click()
    await page.wait_for_url("**/register?next=**")
    await expect(page.get_by_text("Вас пригласили помогать с магазином")).to_be_visible()
    await page.get_by_label("Принимаю").check()
    await _sign_in(page, email)
    await expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    confirm = await _letter(db, seller_app, "mail.confirm_email")
    await page.goto(f"{seller_app}/confirm?token={confirm}")
    await page.get_by_role("link", name="Войти").click()
    await page.wait_for_url("**/login?next=**")
    await _sign_in(page, email)
    await expect(page.get_by_text("приглашает вас помогать с магазином")).to_be_visible()
    await page.get_by_role("link", name="Открыть приглашение").click()
    await expect(page.get_by_text("Вы сможете менять:")).to_be_visible()
    await audit(page)
    await page.get_by_role("button", name="Принять приглашение").click()
    await page.wait_for_url(f"{seller_app}/")
    await expect(page.get_by_role("link", name="Открыть приглашение")).to_have_count(0)
    async with db.read() as tx:
        (row,) = await staff.list_staff(tx, seller(owner))
    assert row.accepted_at is not None


async def test_a_refused_form_tells_all_and_shows_the_first_wrong_field(
    seller_app: str, browser: Browser
) -> None:
    page = await _stranger(browser, f"{seller_app}/register")
    await page.get_by_role("button", name="Создать учётную запись").click()
    for text in ("похоже, в адресе опечатка", "Пароль короткий", "Без согласия с условиями"):
        await expect(page.get_by_text(text)).to_be_visible()
    await expect(page.get_by_label("Почта")).to_be_focused()
    await expect(page.get_by_label("Почта")).to_be_in_viewport()


def test_reflex_still_puts_up_the_bar_that_we_dress() -> None:
    template = Path(reflex_base.__file__).parent / ".templates" / "web" / "utils" / "state.js"
    assert 'NEW_VERSION_BANNER_ID = "reflex-new-version-banner"' in template.read_text()


async def test_a_tab_of_an_older_version_is_told_in_our_words(db: Database, sign_in: Any) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
    page = await sign_in(user, "/help")
    await expect(page.get_by_role("heading", name="Помощь")).to_be_visible()
    await page.evaluate(
        """() => {  // as state.js of Reflex puts it up
          const bar = document.createElement("div");
          bar.id = "reflex-new-version-banner";
          bar.style.cssText = "background:#1c2024";
          bar.append("A new version of this app is available.");
          const button = document.createElement("button");
          button.textContent = "Reload";
          bar.append(button);
          document.body.append(bar);
        }"""
    )
    bar = page.locator("#reflex-new-version-banner")
    await expect(bar).to_contain_text("Вышла новая версия")
    await expect(bar.get_by_role("button", name="Обновить")).to_be_visible()
    assert "background" not in (await bar.get_attribute("style") or "")
