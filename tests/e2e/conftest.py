"""A built app on the database of the tests, and a real browser in front of it.

The app is built once per state of its sources, served as in production, and stopped at the end.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from page_audit import opened
from playwright.async_api import (
    Browser,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from cube_demper.core.clock import SystemClock
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports, is_free
from cube_demper.integrations.browser.installed import light_browser
from cube_demper.models.accounts import User, UserSession
from cube_demper.sandbox.tiptoppay.world import API_SECRET, PUBLIC_ID
from cube_demper.up.apps import find_app
from cube_demper.up.build import build_app, serve_program
from cube_demper.up.child import Child

ROOT = Path(__file__).resolve().parents[2]
_PORT_BASE = 3900
"""The address is part of a build, so the same port each time saves building."""
_DESK: ViewportSize = {"width": 1440, "height": 900}
_PHONE: ViewportSize = {"width": 390, "height": 844}
_PATIENCE = 60_000
"""Milliseconds: four lanes of tests share a slow machine's two cores."""
_OPERATOR = {
    "BILLING_COMPANY": "ТОО «Куб»",
    "BILLING_BIN": "123456789013",
    "BILLING_ADDRESS": "Алматы",
    "BILLING_IBAN": "KZ86125KZT5004100100",
    "BILLING_BANK": "Банк",
    "BILLING_BIK": "CASPKZKA",
    "BILLING_KASPI_PHONE": "+7 700 000 00 00",
}
"""Our own requisites: without them no invoice is issued and no transfer is asked for."""
_ADDRESSES = {
    CubeApp.SELLER: "PUBLIC_URL",
    CubeApp.ADMIN: "ADMIN_URL",
    CubeApp.SUPPORT: "SUPPORT_URL",
    CubeApp.PARTNER: "PARTNER_URL",
}
_ERRORS = ("Traceback (most recent call last)", "event_failed")
_LIGHT = ("--no-sandbox", "--disable-gpu", "--renderer-process-limit=1")
"""One process draws all tabs of a profile."""

SignIn = Callable[..., Awaitable[Page]]
OpenApp = Callable[[CubeApp], Awaitable[str]]


@pytest.fixture(scope="session")
async def seller_app(
    services: Services, database_url: str, own_folder: str, port_base: int, card_port: int
) -> AsyncIterator[str]:
    """Address of the seller's app."""
    till = {"TIPTOPPAY_URL": f"http://127.0.0.1:{card_port}"}
    async with _served(
        CubeApp.SELLER, services, database_url, own_folder, port_base, **till
    ) as url:
        yield url


@pytest.fixture(scope="session")
async def open_app(
    seller_app: str, services: Services, database_url: str, own_folder: str, port_base: int
) -> AsyncIterator[OpenApp]:
    """Return a function that gives the address of any app: built and served only where a test asks for it."""
    opened_apps = {CubeApp.SELLER: seller_app}
    async with AsyncExitStack() as served:

        async def address_of(name: CubeApp) -> str:
            if name not in opened_apps:
                folder = f"{own_folder}-{name}"
                app = _served(name, services, database_url, folder, port_base)
                opened_apps[name] = await served.enter_async_context(app)
            return opened_apps[name]

        yield address_of
    if own_folder != "e2e":
        for name in opened_apps:
            shutil.rmtree(ROOT / ".web" / f"{own_folder}-{name}", ignore_errors=True)


@pytest.fixture
async def partner_app(open_app: OpenApp) -> str:
    """Address of the partners' app."""
    return await open_app(CubeApp.PARTNER)


@pytest.fixture
async def admin_app(open_app: OpenApp) -> str:
    """Address of the admins' app."""
    return await open_app(CubeApp.ADMIN)


@asynccontextmanager
async def _served(
    name: CubeApp,
    services: Services,
    database_url: str,
    own_folder: str,
    base: int,
    **settings: str,
) -> AsyncIterator[str]:
    """Build an app unless it is built, and serve it; an error in its log fails."""
    app = find_app(name)
    port = base + list(CubeApp).index(name)
    url = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": services.redis_url,
        "CUBE_PORT_BASE": str(base),
        **{
            variable: f"http://localhost:{base + list(CubeApp).index(app_name)}"
            for app_name, variable in _ADDRESSES.items()
        },
        # Pages ask only whether WhatsApp is on; its webhooks are signed with this key.
        "WAHA_URL": "http://127.0.0.1:9",
        "WAHA_PASSWORD": "e2e",
        "WAHA_HMAC_KEY": "a webhook key",
        **_OPERATOR,
        "TIPTOPPAY_PUBLIC_ID": PUBLIC_ID,
        "TIPTOPPAY_API_SECRET": API_SECRET,
        "REFLEX_WEB_WORKDIR": f".web/{own_folder}",
        "REFLEX_STATES_WORKDIR": f".states/{own_folder}",
        **settings,
    }
    logs = Path(tempfile.mkdtemp(prefix="cube-e2e-"))
    await build_app(app, ROOT, environment, url=url, log_dir=logs)
    served = Child(serve_program(app, environment, host="127.0.0.1", port=port), logs)
    await served.start()
    try:
        await served.wait_until_ready(90)
        yield url
    finally:
        await served.stop(hurry=asyncio.Event())
    written = served.log_path.read_text(errors="replace")
    shutil.rmtree(logs)
    assert not any(sign in written for sign in _ERRORS), written[-4000:]


