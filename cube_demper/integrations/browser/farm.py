"""Chromium for a few visits at a time: started for the first, ended after the last, so idle costs nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.async_api import Browser, Page, Playwright, async_playwright
from playwright.async_api import Error as BrowserError
from structlog import get_logger

from cube_demper.core.errors import ConfigurationError, Unreachable

_SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Measured (tests/benchmarks/sign_in.py, no other Chromium on the machine): 403 MB with each page
# counted once, 147 of them not clean pages of files. chromium-headless-shell takes less still, but names
# itself «HeadlessChrome» in Sec-CH-UA to whoever asks, so it is the operator's choice, not the default.
_UNUSED = (
    "site-per-process",
    "Translate",
    "OptimizationHints",
    "MediaRouter",
    # A renderer that draws suggestions under an address bar which nobody sees: 50 MB.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AimEnabled",
)
_FLAGS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    f"--disable-features={','.join(_UNUSED)}",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--blink-settings=imagesEnabled=false",
    "--js-flags=--max-old-space-size=128",
    # Three processes fewer: the zygotes, the one of the graphics, the one of the network.
    "--no-zygote",
    "--in-process-gpu",
    "--enable-features=NetworkServiceInProcess2",
    "--disable-software-rasterizer",
    "--disable-breakpad",
    "--enable-low-end-device-mode",
    # The container or the system user of the worker is the fence; as root Chromium has no other.
    "--no-sandbox",
)
# Playwright's driver passes messages on: it needs neither compiled code nor room to grow between sweeps.
_DRIVER = {
    "NODE_OPTIONS": "--jitless --max-semi-space-size=1 --v8-pool-size=0",
    "UV_THREADPOOL_SIZE": "1",
    "MALLOC_ARENA_MAX": "1",
}
_ACTION_MS, _NAVIGATION_MS = 10_000, 20_000
_log = get_logger()


class ChromiumFarm:
    """Lends pages, each in a context of its own: no cookie of a seller meets another's."""

    def __init__(self, chromium_path: str | None = None, *, width: int = 2) -> None:
        """At most `width` visits at once; the others wait in a queue."""
        self._path = chromium_path
        self._room = asyncio.Semaphore(width)
        self._starting = asyncio.Lock()
        self._visits = 0
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    @asynccontextmanager
    async def visit(
        self, *, proxy_url: str | None = None, cookies: Sequence[dict[str, object]] = ()
    ) -> AsyncIterator[Page]:
        """Lend an empty page that leaves through `proxy_url`. Raises Unreachable without a browser."""
        async with self._room:
            try:
                browser = await self._enter()
                async with self._page(browser, proxy_url, cookies) as page:
                    yield page
            finally:
                await asyncio.shield(self._leave())

    async def close(self) -> None:
        """End Chromium whoever still uses it."""
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser is not None:
            try:
                await browser.close()
            except BrowserError as error:
                _log.warning("browser_not_closed", error=type(error).__name__)
        if playwright is not None:
            await playwright.stop()

    @asynccontextmanager
    async def _page(
        self, browser: Browser, proxy_url: str | None, cookies: Sequence[dict[str, object]]
    ) -> AsyncIterator[Page]:
        major = browser.version.split(".")[0]
        context = await browser.new_context(
            proxy=_proxy(proxy_url),
            locale="ru-RU",
            timezone_id="Asia/Almaty",
            service_workers="block",
            accept_downloads=False,
            user_agent=(
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                f"Chrome/{major}.0.0.0 Safari/537.36"
            ),
        )
        try:
            context.set_default_timeout(_ACTION_MS)
            context.set_default_navigation_timeout(_NAVIGATION_MS)
            if cookies:
                await context.add_cookies(list(cookies))  # type: ignore[arg-type]
            yield await context.new_page()
        finally:
            await context.close()

    async def _enter(self) -> Browser:
        async with self._starting:
            self._visits += 1
            if self._browser is None or not self._browser.is_connected():
                await self.close()
                self._playwright = await _start_driver()
                self._browser = await self._launch(self._playwright)
            return self._browser

    async def _launch(self, playwright: Playwright) -> Browser:
        path = find_chromium(playwright, self._path)
        try:
            return await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        except BrowserError as error:
            _log.warning("browser_not_started", path=path)
            raise Unreachable("Браузер для входа в Kaspi не запустился") from error

    async def _leave(self) -> None:
        async with self._starting:
            self._visits -= 1
            if self._visits == 0:
                await self.close()


async def _start_driver() -> Playwright:
    """Start Playwright's driver, which takes its environment from ours and from nowhere else."""
    before = {name: os.environ.get(name) for name in _DRIVER}
    os.environ.update(_DRIVER)
    try:
        return await async_playwright().start()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def find_chromium(playwright: Playwright, given: str | None) -> str:
    """Return CHROMIUM_PATH, else Playwright's own, else the system's. Raises ConfigurationError."""
    own = playwright.chromium.executable_path
    if given or Path(own).exists():
        return given or own
    system = (shutil.which(name) for name in _SYSTEM_NAMES)
    found = next((path for path in system if path), None)
    if found is None:
        raise ConfigurationError("CHROMIUM_PATH: браузера нет, поставьте chromium")
    return found


def _proxy(url: str | None) -> Any:
    if url is None:
        return None
    parts = urlsplit(url)
    # Without `<-loopback>` Chromium goes to a local address past the proxy.
    proxy = {"server": f"http://{parts.hostname}:{parts.port}", "bypass": "<-loopback>"}
    if parts.username:
        proxy |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return proxy
