"""Signing up, in and out, recovery, and what a blocked or foreign visitor gets, in a browser."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from accounts_scene import PASSWORD, Postbox
from page_audit import audit
from playwright.async_api import Browser, Page, expect
from playwright.async_api import TimeoutError as SlowError
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Role
from cube_demper.models.accounts import User
from cube_demper.models.operations import OutboxMessage

pytestmark = pytest.mark.e2e

# Which event comes first, the click or the live one, decides where one would come back to.
_TO_SIGN_IN = re.compile(r"/login\?next=%2F(products|bot)$")
NEW_PASSWORD = "совсем другой пароль"


async def _add(db: Database) -> User:
    """Make a seller with an e-mail that no limit knows yet."""
    async with db.write() as tx:
        user_id = await accounts.create_user(
            tx,
            SYSTEM,
            email=f"{uuid4().hex[:12]}@example.kz",
            password=PASSWORD,
            role=Role.USER,
            now=datetime.now(UTC),
        )
        return await tx.get_one(User, user_id)


async def _open(browser: Browser, url: str, *, phone: bool = False, dark: bool = False) -> Page:
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    context = await browser.new_context(
        viewport=size, locale="ru-RU", color_scheme="dark" if dark else "light"
    )
    page = await context.new_page()
    page.set_default_timeout(20_000)
    await page.goto(url)
    return page


async def _letter_link(db: Database, site: str, topic: str) -> str:
    """Deliver the queued letter and return the link in it."""
    async with db.read() as tx:
        query = select(OutboxMessage).where(col(OutboxMessage.topic) == topic)
        message = (await tx.scalars(query)).one()
    post = Postbox()
    room = accounts.MailRoom(db, post, site, "support@cube.example.kz")
    await accounts.deliver(room, message.topic, message.payload, datetime.now(UTC))
    path = {"mail.confirm_email": "confirm", "mail.reset_password": "reset"}[topic]
    return f"{site}/{path}?token={post.link_token()}"


async def _fill(page: Page, email: str, password: str) -> None:
    """Fill the form in and press Enter in the last field."""
    await page.get_by_label("Почта").fill(email)
    await page.locator("#password").fill(password)
    await page.locator("#password").press("Enter")


async def test_from_the_front_page_to_the_goods(
    db: Database, seller_app: str, browser: Browser
) -> None:
    email = f"{uuid4().hex[:12]}@example.kz"
    page = await _open(browser, seller_app)
    await page.get_by_role("link", name="Попробовать 14 дней").click()
    await page.get_by_label("Почта").fill(email)
    await page.locator("#password").fill(PASSWORD)
    await page.get_by_role("button", name="Создать учётную запись").click()
    await expect(page.get_by_text("Без согласия с условиями")).to_be_visible()
    await page.get_by_label("Принимаю").check()
    await page.get_by_role("button", name="Создать учётную запись").click()
    # The app of the tests has no mail server, and says so.
    await expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    await expect(page.get_by_text("Письма сейчас не отправляются")).to_be_visible()
    await page.goto(await _letter_link(db, seller_app, "mail.confirm_email"))
    await expect(page.get_by_role("heading", name="Почта подтверждена")).to_be_visible()
    await page.goto(f"{seller_app}/login?next=/products")
    await _fill(page, email, PASSWORD)
    await page.wait_for_url(f"{seller_app}/products")
    (cookie,) = [one for one in await page.context.cookies() if one["name"] == "cube_seller"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


async def test_a_wrong_password_is_said_at_the_field(
    db: Database, seller_app: str, browser: Browser
) -> None:
    user = await _add(db)
    page = await _open(browser, f"{seller_app}/login")
    await _fill(page, user.email, "не тот пароль")
    await expect(page.get_by_text("Неверная почта или пароль.")).to_be_visible()
    await expect(page.get_by_label("Почта")).to_have_value(user.email)
    await page.get_by_role("button", name="Показать пароль").click()
    await expect(page.locator("#password")).to_have_attribute("type", "text")
    await _fill(page, user.email, PASSWORD)
    await page.wait_for_url(f"{seller_app}/products")


async def test_a_new_password_by_letter_ends_the_open_tab(
    db: Database, seller_app: str, browser: Browser, sign_in: Any
) -> None:
    user = await _add(db)
    old_tab = await sign_in(user, "/products")
    page = await _open(browser, f"{seller_app}/reset")
    await page.get_by_label("Почта").fill(user.email)
    await page.get_by_label("Почта").press("Enter")
    await expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    link = await _letter_link(db, seller_app, "mail.reset_password")
    await page.goto(link)
    await page.locator("#password").fill(NEW_PASSWORD)
    await page.locator("#password").press("Enter")
    await expect(page.get_by_role("heading", name="Пароль изменён")).to_be_visible()
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Ссылка не действует")).to_be_visible()
    await old_tab.get_by_role("link", name="Бот", exact=True).first.click()
    await old_tab.wait_for_url(_TO_SIGN_IN)
    await _fill(old_tab, user.email, NEW_PASSWORD)
    await old_tab.wait_for_url(re.compile(r"/(products|bot)$"))


async def test_a_blocked_seller_stops_at_the_next_event(db: Database, sign_in: Any) -> None:
    user = await _add(db)
    page = await sign_in(user, "/products")
    await expect(page.get_by_role("link", name="Бот", exact=True).first).to_be_visible()
    async with db.write() as tx:
        await accounts.set_blocked(
            tx, SYSTEM, UUID(str(user.id)), is_blocked=True, now=datetime.now(UTC)
        )
    with suppress(SlowError):  # an event of the page itself may have led away before the click
        await page.get_by_role("link", name="Бот", exact=True).first.click(timeout=3_000)
    await page.wait_for_url(_TO_SIGN_IN)


async def test_after_sign_out_the_front_page_and_nothing_behind_it(
    db: Database, seller_app: str, sign_in: Any
) -> None:
    page = await sign_in(await _add(db), "/products")
    answer = await page.evaluate("fetch('/api/session', {method: 'DELETE'}).then((a) => a.status)")
    assert answer == 204
    await page.goto(seller_app)
    await expect(page.get_by_role("link", name="Попробовать 14 дней")).to_be_visible()
    await page.goto(f"{seller_app}/products")
    await page.wait_for_url("**/login?next=%2Fproducts")


async def test_the_sign_on_a_door_leads_to_the_front_page(
    seller_app: str, browser: Browser
) -> None:
    page = await _open(browser, f"{seller_app}/login")
    await expect(page.get_by_label("Почта")).to_be_visible()
    await page.get_by_role("link", name="Cube Demper").click()
    await expect(page.get_by_role("link", name="Попробовать 14 дней")).to_be_visible()


async def test_sockets_of_foreign_pages_are_refused(seller_app: str) -> None:
    assert await _handshake(seller_app, "https://evil.kz") == 403
    assert await _handshake(seller_app, seller_app) == 101


async def _handshake(site: str, origin: str) -> int:
    port = urlsplit(site).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        (
            "GET /_event/?EIO=4&transport=websocket&token=t HTTP/1.1\r\n"
            f"Host: localhost:{port}\r\nOrigin: {origin}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
    )
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/offer", "/login", "/register", "/reset", "/confirm"])
async def test_signed_out_pages_on_a_phone(
    seller_app: str, browser: Browser, path: str, dark: bool
) -> None:
    page = await _open(browser, seller_app + path, phone=True, dark=dark)
    await expect(page.get_by_role("heading", level=1)).not_to_have_text("")
    await audit(page)