@pytest.fixture(scope="session")
def card_port() -> int:
    """Where the app looks for TipTopPay: a test that pays by card puts the sandbox's terminal there."""
    return free_ports(1)[0]


@pytest.fixture(scope="session")
def own_folder() -> Iterator[str]:
    """Name of the build's folder: the usual one, or our own while another test session holds that."""
    (ROOT / ".web").mkdir(exist_ok=True)
    with (ROOT / ".web" / "e2e.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            name = f"e2e-{os.getpid()}"
            yield name
            shutil.rmtree(ROOT / ".web" / name, ignore_errors=True)
        else:
            yield "e2e"


@pytest.fixture(scope="session")
def port_base() -> Iterator[int]:
    """The usual base, or the next one while another session has it; held from before the build to the end.

    Looking whether ports are free does not do: two servers may listen on one and share the visitors.
    """
    for base in range(_PORT_BASE, _PORT_BASE + 100, 10):
        with (Path(tempfile.gettempdir()) / f"cube-e2e-{base}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            if all(is_free(base + number) for number in range(len(CubeApp))):
                yield base
                return
    pytest.fail(f"no ports are free from {_PORT_BASE} on")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests."""
    expect.set_options(timeout=_PATIENCE)
    async with async_playwright() as playwright:
        own = playwright.chromium.executable_path
        path = light_browser(os.environ.get("CHROMIUM_PATH"), own)
        running = await playwright.chromium.launch(executable_path=path, args=_LIGHT)
        yield running
        await running.close()


@dataclass
class Profiles:
    """Profiles of visitors that tests lend: what one has fetched and compiled, the next need not.

    A test that signs in twice gets two, so that neither has the other's cookie. A tab that stays open
    in each keeps its process, and with it the compiled scripts: half of what opening a page costs.
    """

    browser: Browser
    _keepers: list[Page] = field(default_factory=list)

    async def open_tab(self, number: int, url: str) -> Page:
        """Open a tab of a profile that remembers nothing of the tests before."""
        if number == len(self._keepers):
            context = await self.browser.new_context(locale="ru-RU")
            self._keepers.append(await context.new_page())
            await self._keepers[number].goto(f"{url}/ping")
        page = await self._keepers[number].context.new_page()
        console = await page.context.new_cdp_session(page)
        stored = {"origin": url, "storageTypes": "cookies,local_storage"}
        await console.send("Storage.clearDataForOrigin", stored)
        await console.detach()
        return page

    async def close_tabs(self) -> None:
        for keeper in self._keepers:
            await keeper.context.set_offline(False)
            for page in keeper.context.pages:
                if page is not keeper:
                    await page.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    """The profiles of this session."""
    return Profiles(browser)


@pytest.fixture
async def sign_in(open_app: OpenApp, profiles: Profiles, db: Database) -> AsyncIterator[SignIn]:
    """Return a function that opens an address as a user: `await sign_in(user, "/bot", phone=True)`.

    With `app=CubeApp.ADMIN` it is an address of that app.
    It has opened when this returns: what was asked of the server meanwhile has been answered.
    An error on the page, or one that it writes to the console, fails the test.
    """
    numbers = count()
    errors: list[str] = []

    async def open_page(
        user: User, path: str, *, phone: bool = False, app: CubeApp = CubeApp.SELLER
    ) -> Page:
        url = await open_app(app)
        token = new_token()
        async with db.write() as tx:
            tx.add(
                UserSession(
                    token_hash=token_hash(token),
                    app=app,
                    user_id=user.id,
                    expires_at=SystemClock().now() + timedelta(hours=1),
                )
            )
        page = await profiles.open_tab(next(numbers), url)
        await page.set_viewport_size(_PHONE if phone else _DESK)
        await page.context.add_cookies([{"name": f"cube_{app}", "value": token, "url": url}])
        page.set_default_timeout(_PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(url + path)
        return await opened(page)

    yield open_page
    await profiles.close_tabs()
    assert not errors
