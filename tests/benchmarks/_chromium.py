"""Pages as a person sees them: a Chromium, a page signed in, the time from a click to what it shows."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, async_playwright

_LIGHT = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
# Clicks what has these words; milliseconds until a frame with other words elsewhere is drawn.
CLICK = """
async ([button, named, place, words]) => {
  const has = (selector, words) =>
    [...document.querySelectorAll(selector)].find((it) => it.innerText.includes(words));
  const began = performance.now();
  has(button, named).click();
  while (!has(place, words)) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}
"""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a browser while the block runs."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_LIGHT)
        yield browser
        await browser.close()


async def open_page(browser: Browser, url: str, app: str, cookie: str) -> tuple[Page, str]:
    """Open an address signed in; return the page and the first message of its socket."""
    context = await browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 800})
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))  # the cookie is of all paths
    await context.add_cookies([{"name": f"cube_{app}", "value": cookie, "url": origin}])
    page = await context.new_page()
    boot: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def sent(frame: str | bytes) -> None:
        if isinstance(frame, str) and frame.startswith("40/_event,") and not boot.done():
            boot.set_result(frame)

    page.on("websocket", lambda socket: socket.on("framesent", sent))
    await page.goto(url)
    return page, await boot
