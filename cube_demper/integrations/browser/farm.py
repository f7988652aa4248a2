"""Chromium for a few visits at a time: started for the first, ended after the last, so idle costs nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.async_api import Browser, Page, Playwright, ViewportSize, async_playwright
from playwright.async_api import Error as BrowserError
from structlog import get_logger

from cube_demper.core.errors import ConfigurationError, Unreachable
from cube_demper.integrations.browser.installed import light_browser
from cube_demper.integrations.kaspi.headers import LANGUAGES, NOT_A_BRAND, chromium_agent

# Measured (tests/benchmarks/sign_in.py, no other Chromium on the machine): 272 MB with each page counted
# once, 98 of them not clean pages of files (chromium-headless-shell); 402 and 146 with the whole browser.
# A later flag replaces an earlier one whole, so Playwright's own lists stand in ours.
_PLAYWRIGHT_DISABLES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
_UNUSED = (
    "site-per-process",
    "Translate",
    # A renderer that draws suggestions under an address bar which nobody sees: 50 MB.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
_PLAYWRIGHT_ENABLES = ("CDPScreenshotNewSurface", "SkipListAccountsWithoutGaiaCookies")
_FLAGS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    f"--disable-features={','.join((*_PLAYWRIGHT_DISABLES, *_UNUSED))}",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--blink-settings=imagesEnabled=false",
    "--js-flags=--max-old-space-size=128",
    # Three processes fewer: the zygotes, the one of the graphics, the one of the network.
    "--no-zygote",
    "--in-process-gpu",
    f"--enable-features={','.join((*_PLAYWRIGHT_ENABLES, 'NetworkServiceInProcess2'))}",
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
# A window on the commonest screen of a desk: less its panel, tabs and address bar.
_SCREEN: ViewportSize = {"width": 1920, "height": 1080}
_WINDOW: ViewportSize = {"width": 1920, "height": 945}
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
        name = _name(browser.version)
        context = await browser.new_context(
            proxy=_proxy(proxy_url),
            locale=LANGUAGES.split(",", maxsplit=1)[0],
            timezone_id="Asia/Almaty",
            viewport=_WINDOW,
            screen=_SCREEN,
            service_workers="block",
            accept_downloads=False,
            user_agent=name["userAgent"],
        )
        try:
            context.set_default_timeout(_ACTION_MS)
            context.set_default_navigation_timeout(_NAVIGATION_MS)
            if cookies:
                await context.add_cookies(list(cookies))  # type: ignore[arg-type]
            page = await context.new_page()
            tools = await context.new_cdp_session(page)
            await tools.send("Emulation.setUserAgentOverride", name)
            yield page
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
        path = light_browser(self._path, playwright.chromium.executable_path)
        if path is None:
            raise ConfigurationError("CHROMIUM_PATH: браузера нет, поставьте chromium")
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


def _name(version: str) -> dict[str, Any]:
    """Say which browser of `version` this is, in the header and in the hints alike, whichever build it is.

    The shape is that of Chromium's Emulation.setUserAgentOverride.
    """
    major = version.split(".", maxsplit=1)[0]
    filler, filler_version = NOT_A_BRAND
    brands = ((filler, filler_version, f"{filler_version}.0.0.0"), ("Chromium", major, version))
    return {
        "userAgent": chromium_agent(major),
        "acceptLanguage": LANGUAGES,
        "userAgentMetadata": {
            "brands": [{"brand": brand, "version": short} for brand, short, _ in brands],
            "fullVersionList": [{"brand": brand, "version": full} for brand, _, full in brands],
            "platform": "Linux",
            "platformVersion": "",
            "architecture": "x86",
            "bitness": "64",
            "model": "",
            "mobile": False,
        },
    }


def _proxy(url: str | None) -> Any:
    if url is None:
        return None
    parts = urlsplit(url)
    # Without `<-loopback>` Chromium goes to a local address past the proxy.
    proxy = {"server": f"http://{parts.hostname}:{parts.port}", "bypass": "<-loopback>"}
    if parts.username:
        proxy |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return proxy
