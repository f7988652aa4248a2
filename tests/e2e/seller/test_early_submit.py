"""A form that a person submits before its page stands: on a slow line, or with a slow processor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from accounts_scene import PASSWORD
from playwright.async_api import Browser, Page, Route, WebSocketRoute, expect

from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Role

pytestmark = pytest.mark.e2e

_WRONG = "Неверная почта или пароль."


@pytest.fixture
async def email(db: Database) -> str:
    """A seller's e-mail that no limit knows yet."""
    name = f"{uuid4().hex[:12]}@example.kz"
    async with db.write() as tx:
        await accounts.create_user(
            tx, SYSTEM, email=name, password=PASSWORD, role=Role.USER, now=datetime.now(UTC)
        )
    return name


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A tab of nobody."""
    context = await browser.new_context(locale="ru-RU")
    opened = await context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    await context.close()


async def _submit(page: Page, email: str, password: str) -> None:
    await page.locator("#email").fill(email)
    await page.locator("#password").fill(password)
    await page.locator("#password").press("Enter")


def _frames_of(page: Page) -> list[str]:
    """Return the list that everything the page sends will be in."""
    sent: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))),
    )
    return sent


async def test_before_the_scripts_have_come(page: Page, seller_app: str, email: str) -> None:
    may_come = asyncio.Event()

    async def later(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/assets/*.js", later)
    await page.goto(f"{seller_app}/login?next=/products", wait_until="commit")
    await _submit(page, email, PASSWORD)
    await expect(page.locator("form.k-form")).to_have_attribute("aria-busy", "true")
    # By itself the browser would have sent the password in the address.
    assert urlsplit(page.url).query == "next=/products"
    may_come.set()
    await page.wait_for_url(f"{seller_app}/products")


async def test_before_the_socket_stands(page: Page, seller_app: str, email: str) -> None:
    may_connect, is_asked = asyncio.Event(), asyncio.Event()

    async def later(socket: WebSocketRoute) -> None:
        is_asked.set()
        await may_connect.wait()
        socket.connect_to_server()

    await page.route_web_socket("**/_event/**", later)
    await page.goto(f"{seller_app}/login")
    await is_asked.wait()
    await _submit(page, email, "не тот пароль")
    await expect(page.locator("form.k-form")).to_have_attribute("aria-busy", "true")
    may_connect.set()
    # The answer stays: `on_load` ran before the form was sent, and wipes nothing.
    await expect(page.get_by_text(_WRONG)).to_be_visible()
    await expect(page.locator("form.k-form")).not_to_have_attribute("aria-busy", "true")
    await expect(page.locator("#email")).to_have_value(email)


async def test_on_a_slow_processor_it_is_sent_once(page: Page, seller_app: str, email: str) -> None:
    sent = _frames_of(page)
    console = await page.context.new_cdp_session(page)
    await console.send("Emulation.setCPUThrottlingRate", {"rate": 12})
    await page.goto(f"{seller_app}/login", wait_until="commit")
    await _submit(page, email, "не тот пароль")
    await expect(page.get_by_text(_WRONG)).to_be_visible()
    assert not urlsplit(page.url).query
    assert sum("login_state.submit" in frame for frame in sent) == 1


async def test_a_double_click_is_one_press(page: Page, seller_app: str, email: str) -> None:
    sent = _frames_of(page)
    await page.goto(f"{seller_app}/login")
    await page.locator("#email").fill(email)
    await page.locator("#password").fill("не тот пароль")
    await page.get_by_role("button", name="Войти").dblclick()
    await expect(page.get_by_text(_WRONG)).to_be_visible()
    assert sum("login_state.submit" in frame for frame in sent) == 1
